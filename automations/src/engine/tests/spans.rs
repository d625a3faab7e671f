//! What lasts for triggers goes on lasting after the hub has ended.

use hub_model::{Actor, Cause};

use super::bench::Bench;
use crate::engine::{Engine, Input};

const NONE: [&str; 0] = [];
const SCENE: [&str; 1] = ["scene good-night"];
const CLIMATE: &str = "bathroom-climate/temperature.measured";
const OPEN: &str = "property = { of = \"front-door/contact.open\", becomes = true, held = \"10m\" }";
const WARM: &str = "property = { of = \"bathroom-climate/temperature.measured\", above = 25, held = \"20m\" }";

fn rule(trigger: &str) -> String {
    format!("name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ {trigger} }} ]\nthen = [ {{ scene = \"good-night\" }} ]")
}

/// The hub ends and starts again some time later, with these rules.
fn restart(bench: &mut Bench, text: &str, later: &str) -> Vec<String> {
    let spans = bench.engine.waiting_spans().unwrap();
    let spans = serde_json::from_str(&serde_json::to_string(&spans).unwrap()).unwrap();
    let alive = bench.now;
    bench.engine = Engine::new();
    bench.pass(later);
    let mut said = bench.tell(Input::Alive(alive));
    said.extend(bench.load(text));
    said.extend(bench.tell(Input::RestoreSpans(spans)));
    said
}

#[test]
fn a_span_that_had_begun_ends_when_it_would_have() {
    let open = rule(OPEN);
    let mut bench = Bench::new(&open);
    bench.put("front-door/contact.open", true);
    bench.pass("5m");
    assert_eq!(restart(&mut bench, &open, "2m"), NONE);
    assert_eq!(bench.pass("2m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    let warm = rule(WARM);
    let mut bench = Bench::new(&warm);
    bench.put(CLIMATE, 26.0);
    bench.pass("15m");
    // Its last change does not tell since when it is warm.
    bench.put(CLIMATE, 27.0);
    assert_eq!(restart(&mut bench, &warm, "1m"), NONE);
    assert_eq!(bench.pass("3m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    // It has triggered, and does not again because the hub starts.
    bench.put(CLIMATE, 28.0);
    assert_eq!(restart(&mut bench, &warm, "1m"), NONE);
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn whose_change_a_span_began_with_is_known_after_a_start() {
    let text = rule("property = { of = \"hall-lamp/on_off.on\", becomes = true, by = \"person\", held = \"5m\" }");
    let mut bench = Bench::new(&text);
    bench.put_because("hall-lamp/on_off.on", true, Cause::root(Actor::Voice(None)));
    assert_eq!(restart(&mut bench, &text, "1m"), NONE);
    assert_eq!(bench.pass("3m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    // The hub itself is nobody.
    bench.put("hall-lamp/on_off.on", false);
    bench.put("hall-lamp/on_off.on", true);
    assert_eq!(restart(&mut bench, &text, "1m"), NONE);
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn what_fell_due_while_the_hub_was_away_comes_when_devices_had_time_to_say_otherwise() {
    let condition = format!("holds = {{ property = {{ of = \"{CLIMATE}\", above = 25 }} }}, held = \"10m\"");
    for trigger in [OPEN, WARM, &condition] {
        let text = rule(trigger);
        for is_still_so in [true, false] {
            let mut bench = Bench::new(&text);
            bench.put("front-door/contact.open", true);
            bench.put(CLIMATE, 26.0);
            bench.pass("5m");
            assert_eq!(restart(&mut bench, &text, "1h"), NONE, "{trigger}");
            if !is_still_so {
                bench.put("front-door/contact.open", false);
                bench.put(CLIMATE, 20.0);
            }
            assert_eq!(bench.pass("59s"), NONE, "{trigger}");
            assert_eq!(bench.pass("1s").len(), usize::from(is_still_so), "{trigger}");
            assert_eq!(bench.pass("10h"), NONE, "{trigger}");
        }
    }
}

#[test]
fn without_what_was_kept_readings_tell_what_fell_due() {
    let text = rule(OPEN);
    let mut bench = Bench::new(&text);
    bench.put("front-door/contact.open", true);
    bench.pass("5m");
    bench.engine.waiting_spans();
    restart_without(&mut bench, &text);
    assert_eq!(bench.pass("1m"), SCENE);
    restart_without(&mut bench, &text);
    assert_eq!(bench.pass("10h"), NONE, "it has triggered before the hub ended");
}

fn restart_without(bench: &mut Bench, text: &str) {
    let alive = bench.now;
    bench.engine = Engine::new();
    bench.pass("1h");
    bench.tell(Input::Alive(alive));
    assert_eq!(bench.load(text), NONE);
}

#[test]
fn a_number_that_has_tripped_does_not_trip_again_after_a_start() {
    let text = rule("property = { of = \"bathroom-climate/temperature.measured\", above = 25, hysteresis = 2 }");
    let mut bench = Bench::new(&text);
    assert_eq!(bench.put(CLIMATE, 26.0), SCENE);
    bench.put(CLIMATE, 24.5);
    assert_eq!(restart(&mut bench, &text, "1m"), NONE);
    assert_eq!(bench.put(CLIMATE, 26.0), NONE);
    bench.put(CLIMATE, 22.0);
    assert_eq!(restart(&mut bench, &text, "1m"), NONE);
    assert_eq!(bench.put(CLIMATE, 26.0), SCENE);
}

/// Until they are heard of, no device can be reached after a start.
fn restart_unheard(bench: &mut Bench, text: &str, later: &str) -> Vec<String> {
    let washer = bench.home.by_handle("washer").unwrap().device.id;
    bench.home.device_mut(washer).unwrap().reachable = false;
    restart(bench, text, later)
}

#[test]
fn a_device_that_stays_silent_after_a_start_is_told_once() {
    let text = rule("reachable = { of = \"washer\", becomes = false, held = \"10m\" }");
    let mut bench = Bench::new(&text);
    bench.reach("washer", true);
    bench.pass("1m");
    assert_eq!(restart_unheard(&mut bench, &text, "1h"), NONE);
    assert_eq!(bench.pass("9m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    assert_eq!(restart_unheard(&mut bench, &text, "1m"), NONE);
    assert_eq!(bench.pass("10h"), NONE);
    // One that is heard of is not.
    bench.reach("washer", true);
    assert_eq!(restart_unheard(&mut bench, &text, "1h"), NONE);
    bench.pass("1m");
    bench.reach("washer", true);
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn what_lasted_for_other_triggers_or_for_a_rule_that_drops_it_ends() {
    let dropping = format!("after_restart = \"drop\"\n{}", rule(OPEN));
    let mut bench = Bench::new(&dropping);
    bench.put("front-door/contact.open", true);
    bench.pass("5m");
    assert_eq!(restart(&mut bench, &dropping, "1h"), NONE);
    assert_eq!(bench.pass("10h"), NONE);
    let mut bench = Bench::new(&rule(WARM));
    bench.put(CLIMATE, 26.0);
    bench.pass("15m");
    assert_eq!(restart(&mut bench, &rule(&WARM.replace("25", "24")), "1m"), NONE);
    assert_eq!(bench.pass("3m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE, "its reading tells since when at least");
}
