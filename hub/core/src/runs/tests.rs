use hub_model::{Actor, Cause, Outcome, RuleId, SkipReason, Target, run::Part};
use hub_store::Options;

use super::*;

fn runs() -> (tempfile::TempDir, Arc<Runs>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Options::default()).unwrap().store;
    (folder, Arc::new(Runs::new(store)))
}

fn record(number: u32) -> RunRecord {
    let of = RunOf::Rule(RuleId("night".into()));
    let at = Timestamp::from_second(i64::from(number)).unwrap();
    RunRecord::new(RunId::named(&number.to_string()), of, "Night".into(), at, Cause::root(Actor::Hub))
}

fn skip(number: u32, culprit: &str) -> Trace {
    let part = Part { text: culprit.into(), holds: false, saw: Vec::new(), parts: Vec::new() };
    let end = Some(RunEnd::Skipped(SkipReason::Condition));
    Trace::Began(Box::new(RunRecord { condition: Some(part), end, ..record(number) }))
}

fn all() -> RunQuery {
    RunQuery { of: None, skipped: None, before: None, runs: 100 }
}

fn command() -> Taken {
    let target = Target { device: hub_model::DeviceId::named("lamp"), endpoint: hub_model::EndpointId::first() };
    let (set, before) = (Vec::new(), Vec::new());
    Taken::Command(Given { target, text: "1 on".into(), set, before, id: None, tries: 1, outcome: None, reason: None })
}

#[tokio::test]
async fn a_run_is_over_when_its_last_command_is() {
    let (_folder, runs) = runs();
    runs.begin(record(1)).unwrap();
    let step = runs.open(record(1).id, command()).unwrap();
    runs.end(record(1).id, RunEnd::Finished);
    assert_eq!(runs.get(record(1).id).unwrap().ended, None);
    step.change_command(|given| given.outcome = Some(Outcome::Done));
    drop(step);
    let run = runs.get(record(1).id).unwrap();
    assert!(run.ended.is_some() && run.steps[0].took.is_some());
    let stored = runs.store.run(record(1).id).await.unwrap().unwrap();
    assert_eq!(stored.commands().next().unwrap().1.outcome, Some(Outcome::Done));
}

#[tokio::test]
async fn triggers_that_come_to_nothing_for_the_same_reason_are_one_record_that_counts() {
    let (_folder, runs) = runs();
    for number in 1..=5 {
        runs.trace(skip(number, "it is dark"));
    }
    runs.trace(skip(6, "nobody is there"));
    runs.trace(skip(7, "it is dark"));
    let times: Vec<_> = runs.at_hand(&all()).iter().map(|run| run.times).collect();
    assert_eq!(times, [5, 1, 1]);
    let stored: Vec<_> = runs.store.runs(all()).await.unwrap().iter().map(|run| run.times).collect();
    assert_eq!(stored, [1, 1, 4], "the newest first, and a count is written when it has doubled");
}

#[tokio::test]
async fn a_run_keeps_a_bounded_number_of_steps_and_counts_the_others() {
    let (_folder, runs) = runs();
    runs.begin(record(1)).unwrap();
    for _ in 0..RunOf::STEPS_OF_RULE + 7 {
        drop(runs.open(record(1).id, command()));
    }
    let run = runs.get(record(1).id).unwrap();
    assert_eq!((run.steps.len(), run.more_steps), (RunOf::STEPS_OF_RULE, 7));
}

#[tokio::test]
async fn what_is_at_hand_is_bounded_and_the_journal_has_the_rest() {
    let (_folder, runs) = runs();
    for number in 0..RECENT as u32 + 10 {
        runs.begin(record(number)).unwrap();
        runs.end(record(number).id, RunEnd::Finished);
    }
    assert_eq!(runs.at_hand(&all()).len(), RECENT);
    assert_eq!(runs.get(record(0).id), None);
    assert!(runs.store.run(record(0).id).await.unwrap().is_some());
}

#[test]
fn a_pace_is_that_of_the_latest_runs() {
    let mut paces = Paces::default();
    let of = record(1).of;
    assert_eq!(paces.of(&of), None);
    (1..=1000).for_each(|millis| paces.add(of.clone(), Duration::from_millis(millis)));
    let (p50, p99) = (Duration::from_millis(872), Duration::from_millis(998));
    assert_eq!(paces.of(&of), Some(Pace { p50, p99, runs: 256 }));
}

#[test]
fn a_pace_counts_earlier_starts_once_and_the_newest_of_them() {
    let mut paces = Paces::default();
    let of = RunOf::Rule(RuleId("night".into()));
    paces.add(of.clone(), Duration::from_millis(5));
    assert!(paces.lacks_past(&of));
    let past = || (1..=300).map(Duration::from_millis).collect();
    paces.add_past(of.clone(), past());
    paces.add_past(of.clone(), past());
    assert!(!paces.lacks_past(&of));
    let (p50, p99) = (Duration::from_millis(127), Duration::from_millis(253));
    assert_eq!(paces.of(&of), Some(Pace { p50, p99, runs: 256 }));
}
