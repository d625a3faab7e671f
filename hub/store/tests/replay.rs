//! The past, gone through again in the order of time.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use common::*;
use std::sync::Arc;

fn query_of(paths: Vec<Path>, devices: Vec<DeviceId>, from: i64, to: i64) -> ReplayQuery {
    ReplayQuery { paths, devices, runs: Vec::new(), signals: false, from: at(from), to: at(to) }
}

async fn all(mut replay: Replay) -> Vec<Recorded> {
    let mut rows = Vec::new();
    while let Some(batch) = replay.next().await {
        rows.extend(batch.unwrap());
    }
    rows
}

fn numbers(rows: &[Recorded]) -> Vec<(u32, f64)> {
    let number = |row: &Recorded| match &row.what {
        RecordedWhat::Value { path, value } => Some((*path, value.as_number()?)),
        _ => None,
    };
    rows.iter().filter_map(number).collect()
}

#[tokio::test]
async fn many_properties_come_in_the_order_of_time_with_what_held_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let (lamp, other) = (device("lamp", 2), device("other", 1));
    store.journal(vec![
        reading(&lamp, 0, 1.0, 5),
        reading(&lamp, 1, 2.0, 40),
        reading(&lamp, 0, 3.0, 30),
        reading(&other, 0, 99.0, 35),
        reading(&lamp, 0, 4.0, 50),
        reading(&lamp, 1, 5.0, 60),
    ]);
    let wanted = vec![path(&lamp, 1), path(&lamp, 0), path(&device("silent", 1), 0)];
    let replay = store.replay(query_of(wanted, Vec::new(), 10, 60)).await.unwrap();
    let before = [None, Some((at(5), Value::Number(1.0))), None];
    assert_eq!(replay.beginning.values, before);
    assert_eq!(numbers(&all(replay).await), [(1, 3.0), (0, 2.0), (1, 4.0)]);
}

#[tokio::test]
async fn occurrences_and_absences_stand_between_the_values_and_tell_how_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let (lamp, button) = (device("lamp", 1), DeviceId::named("button"));
    let occurrence: Occurrence = capability::occurrences().next().unwrap().into();
    let rule = Cause::root(Actor::Rule(RuleId("night".into())));
    let pressed = |second, cause| Entry::Occurred {
        device: button,
        endpoint: EndpointId::first(),
        occurrence: occurrence.clone(),
        at: at(second),
        cause,
    };
    let caused = |second| match reading(&lamp, 0, 7.0, second) {
        Entry::Reading { path, reading, keep, .. } => Entry::Reading { path, reading, keep, cause: Some(rule.clone()) },
        other => other,
    };
    let notice = Notice::to_all(Severity::Info, "Hi", "there");
    store.journal(vec![
        pressed(1, None),
        Entry::Reachable { device: lamp.id, reachable: true, at: at(12) },
        caused(13),
        Entry::Notice { notice, at: at(13) },
        pressed(14, Some(rule.clone())),
        Entry::Reachable { device: button, reachable: false, at: at(15) },
        Entry::Reachable { device: lamp.id, reachable: false, at: at(16) },
    ]);
    let replay = store.replay(query_of(vec![path(&lamp, 0)], vec![lamp.id, button], 10, 20)).await.unwrap();
    assert_eq!(replay.beginning.reachable, [(lamp.id, false), (button, true)]);
    let rows = all(replay).await;
    let seconds: Vec<_> = rows.iter().map(|row| row.at.duration_since(at(0)).as_secs()).collect();
    assert_eq!(seconds, [12, 13, 14, 15, 16]);
    assert_eq!(rows[1].cause.as_deref(), Some(&rule));
    assert_eq!(rows[2].cause.as_deref(), Some(&rule));
    let only_button = store.replay(query_of(Vec::new(), vec![button], 10, 20)).await.unwrap();
    assert_eq!(all(only_button).await.len(), 2);
}

