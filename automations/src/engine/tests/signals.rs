//! Triggers that no clock sets off: reachability, batteries, people, the house, scenes, rules, phrases, calls.

use hub_model::{Actor, Cause, RunId, SceneId, Signal, What};
use serde_json::json;

use super::bench::Bench;
use crate::phrase;

fn rule(when: &str) -> String {
    format!("name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ {when} }} ]\nthen = [ {{ scene = \"good-night\" }} ]")
}

const SCENE: [&str; 1] = ["scene good-night"];
const NONE: [&str; 0] = [];

#[test]
fn a_device_that_falls_silent_for_long_enough_triggers_once() {
    let mut bench = Bench::new(&rule("reachable = { of = \"kind:light\", becomes = false, held = \"10m\" }"));
    bench.reach("hall-lamp", true);
    bench.reach("hall-lamp", false);
    bench.pass("9m");
    bench.reach("hall-lamp", true);
    assert_eq!(bench.pass("1h"), NONE);
    bench.reach("hall-lamp", false);
    assert_eq!(bench.pass("10m"), SCENE);
    assert_eq!(bench.pass("10h"), NONE);
}

#[test]
fn a_battery_that_runs_low_triggers_once_until_it_was_charged() {
    let mut bench = Bench::new(&rule("battery = {}"));
    bench.put("door-sensor/battery.level", 16.0);
    assert_eq!(bench.put("door-sensor/battery.level", 14.0), SCENE);
    assert_eq!(bench.put("door-sensor/battery.level", 16.0), NONE);
    assert_eq!(bench.put("door-sensor/battery.level", 14.0), NONE);
    assert_eq!(bench.put("door-sensor/battery.level", 100.0), NONE);
    assert_eq!(bench.put("door-sensor/battery.level", 14.0), SCENE);
}

#[test]
fn a_number_that_wavers_about_its_bound_triggers_once() {
    let of = "of = \"outdoor/temperature.measured\"";
    let mut bench = Bench::new(&rule(&format!("property = {{ {of}, above = 25, hysteresis = 2 }}")));
    bench.put("outdoor/temperature.measured", 24.0);
    assert_eq!(bench.put("outdoor/temperature.measured", 25.5), SCENE);
    for wavers in [24.5, 25.5, 23.5, 26.0] {
        assert_eq!(bench.put("outdoor/temperature.measured", wavers), NONE, "{wavers}");
    }
    bench.put("outdoor/temperature.measured", 22.9);
    assert_eq!(bench.put("outdoor/temperature.measured", 25.1), SCENE);
}

#[test]
fn the_first_who_comes_home_and_the_last_who_leaves_trigger() {
    let mut bench = Bench::new(&rule("presence = { who = \"anyone\", becomes = \"home\" }"));
    bench.put("alex-phone/presence.home", false);
    bench.put("kim-phone/presence.home", false);
    assert_eq!(bench.put("alex-phone/presence.home", true), SCENE);
    assert_eq!(bench.put("kim-phone/presence.home", true), NONE);
    bench.load(&rule("presence = { who = \"everyone\", becomes = \"away\", held = \"5m\" }"));
    assert_eq!(bench.put("alex-phone/presence.home", false), NONE);
    assert_eq!(bench.put("kim-phone/presence.home", false), NONE);
    assert_eq!(bench.pass("5m"), SCENE);
    bench.load(&rule("presence = { who = \"kim\", becomes = \"home\" }"));
    assert_eq!(bench.put("alex-phone/presence.home", true), NONE);
    assert_eq!(bench.put("kim-phone/presence.home", true), SCENE);
}

