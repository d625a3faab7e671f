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

const WAITS: &str = "name = \"A\"\nmode = \"parallel\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
     then = [ { wait = \"30m\" }, { set = { target = \"hall-lamp\", \"on_off.on\" = false } } ]";

/// The hub ends, and starts with a clock that is behind. Then it learns the time.
fn restart_behind(bench: &mut Bench, text: &str, (starts, learns): (&str, &str)) -> Vec<String> {
    let (alive, kept) = (bench.now, bench.engine.waiting_runs().unwrap_or_default());
    bench.engine = Engine::new();
    bench.now = starts.parse().unwrap();
    bench.tell(Input::Alive(alive));
    let mut said = bench.load(text);
    said.extend(bench.tell(Input::Restore(kept)));
    said.extend(bench.pass("1m"));
    said.extend(bench.set_clock(learns));
    said
}

#[test]
fn a_clock_that_is_set_leaves_waits_of_an_earlier_start_alone_and_moves_those_of_this_one() {
    let mut bench = Bench::new(WAITS);
    bench.occurs("bedside-button", "button.single");
    bench.pass("10m");
    // It ended at 11:10 and is back at 11:15; by the clock that it starts with, at 10:00.
    let kept = bench.engine.waiting_runs();
    bench.engine = Engine::new();
    bench.now = "2026-11-23T10:00:00Z".parse().unwrap();
    bench.load(WAITS);
    bench.tell(Input::Restore(kept.unwrap()));
    bench.occurs("bedside-button", "button.single");
    bench.pass("1m");
    assert_eq!(bench.set_clock("2026-11-23T11:16:00Z"), NONE);
    assert_eq!(bench.pass("13m59s"), NONE);
    assert_eq!(bench.pass("1s"), OFF, "at half past, as was meant");
    assert_eq!(bench.pass("14m59s"), NONE);
    assert_eq!(bench.pass("1s"), OFF, "half an hour after it was pressed");
}

#[test]
fn an_end_of_waiting_that_is_from_an_earlier_start_stays_where_it_is() {
    let text = WAITS.replace(
        "wait = \"30m\"",
        "wait_until = { property = { of = \"front-door/contact.open\", is = true }, at_most = \"30m\" }",
    );
    let mut bench = Bench::new(&text);
    bench.occurs("bedside-button", "button.single");
    bench.pass("10m");
    assert_eq!(restart_behind(&mut bench, &text, ("2026-11-23T10:00:00Z", "2026-11-23T11:16:00Z")), NONE);
    assert_eq!(bench.pass("13m59s"), NONE);
    assert_eq!(bench.pass("1s"), OFF);
}

#[test]
fn when_a_rule_last_ran_at_an_earlier_start_stays_when_the_clock_is_set() {
    let text = "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
                if = { last_run = { not_within = \"1h\" } }\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    bench.engine = Engine::new();
    bench.now = "2026-11-23T10:00:00Z".parse().unwrap();
    bench.tell(Input::Ran([(hub_model::RuleId("a".into()), "2026-11-23T11:00:00Z".parse().unwrap())].into()));
    bench.load(text);
    bench.set_clock("2026-11-23T12:00:00Z");
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
    // Now it is of this start, and moves.
    bench.set_clock("2026-11-23T13:00:00Z");
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
}

#[test]
fn what_came_before_the_hub_ended_comes_no_second_time_by_a_clock_that_is_behind() {
    for when in
        ["at = \"07:00\"", "cron = \"0 7 * * *\"", "date = \"11-23 07:00\"", "sun = \"noon\", offset = \"-4h46m\""]
    {
        let text = format!("name = \"A\"\nwhen = [ {{ {when} }} ]\nthen = [ {{ scene = \"good-night\" }} ]");
        let mut bench = Bench::at("2026-11-23T05:50:00Z", "Europe/Berlin", &text);
        assert_eq!(bench.pass("25m"), ["scene good-night"], "{when}");
        let said = restart_behind(&mut bench, &text, ("2026-11-23T05:17:00Z", "2026-11-23T06:20:00Z"));
        assert_eq!(said, NONE, "{when}");
        assert_eq!(bench.pass("1h"), NONE, "{when}");
        // A clock that knows nothing brings nothing, and holds nothing up.
        let said = restart_behind(&mut bench, &text, ("1970-01-01T05:17:00Z", "2026-11-24T05:50:00Z"));
        assert_eq!(said, NONE, "{when}");
        assert_eq!(bench.pass("25m").len(), usize::from(!when.starts_with("date")), "{when}");
    }
}