#[tokio::test]
async fn runs_of_what_is_asked_for_stand_where_they_began() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    let (night, other) = (RunOf::Scene(SceneId::named("night")), RunOf::Rule(RuleId("other".into())));
    let run = |of: &RunOf, name: &str, second| {
        let cause = Cause::root(Actor::Rule(RuleId("evening".into())));
        RunRecord::new(RunId::named(name), of.clone(), name.into(), at(second), cause)
    };
    let nothing = RunRecord { end: Some(RunEnd::Skipped(SkipReason::Condition)), ..run(&night, "skipped", 14) };
    let runs = [run(&night, "early", 9), run(&other, "of the other", 12), run(&night, "night", 13), nothing];
    store.journal(runs.into_iter().map(|run| Entry::Run(Arc::new(run))).collect());
    store.journal(vec![reading(&lamp, 0, 1.0, 11), reading(&lamp, 0, 2.0, 15)]);
    let query = ReplayQuery { runs: vec![night], ..query_of(vec![path(&lamp, 0)], Vec::new(), 10, 20) };
    let rows = all(store.replay(query).await.unwrap()).await;
    let names = |row: &Recorded| if let RecordedWhat::Run(run) = &row.what { run.name.clone() } else { "-".into() };
    assert_eq!(rows.iter().map(names).collect::<Vec<_>>(), ["-", "night", "-"]);
    assert!(matches!(&rows[1].cause.as_deref().unwrap().actor, Actor::Rule(rule) if rule.0 == "evening"));
}

#[tokio::test]
async fn what_was_said_to_the_rules_comes_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    let (signal, cause) = (Signal::Answer("open-it".into()), Cause::root(Actor::Voice(None)));
    store.journal(vec![
        Entry::Reachable { device: lamp.id, reachable: true, at: at(11) },
        Entry::Told { signal: signal.clone(), at: at(12), cause: cause.clone() },
        Entry::Told { signal: Signal::Started, at: at(20), cause: Cause::root(Actor::Hub) },
    ]);
    let devices = query_of(Vec::new(), vec![lamp.id], 10, 20);
    assert_eq!(all(store.replay(devices.clone()).await.unwrap()).await.len(), 1);
    let signals = ReplayQuery { signals: true, devices: Vec::new(), ..devices };
    let told = Recorded { at: at(12), what: RecordedWhat::Told(Box::new(signal)), cause: Some(Box::new(cause)) };
    assert_eq!(all(store.replay(signals).await.unwrap()).await, [told]);
}

#[tokio::test]
async fn a_burst_and_a_long_silence_are_read_whole_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 3);
    // More than a window may hold within the first hours, then a month of nothing, then one more.
    let burst: Vec<_> = (0..70_000).map(|n| reading(&lamp, n % 3, n as f64, n as i64 / 50)).collect();
    store.journal(burst);
    store.flush().await.unwrap();
    store.journal(vec![reading(&lamp, 0, -1.0, 30 * 86_400)]);
    let paths = (0..3).map(|endpoint| path(&lamp, endpoint)).collect();
    let replay = store.replay(query_of(paths, Vec::new(), 0, 31 * 86_400)).await.unwrap();
    let rows = all(replay).await;
    assert!(rows.is_sorted_by_key(|row| row.at));
    let mut seen: Vec<_> = numbers(&rows).into_iter().map(|(_, number)| number as i64).collect();
    assert_eq!(seen.last(), Some(&-1));
    seen.sort_unstable();
    assert_eq!(seen, (-1..70_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_replay_that_nobody_takes_ends_and_leaves_its_turn_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    store.journal((0..130_000).map(|n| reading(&lamp, 0, n as f64, n)).collect());
    store.flush().await.unwrap();
    for _ in 0..4 {
        let begun = store.replay(query_of(vec![path(&lamp, 0)], Vec::new(), 0, 1_000_000)).await.unwrap();
        drop(begun);
    }
    let whole = store.replay(query_of(vec![path(&lamp, 0)], Vec::new(), 0, 1_000_000)).await.unwrap();
    assert_eq!(all(whole).await.len(), 130_000);
}