#[test]
fn the_mode_of_the_house_triggers_and_is_asked_for() {
    let mut bench = Bench::new(&rule("house = [\"away\", \"night\"]"));
    bench.put("house/house.mode", hub_model::Value::text("home"));
    assert_eq!(bench.put("house/house.mode", hub_model::Value::text("night")), SCENE);
    assert_eq!(bench.put("house/house.mode", hub_model::Value::text("away")), NONE);
    let text = "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
                if = { house = \"away\", variable = { name = \"vacation\", is = true } }\n\
                then = [ { house = \"home\" }, { variable = { name = \"vacation\", value = false } }, { variable = { name = \"counter\", add = 2 } } ]";
    bench.load(text);
    bench.put("counter/variable.number", 40.0);
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    bench.put("vacation/variable.flag", true);
    let done = ["house house.mode=home", "vacation variable.flag=false", "counter variable.number=42"];
    assert_eq!(bench.occurs("bedside-button", "button.single"), done);
}

#[test]
fn a_condition_that_begins_to_hold_triggers_by_events_and_by_time() {
    let holds =
        "holds = { property = { of = \"front-door/contact.open\", is = true }, between = [\"13:00\", \"14:00\"] }";
    let mut bench = Bench::new(&rule(holds));
    assert_eq!(bench.put("front-door/contact.open", true), NONE);
    assert_eq!(bench.pass("1h"), SCENE);
    assert_eq!(bench.put("front-door/contact.open", false), NONE);
    assert_eq!(bench.put("front-door/contact.open", true), SCENE);
    bench.pass("2h");
    assert_eq!(bench.put("front-door/contact.open", false), NONE);
}

#[test]
fn a_scene_that_was_run_triggers_whoever_ran_it() {
    let text = rule("scene = \"good-night\"").replace("scene = \"good-night\" } ]\n}", "");
    let text = text.replace(
        "then = [ { scene = \"good-night\" } ]",
        "then = [ { invoke = { target = \"front-door-lock\", action = \"lock.lock\" } } ]",
    );
    let mut bench = Bench::new(&text);
    let what = What::Scene { scene: SceneId::named("good-night"), run: RunId::named("x") };
    assert_eq!(bench.event(what, Cause::root(Actor::Hub)), ["front-door-lock lock.lock"]);
}

const CHAIN: &str = r#"
[[rule]]
name = "First"
when = [ { occurs = { of = "bedside-button", what = "single" } } ]
then = [ { run = "second" } ]
[[rule]]
name = "Second"
when = [ { at = "03:00" } ]
if = { property = { of = "hall-lamp/on_off.on", is = false } }
then = [ { scene = "good-night" } ]
[[rule]]
name = "Third"
when = [ { rule = "second" } ]
then = [ { disable = "first" } ]
"#;

#[test]
fn rules_run_each_other_and_wait_for_each_other() {
    let mut bench = Bench::new(CHAIN);
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    bench.put("hall-lamp/on_off.on", false);
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night", "disables first"]);
}

#[test]
fn rules_that_run_each_other_in_a_circle_end() {
    let text = |one: &str, other: &str| {
        format!(
            "[[rule]]\nname = \"{one}\"\nmode = \"parallel\"\nwhen = [ {{ started = true }} ]\nthen = [ {{ run = \"{other}\" }}, {{ run = \"{other}\" }} ]\n"
        )
    };
    let mut bench = Bench::new(&[text("a", "b"), text("b", "a")].concat());
    let told = bench.signal(&Signal::Started);
    assert!(told.iter().any(|told| told.starts_with("notice")), "{told:?}");
}

#[test]
fn a_rule_that_names_another_one_that_is_not_there_is_told_so() {
    let mut bench = Bench::new("");
    bench.load(&CHAIN.replace("run = \"second\"", "run = \"secnd\""));
    assert!(bench.problem("first").unwrap().ends_with("there is no rule `secnd`, did you mean `second`?"));
}

#[test]
fn a_phrase_counts_in_its_language() {
    let hear = |bench: &mut Bench, text: &str, language: &str| {
        bench.signal(&Signal::Phrase { words: phrase::normal(text), language: language.into() })
    };
    let mut bench = Bench::new(&rule("phrase = [\"Good night!\", \"晚安\"]"));
    assert_eq!(hear(&mut bench, "good night", "de"), SCENE);
    assert_eq!(hear(&mut bench, "晚安。", "zh"), SCENE);
    assert_eq!(hear(&mut bench, "good morning", "en"), NONE);
    bench.load(&rule("phrase = { de = \"gute nacht\", en = [\"good night\"] }"));
    assert_eq!(hear(&mut bench, "Gute Nacht", "de-CH"), SCENE);
    assert_eq!(hear(&mut bench, "Gute Nacht", "en"), NONE);
}

#[test]
fn a_rule_is_run_by_hand_whether_it_has_triggers_or_none_and_only_if_its_condition_holds() {
    let by_hand = Signal::ByHand(hub_model::RuleId("a".into()));
    let mut bench = Bench::new("name = \"A\"\nwhen = []\nthen = [ { scene = \"good-night\" } ]");
    assert_eq!(bench.signal(&by_hand), SCENE);
    assert_eq!(bench.signal(&Signal::ByHand(hub_model::RuleId("b".into()))), NONE);
    let only = |condition: &str| {
        format!(
            "name = \"A\"\nwhen = [ {{ at = \"03:00\", id = \"night\" }} ]\nif = {{ {condition} }}\n\
             then = [ {{ scene = \"good-night\" }} ]"
        )
    };
    bench.load(&only("trigger = \"night\""));
    assert_eq!(bench.signal(&by_hand), NONE);
    bench.load(&only("not = { trigger = \"night\" }"));
    assert_eq!(bench.signal(&by_hand), SCENE);
}

#[test]
fn what_a_webhook_is_told_is_asked_for_by_conditions() {
    let text = "name = \"A\"\nwhen = [ { at = \"03:00\" }, { webhook = {}, id = \"call\" } ]\n\
                if = { body = { field = \"alarm.level\", above = 3 }, trigger = \"call\" }\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    let call = |bench: &mut Bench, trigger: usize, body: serde_json::Value| {
        bench.signal(&Signal::Webhook { rule: hub_model::RuleId("a".into()), trigger, body: Some(body) })
    };
    assert_eq!(call(&mut bench, 1, json!({ "alarm": { "level": 4 } })), SCENE);
    assert_eq!(call(&mut bench, 1, json!({ "alarm": { "level": 3 } })), NONE);
    assert_eq!(call(&mut bench, 1, json!([])), NONE);
    assert_eq!(call(&mut bench, 0, json!({ "alarm": { "level": 4 } })), NONE);
}

