//! Lists of devices, and what a property was before.

use hub_model::{DeviceId, EndpointKind, Value, capability::contact};

use super::bench::Bench;
use crate::{blueprint::Library, parse::parse_with, sample};

const NONE: [&str; 0] = [];
const SAID: [&str; 1] = ["notice !"];

fn notifies_when(trigger: &str) -> Bench {
    notifies(trigger, "")
}

fn notifies(trigger: &str, more: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\n{more}when = [ {{ {trigger} }} ]\nthen = [ {{ notify = {{ title = \"!\", text = \"-\" }} }} ]"
    ))
}

#[test]
fn any_of_a_list_triggers_each_by_its_own_property() {
    let mut bench = notifies_when(
        "property = { of = [\"front-door/contact.open\", \"kind:light in room:garden/on_off.on\"], becomes = true }",
    );
    assert_eq!(bench.put("front-door/contact.open", true), SAID);
    assert_eq!(bench.put("bench-lamp/on_off.on", true), SAID);
    assert_eq!(bench.put("garden-lights/on_off.on", true), SAID);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), NONE);
}

#[test]
fn a_device_that_a_list_means_twice_triggers_once() {
    let mut bench =
        notifies_when("property = { of = [\"bench-lamp/on_off.on\", \"kind:light/on_off.on\"], becomes = true }");
    assert_eq!(bench.put("bench-lamp/on_off.on", true), SAID);
}

#[test]
fn occurrences_reachability_and_batteries_take_lists() {
    let mut bench = notifies_when("occurs = { of = [\"bedside-button\", \"kind:button\"], what = \"single\" }");
    assert_eq!(bench.occurs("bedside-button", "button.single"), SAID);
    let mut bench = notifies_when("reachable = { of = [\"hall-lamp\", \"washer\"], becomes = true }");
    assert_eq!(bench.reach("hall-lamp", true), SAID);
    assert_eq!(bench.reach("washer", true), SAID);
    assert_eq!(bench.reach("odd", true), NONE);
    let mut bench = notifies_when("battery = { of = [\"door-sensor\", \"kind:sensor\"] }");
    assert_eq!(bench.put("door-sensor/battery.level", 10.0), SAID);
}

#[test]
fn a_selector_of_a_list_that_means_nothing_just_now_is_no_mistake() {
    let text = "property = { of = [\"kind:media/on_off.on\", \"hall-lamp/on_off.on\"], becomes = true }";
    let mut bench = notifies_when(text);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), SAID);
    let bench = notifies_when("property = { of = [\"kind:media/on_off.on\", \"kind:fan/on_off.on\"], becomes = true }");
    assert_eq!(bench.problem("a").unwrap(), "rules.toml:3:31: `kind:media` means no device just now");
    let bench = notifies_when("property = { of = [\"hall-lamp/on_off.on\", \"hall-lmap/on_off.on\"], becomes = true }");
    let wrong = "rules.toml:3:54: there is no device `hall-lmap`, did you mean `hall-lamp`?";
    assert_eq!(bench.problem("a").unwrap(), wrong);
}

#[test]
fn conditions_say_whether_any_or_all_of_a_list_are_meant() {
    let pressed = "occurs = { of = \"bedside-button\", what = \"single\" }";
    let open = "[\"front-door\", \"kind:window\"], property = \"contact.open\", is = true";
    let mut any = notifies(pressed, &format!("if = {{ any_of = {open} }}\n"));
    let mut all = notifies(pressed, &format!("if = {{ all_of = {open} }}\n"));
    let mut of = notifies(
        pressed,
        "if = { property = { of = [\"front-door/contact.open\", \"bedroom-window/contact.open\"], is = true } }\n",
    );
    for bench in [&mut any, &mut all, &mut of] {
        bench.put("front-door/contact.open", true);
        bench.put("bedroom-window/contact.open", false);
    }
    let presses = [&mut any, &mut all, &mut of].map(|bench| bench.occurs("bedside-button", "button.single").len());
    assert_eq!(presses, [1, 0, 1]);
    all.put("bedroom-window/contact.open", true);
    assert_eq!(all.occurs("bedside-button", "button.single"), SAID);
}

#[test]
fn actions_reach_each_device_of_a_list_once() {
    let does = |action: &str| {
        let mut bench = Bench::new(&format!(
            "name = \"A\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\nthen = [ {{ {action} }} ]"
        ));
        let mut done = bench.occurs("bedside-button", "button.single");
        done.sort();
        done
    };
    let garden = ["bench-lamp on_off.on=true", "garden-lights on_off.on=true", "hall-lamp on_off.on=true"];
    let target = "[\"hall-lamp\", \"bench-lamp\", \"kind:light in room:garden\"]";
    assert_eq!(does(&format!("set = {{ target = {target}, \"on_off.on\" = true }}")), garden);
    assert_eq!(does(&format!("toggle = {target}")), garden);
    assert_eq!(does(&format!("toggle = {{ target = {target} }}")), garden);
    let each = "set = { target = \"it\", \"on_off.on\" = true }";
    assert_eq!(does(&format!("repeat = {{ each = {target}, do = [ {{ {each} }} ] }}")), garden);
    // Of several, each is set what it has.
    let dimmed =
        does("set = { target = [\"hall-lamp\", \"garden-lights\"], \"on_off.on\" = true, \"brightness.level\" = 9 }");
    assert_eq!(dimmed, ["garden-lights on_off.on=true", "hall-lamp on_off.on=true brightness.level=9"]);
}

