use hub_model::{Actor, Cause, RoomId, What};

use super::bench::{Bench, rules};
use crate::engine::Input;

const NONE: [&str; 0] = [];

fn cause() -> Cause {
    Cause::root(Actor::Hub)
}

const MOTION: &str = "name = \"Motion\"\nwhen = [ { property = { of = \"hall-motion/occupancy.occupied\", becomes = true } } ]\n\
     then = [ { set = { target = \"kind:light in room:hall\", \"on_off.on\" = true } } ]";

#[test]
fn a_rule_whose_device_comes_later_runs_from_then_on() {
    let mut bench = Bench::new("");
    let sensor = bench.home.by_handle("hall-motion").unwrap().device.clone();
    bench.home.remove(sensor.id);
    bench.load(MOTION);
    assert_eq!(bench.problem("motion").unwrap(), "rules.toml:2:30: there is no device `hall-motion`");
    let before = bench.engine.revision();
    bench.home.put(sensor.clone());
    bench.event(What::Device(sensor.id), cause());
    assert_eq!(bench.problem("motion"), None);
    assert!(bench.engine.revision() > before);
    assert_eq!(bench.put("hall-motion/occupancy.occupied", true), ["hall-lamp on_off.on=true"]);
    bench.home.remove(sensor.id);
    bench.event(What::Device(sensor.id), cause());
    assert!(bench.problem("motion").is_some());
}

#[test]
fn a_device_that_comes_into_a_room_belongs_to_its_rules() {
    let mut bench = Bench::new(MOTION);
    let mut lamp = (*bench.home.by_handle("bench-lamp").unwrap().device).clone();
    lamp.room = Some(RoomId::named("Hall"));
    bench.home.put(lamp.clone().into());
    bench.event(What::Device(lamp.id), cause());
    let mut effects = bench.put("hall-motion/occupancy.occupied", true);
    effects.sort();
    assert_eq!(effects, ["bench-lamp on_off.on=true", "hall-lamp on_off.on=true"]);
}

#[test]
fn a_scene_that_is_made_later_is_found() {
    let mut bench = Bench::new("");
    let scenes = std::mem::take(&mut bench.home.scenes);
    bench.load("name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\nthen = [ { scene = \"good-night\" } ]");
    assert!(bench.problem("a").is_some());
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    bench.home.scenes = scenes;
    bench.event(What::Home, cause());
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
}

const WAITING: &str = "[[rule]]\nname = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
     then = [ { wait = \"1m\" }, { scene = \"good-night\" } ]\n";

#[test]
fn a_reload_leaves_runs_of_rules_that_did_not_change() {
    let mut bench = Bench::new(WAITING);
    bench.occurs("bedside-button", "button.single");
    bench.pass("30s");
    bench.load(&format!("# Another line.\n{WAITING}\n{}", WAITING.replace("\"A\"", "\"B\"")));
    assert_eq!(bench.pass("30s"), ["scene good-night"]);
}

#[test]
fn a_rule_that_changed_or_went_ends_where_it_is() {
    for after in [WAITING.replace("1m", "2m"), WAITING.replace("name", "enabled = false\nname"), String::new()] {
        let mut bench = Bench::new(WAITING);
        bench.occurs("bedside-button", "button.single");
        bench.load(if after.is_empty() { MOTION } else { &after });
        assert_eq!(bench.pass("1h"), NONE, "{after}");
    }
}

#[test]
fn a_plan_that_stays_keeps_what_is_being_held() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { property = { of = \"front-door/contact.open\", becomes = true, held = \"5m\" } } ]\n\
         then = [ { scene = \"good-night\" } ]",
    );
    bench.put("front-door/contact.open", true);
    bench.pass("4m");
    let mut door = (*bench.home.by_handle("front-door").unwrap().device).clone();
    door.name = "Main door".into();
    bench.home.put(door.clone().into());
    bench.event(What::Device(door.id), cause());
    assert_eq!(bench.pass("1m"), ["scene good-night"]);
}

#[test]
fn what_is_held_goes_on_after_a_start() {
    let mut bench = Bench::new("");
    bench.put("front-door/contact.open", true);
    bench.pass("4m");
    let held = |span: &str| {
        format!(
            "name = \"A\"\nwhen = [ {{ property = {{ of = \"front-door/contact.open\", becomes = true, held = \"{span}\" }} }} ]\n\
             then = [ {{ scene = \"good-night\" }} ]"
        )
    };
    bench.load(&held("5m"));
    assert_eq!(bench.pass("1m"), ["scene good-night"]);
    bench.load(&held("3m"));
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn what_holds_goes_on_after_a_start_too() {
    let mut bench = Bench::new("");
    bench.put("alex-phone/presence.home", true);
    bench.put("front-door/contact.open", true);
    bench.pass("1m");
    bench.put("alex-phone/presence.home", false);
    bench.pass("4m");
    let held = |span: &str| {
        let parts = "{ property = { of = \"front-door/contact.open\", is = true } }, { property = { of = \"alex-phone/presence.home\", is = false } }";
        format!(
            "name = \"A\"\nwhen = [ {{ holds = {{ all = [ {parts} ] }}, held = \"{span}\" }} ]\nthen = [ {{ scene = \"good-night\" }} ]"
        )
    };
    bench.load(&held("5m"));
    assert_eq!(bench.pass("59s"), NONE);
    assert_eq!(bench.pass("1s"), ["scene good-night"]);
    bench.load(&held("3m"));
    assert_eq!(bench.pass("1h"), NONE, "it has triggered before");
}

#[test]
fn slots_of_rules_that_went_are_used_again() {
    let mut bench = Bench::new(WAITING);
    for _ in 0..10 {
        bench.tell(Input::Rules(Vec::new()));
        bench.tell(Input::Rules(rules(WAITING)));
    }
    assert_eq!(bench.engine.slots.len(), 1);
    bench.occurs("bedside-button", "button.single");
    assert_eq!(bench.pass("1m"), ["scene good-night"]);
}
