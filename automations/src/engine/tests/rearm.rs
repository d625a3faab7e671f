//! What lasts goes on lasting when a device comes to those that a rule means, or something else of its text is changed.

use hub_model::{Actor, Cause, DeviceId, EndpointKind, RoomId, Trace, What, capability::temperature};

use super::bench::Bench;
use crate::sample;

const NONE: [&str; 0] = [];
const SCENE: [&str; 1] = ["scene good-night"];
const CLIMATE: &str = "bathroom-climate/temperature.measured";

fn rule(trigger: &str, condition: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ {trigger} }} ]\n{condition}\nthen = [ {{ scene = \"good-night\" }} ]"
    ))
}

/// A thermometer comes into the bathroom.
fn one_more(bench: &mut Bench) {
    let device = sample::device("bath-floor", "Bathroom", EndpointKind::Sensor, &[&temperature::MEASURED]);
    bench.home.put(device.into());
    changed(bench, "bath-floor");
}

/// The one that was there goes into another room.
fn one_less(bench: &mut Bench) {
    let mut climate = (*bench.home.by_handle("bathroom-climate").unwrap().device).clone();
    climate.room = Some(RoomId::named("Hall"));
    bench.home.put(climate.into());
    changed(bench, "bathroom-climate");
}

fn changed(bench: &mut Bench, handle: &str) {
    bench.event(What::Device(DeviceId::named(handle)), Cause::root(Actor::Hub));
}

const WARM: &str = "property = { of = \"room:bathroom/temperature.measured\", above = 25, held = \"20m\" }";

