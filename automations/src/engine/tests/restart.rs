//! Runs that wait go on after the hub has ended.

use super::bench::Bench;
use crate::engine::{Engine, Input};

const OFF_LATER: &str = "name = \"A\"\nmode = \"parallel\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
     then = [ { repeat = { times = 2, do = [ { parallel = [ [ { wait = \"10m\" } ], [ { wait_until = { property = { of = \"front-door/contact.open\", is = true } } } ] ] },\n\
     { set = { target = \"hall-lamp\", \"on_off.on\" = false } } ] } } ]";

/// The hub ends and starts again some time later, with these rules.
pub(super) fn restart(bench: &mut Bench, text: &str, later: &str) -> Vec<String> {
    let kept = bench.engine.waiting_runs().unwrap();
    let kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
    bench.engine = Engine::new();
    bench.pass(later);
    bench.load(text);
    bench.tell(Input::Restore(kept))
}

const NONE: [&str; 0] = [];
const OFF: [&str; 1] = ["hall-lamp on_off.on=false"];

#[test]
fn a_wait_that_was_running_comes_at_its_time() {
    let mut bench = Bench::new(OFF_LATER);
    bench.occurs("bedside-button", "button.single");
    bench.put("front-door/contact.open", true);
    bench.pass("5m");
    assert_eq!(restart(&mut bench, OFF_LATER, "2m"), NONE);
    assert_eq!(bench.pass("3m"), OFF);
    assert_eq!(bench.pass("10m"), OFF);
    assert_eq!(bench.pass("10h"), NONE);
    assert_eq!(bench.engine.waiting_runs(), Some(Vec::new()));
}

#[test]
fn what_was_due_meanwhile_is_done_at_once() {
    let mut bench = Bench::new(OFF_LATER);
    bench.occurs("bedside-button", "button.single");
    bench.pass("1m");
    assert_eq!(restart(&mut bench, OFF_LATER, "1h"), NONE);
    assert_eq!(bench.put("front-door/contact.open", true), OFF);
}

#[test]
fn runs_of_rules_that_drop_them_or_do_something_else_now_end() {
    let dropping = format!("after_restart = \"drop\"\n{OFF_LATER}");
    let mut bench = Bench::new(&dropping);
    bench.occurs("bedside-button", "button.single");
    assert_eq!(bench.engine.waiting_runs(), Some(Vec::new()));
    let mut bench = Bench::new(OFF_LATER);
    bench.occurs("bedside-button", "button.single");
    restart(&mut bench, &OFF_LATER.replace("hall-lamp", "bench-lamp"), "1m");
    bench.put("front-door/contact.open", true);
    assert_eq!(bench.pass("1h"), NONE);
}

const QUEUED: &str = "name = \"A\"\nmode = \"queued\"\nmax = 3\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } },\n\
     { webhook = {} } ]\nif = { property = { of = \"front-door/contact.open\", is = true } }\n\
     then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } }, { wait = \"10m\" },\n\
     { notify = { title = \"{trigger.name} {body.who}\", text = \"-\" } } ]";

/// Two runs, one behind the other; the second was told something by a call.
fn queued() -> Bench {
    let mut bench = Bench::new(QUEUED);
    bench.put("front-door/contact.open", true);
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["hall-lamp on_off.on=true"]);
    bench.engine.waiting_runs();
    let body = Some(serde_json::json!({ "who": "Kim" }));
    let call = hub_model::Signal::Webhook { rule: hub_model::RuleId("a".into()), trigger: 1, body };
    assert_eq!(bench.signal(&call), NONE);
    bench.put("front-door/contact.open", false);
    bench
}

#[test]
fn what_waits_its_turn_is_kept_and_comes_in_its_turn() {
    let mut bench = queued();
    assert_eq!(restart(&mut bench, QUEUED, "4m"), NONE);
    assert_eq!(bench.pass("6m"), ["notice bedside-button ?", "hall-lamp on_off.on=true"]);
    assert_eq!(bench.pass("10m"), ["notice ? Kim"]);
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn what_waits_its_turn_runs_at_once_where_none_before_it_goes_on() {
    let mut bench = queued();
    bench.engine.waiting_runs();
    let mut kept = {
        bench.occurs("bedside-button", "button.single");
        bench.put("front-door/contact.open", true);
        bench.occurs("bedside-button", "button.single");
        bench.engine.waiting_runs().unwrap()
    };
    assert_eq!(kept.len(), 3);
    kept.remove(0);
    bench.engine = Engine::new();
    bench.load(QUEUED);
    assert_eq!(bench.tell(Input::Restore(kept)), ["hall-lamp on_off.on=true"]);
    assert_eq!(bench.pass("10m"), ["notice ? Kim", "hall-lamp on_off.on=true"]);
}

#[test]
fn what_waits_its_turn_ends_with_a_rule_that_drops_its_runs_or_is_no_queue_any_more() {
    for other in [
        QUEUED.replace("max = 3", "after_restart = \"drop\""),
        QUEUED.replace("mode = \"queued\"\nmax = 3", "mode = \"parallel\""),
    ] {
        let mut bench = queued();
        restart(&mut bench, &other, "20m");
        assert!(bench.pass("1h").iter().all(|said| !said.contains("Kim")), "{other}");
    }
}
