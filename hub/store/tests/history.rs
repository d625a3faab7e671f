//! History as callers read it.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use common::*;

fn values(points: &[Point]) -> Vec<f64> {
    points.iter().filter_map(|point| point.value.as_number()).collect()
}

#[tokio::test]
async fn what_was_just_journaled_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let slow = Options { flush: Duration::from_secs(3600), ..Options::default() };
    let store = Store::open(folder.path(), slow).unwrap().store;
    let lamp = device("lamp", 2);
    store.journal(vec![reading(&lamp, 0, 1.0, 1), reading(&lamp, 0, 2.0, 2), reading(&lamp, 1, 9.0, 2)]);
    assert_eq!(values(&store.history(query(&lamp, 0, 100)).await.unwrap()), [1.0, 2.0]);
    assert_eq!(values(&store.history(query(&lamp, 1, 100)).await.unwrap()), [9.0]);
    assert_eq!(store.history(query(&lamp, 1, 0)).await.unwrap(), []);
    assert_eq!(store.history(query(&device("other", 1), 0, 9)).await.unwrap(), []);
}

#[tokio::test]
async fn two_values_of_the_same_microsecond_are_both_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    store.journal((0..500).map(|number| reading(&lamp, 0, f64::from(number), 1)).collect());
    store.flush().await.unwrap();
    store.journal(vec![reading(&lamp, 0, 1000.0, 0), reading(&lamp, 0, 1001.0, 1)]);
    let expected: Vec<f64> = std::iter::once(1000.0).chain((0..500).map(f64::from)).chain([1001.0]).collect();
    assert_eq!(values(&store.history(query(&lamp, 0, 1000)).await.unwrap()), expected);
}

#[tokio::test]
async fn a_query_begins_with_what_held_then() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    store.journal((0..10).map(|number| reading(&lamp, 0, f64::from(number), i64::from(number) * 10)).collect());
    let middle = HistoryQuery { from: at(35), to: at(60), ..query(&lamp, 0, 10) };
    let points = store.history(middle.clone()).await.unwrap();
    assert_eq!(values(&points), [3.0, 4.0, 5.0]);
    assert_eq!(points[0].at, at(35));
    let on_the_dot = store.history(HistoryQuery { from: at(40), ..middle.clone() }).await.unwrap();
    assert_eq!(values(&on_the_dot), [4.0, 5.0]);
    assert_eq!(store.history(HistoryQuery { from: at(60), to: at(35), ..middle }).await.unwrap(), []);
}

#[tokio::test]
async fn history_outlives_the_device() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    store.journal(vec![reading(&lamp, 0, 1.0, 1)]);
    store.commit(vec![Change::RemoveDevice(lamp.id, at(2))]).await.unwrap();
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    store.journal(vec![reading(&lamp, 0, 2.0, 3)]);
    assert_eq!(values(&store.history(query(&lamp, 0, 10)).await.unwrap()), [1.0, 2.0]);
}

#[tokio::test]
async fn the_log_tells_what_happened_and_who_began_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let (lamp, button) = (DeviceId::named("lamp"), DeviceId::named("button"));
    let (id, key, outcome) = (CommandId::named("c"), Some(CommandKey("k".into())), Outcome::TimedOut);
    let rule =
        Cause::root(Actor::Hub).then(Actor::Rule(RuleId("night".into())), Source::Command(CommandId::named("b")));
    let occurrence: Occurrence = capability::occurrences().next().unwrap().into();
    let notice = Notice::to_all(Severity::Info, "Hi", "there");
    let endpoint = EndpointId::first();
    store.journal(vec![
        Entry::Reachable { device: lamp, reachable: false, at: at(1) },
        Entry::Occurred {
            device: button,
            endpoint: endpoint.clone(),
            occurrence: occurrence.clone(),
            at: at(2),
            cause: None,
        },
        Entry::Command {
            id,
            key: key.clone(),
            device: lamp,
            text: "on".into(),
            cause: rule.clone(),
            at: at(3),
            outcome,
        },
        Entry::Notice { notice: notice.clone(), at: at(3) },
    ]);
    let everything = LogQuery { device: None, from: at(0), to: at(10), lines: 10 };
    let just_after = at(3) + jiff::SignedDuration::from_micros(1);
    let command = Logged::Command { id, key, text: "on".into(), outcome };
    let expected = [
        LogLine { at: just_after, device: None, what: Logged::Notice(notice), cause: None },
        LogLine { at: at(3), device: Some(lamp), what: command, cause: Some(rule) },
        LogLine { at: at(2), device: Some(button), what: Logged::Occurred { endpoint, occurrence }, cause: None },
        LogLine { at: at(1), device: Some(lamp), what: Logged::Reachable(false), cause: None },
    ];
    assert_eq!(store.log(everything.clone()).await.unwrap(), expected);
    let of_lamp = LogQuery { device: Some(lamp), lines: 1, ..everything };
    assert_eq!(store.log(of_lamp).await.unwrap(), expected[1..2]);
}