#[test]
fn a_value_triggers_only_when_it_came_from_the_one_that_is_named() {
    let mut mode = notifies_when("property = { of = \"house/house.mode\", from = \"night\", becomes = \"home\" }");
    mode.put("house/house.mode", Value::text("away"));
    assert_eq!(mode.put("house/house.mode", Value::text("home")), NONE);
    mode.put("house/house.mode", Value::text("night"));
    assert_eq!(mode.put("house/house.mode", Value::text("home")), SAID);
    let mut leak = notifies_when("property = { of = \"leak-sensor/leak.detected\", from = false, becomes = true }");
    assert_eq!(leak.put("leak-sensor/leak.detected", true), NONE, "nobody knew it before");
    leak.put("leak-sensor/leak.detected", false);
    assert_eq!(leak.put("leak-sensor/leak.detected", true), SAID);
}

#[test]
fn a_value_that_is_left_stays_left_whatever_it_becomes_next() {
    let mut mode = notifies_when("property = { of = \"house/house.mode\", from = \"night\", held = \"10m\" }");
    mode.put("house/house.mode", Value::text("night"));
    mode.put("house/house.mode", Value::text("home"));
    mode.pass("6m");
    mode.put("house/house.mode", Value::text("guest"));
    assert_eq!(mode.pass("4m"), SAID);
    mode.put("house/house.mode", Value::text("night"));
    mode.put("house/house.mode", Value::text("home"));
    mode.pass("6m");
    mode.put("house/house.mode", Value::text("night"));
    assert_eq!(mode.pass("1h"), NONE);
}

#[test]
fn a_span_from_one_of_two_values_goes_on_after_a_start_and_from_one_of_many_does_not() {
    use crate::engine::{Engine, Input};
    let goes_on = |trigger: &str, name: &str, values: [Value; 2]| {
        let text = format!(
            "name = \"A\"\nwhen = [ {{ property = {{ of = \"{name}\", {trigger}, held = \"10m\" }} }} ]\nthen = [ {{ notify = {{ title = \"!\", text = \"-\" }} }} ]"
        );
        let mut bench = Bench::new(&text);
        for value in values {
            bench.put(name, value);
        }
        bench.engine = Engine::new();
        bench.tell(Input::Rules(super::bench::rules(&text)));
        bench.pass("10m").len()
    };
    let flags = [false.into(), true.into()];
    assert_eq!(goes_on("from = false, becomes = true", "front-door/contact.open", flags.clone()), 1);
    assert_eq!(goes_on("from = false", "front-door/contact.open", flags), 1);
    let modes = ["night", "home"].map(Value::text);
    assert_eq!(goes_on("from = \"night\", becomes = \"home\"", "house/house.mode", modes), 0);
}

#[test]
fn a_blueprint_is_told_several_devices_and_says_their_names() {
    let text = r#"name = "Mine"
use = "left-open"
with = { openings = ["front-door", "kind:window"] }
"#;
    let parsed = parse_with(&std::path::Path::new("mine.toml").into(), text, Library::builtin());
    assert_eq!(parsed.broken, []);
    let crate::rule::Trigger::Property { of, .. } = &parsed.rules[0].when[0].trigger else { panic!() };
    let of: Vec<_> = of.iter().map(|said| said.value.to_string()).collect();
    assert_eq!(of, ["front-door/contact.open", "kind:window/contact.open"]);
}

#[test]
fn doors_and_windows_are_both_meant_where_nobody_says() {
    let parsed = parse_with(
        &std::path::Path::new("mine.toml").into(),
        "name = \"Mine\"\nuse = \"left-open\"\n",
        Library::builtin(),
    );
    let rules = parsed.rules.into_iter().map(std::sync::Arc::new).collect();
    let mut bench = Bench::new("rule = []");
    bench.home.put(std::sync::Arc::new(sample::device("gate", "Garden", EndpointKind::Door, &[&contact::OPEN])));
    bench.tell(crate::engine::Input::Rules(rules));
    for opening in ["front-door", "bedroom-window", "gate"] {
        bench.put(&format!("{opening}/contact.open"), true);
        assert_eq!(bench.pass("10m"), ["notice Left open"], "{opening}");
    }
    assert!(bench.home.device(DeviceId::named("gate")).is_some());
}