#[test]
fn a_span_of_a_device_that_was_there_goes_on() {
    let mut bench = rule(WARM, "");
    bench.put(CLIMATE, 26.0);
    bench.pass("10m");
    // It keeps changing, so that its last change does not tell since when it is warm.
    bench.put(CLIMATE, 27.0);
    one_more(&mut bench);
    assert_eq!(bench.pass("9m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    // It has triggered, and does not begin anew because another one comes.
    bench.put(CLIMATE, 28.0);
    one_less(&mut bench);
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn a_span_of_a_device_that_goes_ends_and_one_that_comes_begins() {
    let mut bench = rule(WARM, "");
    one_more(&mut bench);
    bench.put(CLIMATE, 26.0);
    bench.pass("10m");
    one_less(&mut bench);
    assert_eq!(bench.pass("1h"), NONE);
    bench.put("bath-floor/temperature.measured", 26.0);
    assert_eq!(bench.pass("20m"), SCENE);
}

#[test]
fn a_number_that_has_tripped_does_not_trip_again_when_another_device_comes() {
    let mut bench = rule("property = { of = \"room:bathroom/temperature.measured\", above = 25, hysteresis = 2 }", "");
    assert_eq!(bench.put(CLIMATE, 26.0), SCENE);
    bench.put(CLIMATE, 24.5);
    one_more(&mut bench);
    assert_eq!(bench.put(CLIMATE, 26.0), NONE);
    bench.put(CLIMATE, 22.0);
    assert_eq!(bench.put(CLIMATE, 26.0), SCENE);
}

#[test]
fn a_device_that_can_not_be_reached_goes_on_being_out_of_reach() {
    let mut bench = rule("reachable = { of = \"room:bathroom\", becomes = false, held = \"10m\" }", "");
    bench.reach("washer", true);
    bench.reach("washer", false);
    bench.pass("6m");
    one_more(&mut bench);
    assert_eq!(bench.pass("4m"), SCENE);
}

#[test]
fn a_condition_knows_since_when_it_holds_of_the_devices_that_were_there() {
    let warm = "if = { any_of = \"room:bathroom\", property = \"temperature.measured\", above = 25, held = \"20m\" }";
    let mut bench = rule("occurs = { of = \"bedside-button\", what = \"single\" }", warm);
    bench.put(CLIMATE, 26.0);
    bench.pass("19m");
    bench.put(CLIMATE, 27.0);
    one_more(&mut bench);
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    bench.pass("1m");
    assert_eq!(bench.occurs("bedside-button", "button.single"), SCENE);
}

#[test]
fn a_condition_that_triggers_goes_on_holding_where_it_still_does() {
    let holds =
        "holds = { any_of = \"room:bathroom\", property = \"temperature.measured\", above = 25 }, held = \"20m\"";
    let mut bench = rule(holds, "");
    bench.put(CLIMATE, 26.0);
    bench.pass("15m");
    bench.put(CLIMATE, 27.0);
    one_more(&mut bench);
    assert_eq!(bench.pass("5m"), SCENE);
    let mut bench = rule(holds, "");
    one_more(&mut bench);
    bench.put(CLIMATE, 26.0);
    bench.pass("15m");
    one_less(&mut bench);
    assert_eq!(bench.pass("1h"), NONE, "the only one for which it held has gone");
}

#[test]
fn a_mean_remembers_the_devices_that_were_there() {
    let mean = "if = { mean = { of = \"room:bathroom/temperature.measured\", over = \"1h\", above = 25 } }";
    let mut bench = rule("occurs = { of = \"bedside-button\", what = \"single\" }", mean);
    bench.put(CLIMATE, 30.0);
    bench.pass("55m");
    bench.put(CLIMATE, 20.0);
    one_more(&mut bench);
    bench.pass("1m");
    assert_eq!(bench.occurs("bedside-button", "button.single"), SCENE);
}

/// The rule with these triggers, and something that it does.
fn text(triggers: &[&str], then: &str) -> String {
    let triggers: Vec<_> = triggers.iter().map(|trigger| format!("{{ {trigger} }}")).collect();
    format!("name = \"A\"\nmode = \"parallel\"\nwhen = [ {} ]\nthen = [ {then} ]", triggers.join(", "))
}

const NIGHT: &str = "{ scene = \"good-night\" }";
const TOLD: &str = "{ notify = { title = \"A\", text = \"B\" } }";
const PRESS: &str = "occurs = { of = \"bedside-button\", what = \"single\" }";

#[test]
fn a_span_goes_on_when_something_else_of_the_rule_is_changed() {
    let mut bench = Bench::new(&text(&[WARM], NIGHT));
    bench.put(CLIMATE, 26.0);
    bench.pass("10m");
    bench.put(CLIMATE, 27.0);
    // Its trigger is the second one now, and it does something else.
    bench.load(&text(&[PRESS, WARM], TOLD));
    assert_eq!(bench.pass("9m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["notice A"]);
    let number = bench.traces.iter().find_map(|trace| match trace {
        Trace::Began(record) => record.trigger.as_ref().map(|trigger| trigger.number),
        _ => None,
    });
    assert_eq!(number, Some(Some(1)));
    // It has triggered, and an edit does not begin it anew.
    bench.put(CLIMATE, 28.0);
    bench.load(&text(&[WARM], TOLD));
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn a_span_of_a_trigger_that_is_changed_begins_anew_and_one_of_a_trigger_that_is_gone_ends() {
    let mut bench = Bench::new(&text(&[WARM, PRESS], NIGHT));
    bench.put(CLIMATE, 26.0);
    bench.pass("10m");
    bench.put(CLIMATE, 27.0);
    // Nobody knows since when it is above 24, only since when it is as it is.
    bench.load(&text(&[&WARM.replace("above = 25", "above = 24"), PRESS], NIGHT));
    assert_eq!(bench.pass("19m59s"), NONE);
    assert_eq!(bench.pass("1s"), SCENE);
    bench.put(CLIMATE, 20.0);
    bench.put(CLIMATE, 26.0);
    bench.load(&text(&[PRESS], NIGHT));
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn an_edit_keeps_what_a_number_and_a_condition_that_trigger_were_before() {
    let sharp = "property = { of = \"bathroom-climate/temperature.measured\", above = 25, hysteresis = 2 }";
    let mut bench = Bench::new(&text(&[sharp], NIGHT));
    assert_eq!(bench.put(CLIMATE, 26.0), SCENE);
    bench.put(CLIMATE, 24.5);
    bench.load(&text(&[PRESS, sharp], TOLD));
    assert_eq!(bench.put(CLIMATE, 26.0), NONE);
    bench.put(CLIMATE, 22.0);
    assert_eq!(bench.put(CLIMATE, 26.0), ["notice A"]);
    let holds = "holds = { property = { of = \"bathroom-climate/temperature.measured\", above = 25 } }, held = \"20m\"";
    let mut bench = Bench::new(&text(&[holds], NIGHT));
    bench.put(CLIMATE, 26.0);
    bench.pass("15m");
    bench.put(CLIMATE, 27.0);
    bench.load(&text(&[PRESS, holds], TOLD));
    assert_eq!(bench.pass("5m"), ["notice A"]);
}

#[test]
fn a_moment_that_triggers_comes_once_when_the_rule_is_changed_before_and_after_it() {
    let at = "at = \"13:00\"";
    let mut bench = Bench::new(&text(&[at], NIGHT));
    bench.load(&text(&[PRESS, at], TOLD));
    assert_eq!(bench.pass("1h"), ["notice A"]);
    bench.load(&text(&[at], NIGHT));
    assert_eq!(bench.pass("23h"), NONE);
    assert_eq!(bench.pass("1h"), SCENE);
}
