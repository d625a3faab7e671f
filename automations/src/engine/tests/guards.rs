use hub_model::{Actor, Cause, RuleId, Source, Trace};

use super::bench::Bench;
use crate::engine::{Effect, Input};

const LOOP: &str = "name = \"Blink\"\nwhen = [ { property = { of = \"hall-lamp/on_off.on\", changes = true } } ]\n\
     then = [ { set = { target = \"bench-lamp\", \"on_off.on\" = true } } ]";

#[test]
fn a_rule_that_runs_in_a_circle_is_paused_and_its_owner_told() {
    let mut bench = Bench::new(LOOP);
    bench.put("hall-lamp/on_off.on", false);
    for time in 0..20 {
        assert_eq!(bench.put("hall-lamp/on_off.on", time % 2 == 0), ["bench-lamp on_off.on=true"], "{time}");
        bench.pass("100ms");
    }
    assert_eq!(bench.put("hall-lamp/on_off.on", true), ["notice A rule was paused", "dropped, paused"]);
    assert_eq!(bench.put("hall-lamp/on_off.on", false), ["dropped, paused"]);
    assert!(bench.problem("blink").unwrap().contains("more than 20 times in 10 seconds"));
    bench.tell(Input::Resume(&RuleId("blink".into())));
    assert_eq!(bench.problem("blink"), None);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), ["bench-lamp on_off.on=true"]);
}

#[test]
fn a_rule_that_runs_often_but_slowly_enough_goes_on() {
    let mut bench = Bench::new(LOOP);
    bench.put("hall-lamp/on_off.on", false);
    for time in 0..100 {
        assert_eq!(bench.put("hall-lamp/on_off.on", time % 2 == 0), ["bench-lamp on_off.on=true"], "{time}");
        bench.pass("510ms");
    }
}

#[test]
fn a_chain_of_causes_is_cut_where_it_is_too_deep_and_that_is_told_once() {
    let mut bench = Bench::new(LOOP);
    bench.put("hall-lamp/on_off.on", false);
    let mut cause = Cause::root(Actor::Hub);
    cause.depth = Cause::DEEPEST - 1;
    assert_eq!(bench.put_because("hall-lamp/on_off.on", true, cause.clone()), ["bench-lamp on_off.on=true"]);
    cause.depth = Cause::DEEPEST;
    let told = ["notice A chain of rules was cut", "dropped, too deep"];
    assert_eq!(bench.put_because("hall-lamp/on_off.on", false, cause.clone()), told);
    assert_eq!(bench.put_because("hall-lamp/on_off.on", true, cause), ["dropped, too deep"]);
}

#[test]
fn what_a_rule_does_names_its_run_and_the_run_the_event_that_it_came_from() {
    let mut bench = Bench::new(LOOP);
    bench.put("hall-lamp/on_off.on", false);
    let path = crate::sample::path(&bench.home, "hall-lamp/on_off.on");
    let cursor = bench.home.cursor.next();
    let what = hub_model::What::Changed { path, old: false.into(), new: true.into() };
    let event = hub_model::Event { cursor, at: bench.now, cause: Cause::root(Actor::Voice(None)), what };
    let effects = bench.engine.handle(Input::Events(&[event.into()]), bench.now, &bench.home);
    let [Effect::Trace(Trace::Began(record)), Effect::Control { by, .. }, Effect::Trace(Trace::Ended(..))] =
        &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(record.cause.actor, Actor::Rule(RuleId("blink".into())));
    assert_eq!((record.cause.from, record.cause.depth), (Some(Source::Event(cursor)), 1));
    assert_eq!(by.cause, Cause { from: Some(Source::Run(record.id)), ..record.cause.clone() });
}

/// Twenty-one lamps' worth of changes within ten seconds.
fn burst(bench: &mut Bench, times: usize) -> Vec<Vec<String>> {
    (0..times).map(|time| bench.put("hall-lamp/on_off.on", time % 2 == 0)).collect()
}

#[test]
fn a_rule_that_was_paused_goes_on_by_itself_after_a_while_and_people_are_not_told_each_time() {
    let mut bench = Bench::new(LOOP);
    bench.put("hall-lamp/on_off.on", false);
    assert_eq!(burst(&mut bench, 21)[20], ["notice A rule was paused", "dropped, paused"]);
    assert_eq!(bench.pass("4m59s"), [""; 0]);
    assert!(bench.problem("blink").is_some());
    bench.pass("1s");
    assert_eq!(bench.problem("blink"), None);
    bench.put("hall-lamp/on_off.on", false);
    bench.pass("1m");
    assert_eq!(burst(&mut bench, 21)[20], ["dropped, paused"]);
    // Enabled anew it goes on at once, and what would have ended the pause ends no other.
    bench.pass("4m");
    bench.tell(Input::Resume(&RuleId("blink".into())));
    assert_eq!(burst(&mut bench, 23)[22], ["dropped, paused"]);
    bench.pass("2m");
    assert!(bench.problem("blink").is_some());
    bench.pass("3m");
    assert_eq!(bench.problem("blink"), None);
}

#[test]
fn a_rule_that_only_tells_is_never_paused_and_what_is_too_much_is_left_out() {
    let told = LOOP.replace(
        "set = { target = \"bench-lamp\", \"on_off.on\" = true }",
        "notify = { title = \"seen\", text = \"-\" }",
    );
    let mut bench = Bench::new(&told);
    bench.put("hall-lamp/on_off.on", false);
    let said = burst(&mut bench, 22);
    assert!(said[..20].iter().all(|said| said == &["notice seen"]), "{said:?}");
    assert_eq!(said[20..], [vec!["notice A rule runs too often", "dropped, full"], vec!["dropped, full"]]);
    assert_eq!(bench.problem("blink"), None);
    bench.pass("11s");
    assert_eq!(bench.put("hall-lamp/on_off.on", true), ["notice seen"]);
}
