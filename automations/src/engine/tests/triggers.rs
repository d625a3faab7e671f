use hub_model::Value;

use super::bench::Bench;

const NONE: [&str; 0] = [];

fn notifies_when(trigger: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ {trigger} }} ]\nthen = [ {{ notify = {{ title = \"!\", text = \"-\" }} }} ]"
    ))
}

#[test]
fn becoming_triggers_once_and_not_again_while_it_stays() {
    let mut bench = notifies_when("property = { of = \"hall-motion/occupancy.occupied\", becomes = true }");
    assert_eq!(bench.put("hall-motion/occupancy.occupied", true), ["notice !"]);
    assert_eq!(bench.put("hall-motion/occupancy.occupied", true), NONE);
    assert_eq!(bench.put("hall-motion/occupancy.occupied", false), NONE);
    assert_eq!(bench.put("hall-motion/occupancy.occupied", true), ["notice !"]);
}

#[test]
fn the_first_known_value_can_become_but_is_no_change() {
    let mut leak = notifies_when("property = { of = \"leak-sensor/leak.detected\", becomes = true }");
    assert_eq!(leak.put("leak-sensor/leak.detected", true), ["notice !"]);
    let mut change = notifies_when("property = { of = \"leak-sensor/leak.detected\", changes = true }");
    assert_eq!(change.put("leak-sensor/leak.detected", true), NONE);
    assert_eq!(change.put("leak-sensor/leak.detected", false), ["notice !"]);
    assert_eq!(change.put("leak-sensor/leak.detected", Value::Unknown), NONE);
}

#[test]
fn a_bound_triggers_when_it_is_crossed() {
    let mut bench = notifies_when("property = { of = \"bathroom-climate/temperature.measured\", above = 25 }");
    assert_eq!(bench.put("bathroom-climate/temperature.measured", 20.0), NONE);
    assert_eq!(bench.put("bathroom-climate/temperature.measured", 25.5), ["notice !"]);
    assert_eq!(bench.put("bathroom-climate/temperature.measured", 26.0), NONE);
    assert_eq!(bench.put("bathroom-climate/temperature.measured", 25.0), NONE);
    assert_eq!(bench.put("bathroom-climate/temperature.measured", 27.0), ["notice !"]);
}

#[test]
fn what_has_to_be_held_triggers_after_its_span_and_not_when_it_was_let_go() {
    let mut bench = notifies_when("property = { of = \"washer/power.watts\", below = 5, held = \"2m\" }");
    assert_eq!(bench.put("washer/power.watts", 100.0), NONE);
    assert_eq!(bench.put("washer/power.watts", 3.0), NONE);
    assert_eq!(bench.pass("1m"), NONE);
    assert_eq!(bench.put("washer/power.watts", 2.0), NONE);
    assert_eq!(bench.pass("59s"), NONE);
    assert_eq!(bench.pass("1s"), ["notice !"]);
    assert_eq!(bench.pass("1h"), NONE);
    bench.put("washer/power.watts", 100.0);
    bench.put("washer/power.watts", 3.0);
    bench.pass("1m");
    bench.put("washer/power.watts", 50.0);
    assert_eq!(bench.pass("1h"), NONE);
}

const WARM: &str =
    "property = { of = \"bathroom-climate/temperature.measured\", above = 25, hysteresis = 2, held = \"20m\" }";

#[test]
fn a_number_that_goes_back_by_less_than_its_hysteresis_is_still_held() {
    let mut bench = notifies_when(WARM);
    let measured = "bathroom-climate/temperature.measured";
    bench.put(measured, 20.0);
    bench.put(measured, 25.1);
    bench.pass("10m");
    bench.put(measured, 24.9);
    bench.pass("5m");
    bench.put(measured, 25.1);
    assert_eq!(bench.pass("4m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["notice !"]);
    bench.put(measured, 24.0);
    bench.put(measured, 26.0);
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn a_number_that_was_let_go_before_its_span_was_over_is_held_anew() {
    for between in [Value::Number(22.9), Value::Unknown] {
        let mut bench = notifies_when(WARM);
        let measured = "bathroom-climate/temperature.measured";
        bench.put(measured, 25.1);
        bench.pass("10m");
        bench.put(measured, between.clone());
        assert_eq!(bench.pass("1h"), NONE, "{between}");
        bench.put(measured, 25.1);
        assert_eq!(bench.pass("19m59s"), NONE, "{between}");
        assert_eq!(bench.pass("1s"), ["notice !"], "{between}");
        bench.put(measured, Value::Unknown);
        bench.put(measured, 25.1);
        assert_eq!(bench.pass("1h"), NONE, "{between}");
    }
}

#[test]
fn any_change_that_is_held_begins_anew_with_each_change() {
    let mut bench = notifies_when("property = { of = \"washer/power.watts\", changes = true, held = \"2m\" }");
    bench.put("washer/power.watts", 100.0);
    bench.put("washer/power.watts", 50.0);
    bench.pass("1m");
    bench.put("washer/power.watts", 60.0);
    assert_eq!(bench.pass("1m30s"), NONE);
    assert_eq!(bench.pass("30s"), ["notice !"]);
}

#[test]
fn a_selector_triggers_for_any_of_its_devices() {
    let mut bench = notifies_when("property = { of = \"kind:light in room:garden/on_off.on\", becomes = true }");
    assert_eq!(bench.put("bench-lamp/on_off.on", true), ["notice !"]);
    assert_eq!(bench.put("garden-lights/on_off.on", true), ["notice !"]);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), NONE);
}

#[test]
fn devices_of_a_selector_are_held_each_by_itself() {
    let mut bench =
        notifies_when("property = { of = \"kind:light in room:garden/on_off.on\", becomes = true, held = \"1m\" }");
    bench.put("bench-lamp/on_off.on", true);
    bench.pass("30s");
    bench.put("garden-lights/on_off.on", true);
    bench.put("bench-lamp/on_off.on", false);
    assert_eq!(bench.pass("1m"), ["notice !"]);
}

#[test]
fn an_occurrence_triggers_every_time() {
    let mut bench = notifies_when("occurs = { of = \"bedside-button\", what = \"single\" }");
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["notice !"]);
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["notice !"]);
    assert_eq!(bench.occurs("bedside-button", "button.long"), NONE);
}

#[test]
fn a_change_triggers_only_if_it_is_by_whom_the_rule_asks_for() {
    use hub_model::{AccountId, Actor, Cause, DeviceId, RuleId, SceneId};
    let anna = Actor::Person { account: AccountId::named("anna"), name: "Kim".into() };
    let actors = [
        anna,
        Actor::Voice(None),
        Actor::Device(DeviceId::named("hall-lamp")),
        Actor::Rule(RuleId("other".into())),
        Actor::Scene(SceneId::named("good-night")),
        Actor::Program("p".into()),
        Actor::Hub,
    ];
    let by_whom = |by: &str| {
        let mut bench = Bench::new(&format!(
            "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ property = {{ of = \"hall-lamp/on_off.on\", becomes = true{by} }} }} ]\n\
             then = [ {{ scene = \"good-night\" }} ]"
        ));
        let mut triggers = |actor: &Actor| {
            bench.put("hall-lamp/on_off.on", false);
            !bench.put_because("hall-lamp/on_off.on", true, Cause::root(actor.clone())).is_empty()
        };
        actors.iter().map(|actor| if triggers(actor) { 'x' } else { '.' }).collect::<String>()
    };
    assert_eq!(by_whom(""), "xxxxxxx");
    assert_eq!(by_whom(", by = \"person\""), "xx.....");
    assert_eq!(by_whom(", by = \"kim\""), "x......");
    assert_eq!(by_whom(", by = [\"person\", \"device\"]"), "xxx....");
    assert_eq!(by_whom(", by = \"rule\""), "...x...");
    assert_eq!(by_whom(", by = [\"scene\", \"program\"]"), "....xx.");
    assert_eq!(by_whom(", by = \"hub\""), "......x");
}

#[test]
fn a_span_of_what_somebody_changed_ends_whoever_takes_it_back_and_is_not_guessed_from_a_reading() {
    use hub_model::{Actor, Cause};
    let rule = "name = \"A\"\nwhen = [ { property = { of = \"hall-lamp/on_off.on\", becomes = true, by = \"person\", held = \"5m\" } } ]\n\
        then = [ { scene = \"good-night\" } ]";
    let none: [&str; 0] = [];
    let somebody = || Cause::root(Actor::Voice(None));
    let mut bench = Bench::new(rule);
    bench.put_because("hall-lamp/on_off.on", true, somebody());
    assert_eq!(bench.pass("5m"), ["scene good-night"]);
    bench.put("hall-lamp/on_off.on", false);
    bench.put_because("hall-lamp/on_off.on", true, somebody());
    bench.put("hall-lamp/on_off.on", false);
    bench.put("hall-lamp/on_off.on", true);
    assert_eq!(bench.pass("1h"), none, "the second time the hub did it");
    bench.put("hall-lamp/on_off.on", false);
    bench.put_because("hall-lamp/on_off.on", true, somebody());
    bench.engine = crate::engine::Engine::new();
    bench.load(rule);
    assert_eq!(bench.pass("1h"), none);
}