#[test]
fn an_answer_beneath_a_message_and_the_start_of_the_hub_trigger() {
    let mut bench = Bench::new(&rule("answer = \"open-it\""));
    assert_eq!(bench.signal(&Signal::Answer("open-it".into())), SCENE);
    assert_eq!(bench.signal(&Signal::Answer("leave-it".into())), NONE);
    bench.load(&rule("started = true"));
    assert_eq!(bench.signal(&Signal::Started), SCENE);
}

#[test]
fn a_text_tells_what_set_its_run_off() {
    let telling = |when: &str, text: &str| {
        format!(
            "name = \"A\"\nwhen = [ {{ {when} }} ]\nthen = [ {{ wait = \"1m\" }}, {{ notify = {{ title = \"{text}\", text = \"-\" }} }} ]"
        )
    };
    let text = "{trigger.name}, {trigger.room}: {trigger.old} to {trigger.value}{body.x}";
    let mut bench = Bench::new(&telling("property = { of = \"kind:sensor/temperature.measured\", above = 25 }", text));
    bench.put("outdoor/temperature.measured", 24.25);
    bench.put("outdoor/temperature.measured", 25.126);
    // It tells of then, whatever is now.
    bench.put("outdoor/temperature.measured", 20.0);
    assert_eq!(bench.pass("1m"), ["notice outdoor, Garden: 24.25 to 25.13?"]);
    bench.load(&telling("webhook = {}", "{body.alarm.state} {trigger.name}"));
    let body = Some(json!({ "alarm": { "state": "fire" } }));
    bench.signal(&Signal::Webhook { rule: hub_model::RuleId("a".into()), trigger: 0, body });
    assert_eq!(bench.pass("1m"), ["notice fire ?"]);
}
