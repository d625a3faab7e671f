//! Device bundles, attributes, and values that fade.

use serde_json::json;

use super::*;

fn bundle(components: serde_json::Value) -> serde_json::Value {
    json!({
        "dev": {"ids": ["ea334450945afc"], "name": "Boiler", "mf": "Acme"}, "o": {"name": "bla2mqtt"},
        "~": "boiler", "stat_t": "~/state", "avty_t": "~/there", "cmps": components
    })
}

fn both() -> serde_json::Value {
    bundle(json!({
        "flow": {"p": "sensor", "dev_cla": "temperature", "unit_of_meas": "°C", "val_tpl": "{{ value_json.flow }}"},
        "heat": {"p": "switch", "cmd_t": "~/heat/set", "val_tpl": "{{ value_json.heat }}", "uniq_id": "heat"}
    }))
}

#[test]
fn a_bundle_is_one_device_with_all_its_entities() {
    let mut home = Feed::new();
    home.config("device/boiler", both()).message("boiler/there", "online", true).settle();
    home.message("boiler/state", r#"{"flow": 55.5, "heat": "ON"}"#, false);
    insta::assert_snapshot!(home.said());
    home.config("device/boiler", both()).settle();
    assert_eq!(home.said(), "", "repeated, it changes nothing");
}

#[test]
fn an_entity_that_names_only_its_platform_is_taken_away() {
    let mut home = Feed::new();
    home.config("device/boiler", both()).settle().said();
    let mut less = both();
    less["cmps"]["heat"] = json!({"p": "switch"});
    home.config("device/boiler", less).settle();
    let said = home.said();
    assert!(said.contains("temperature.measured") && !said.contains("on_off.on"), "{said}");
    home.message("homeassistant/device/boiler/config", "", true).settle();
    assert_eq!(home.said(), "ea334450945afc gone\n");
}

#[test]
fn entities_move_between_single_configurations_and_a_bundle_without_a_gap() {
    let mut home = Feed::new();
    let single = json!({
        "stat_t": "boiler/state", "cmd_t": "boiler/heat/set", "val_tpl": "{{ value_json.heat }}", "uniq_id": "heat",
        "dev": {"ids": ["ea334450945afc"], "name": "Boiler"}
    });
    home.config("switch/boiler/heat", single.clone()).settle().said();
    home.config("switch/boiler/heat", json!({"migr_discvry": true})).settle();
    home.config("device/boiler", both()).settle();
    home.message("homeassistant/switch/boiler/heat/config", "", true).settle();
    let said = home.said();
    assert!(said.contains("on_off.on") && !said.contains("gone"), "{said}");
    home.config("device/boiler", json!({"migrate_discovery": true})).settle();
    home.config("switch/boiler/heat", single).settle();
    home.message("homeassistant/device/boiler/config", "", true).settle();
    assert!(!home.said().contains("gone"));
}

#[test]
fn a_bundle_that_vanished_while_the_connection_was_away_is_gone() {
    let mut home = Feed::new();
    home.config("device/boiler", both()).settle().said();
    home.book.connect(home.now);
    home.wait(Duration::from_secs(91)).settle();
    assert!(home.said().contains("gone"));
    assert!(home.book.bundles.is_empty());
}

#[test]
fn what_is_wrong_with_one_entity_leaves_the_others() {
    let mut home = Feed::new();
    let mut broken = both();
    broken["cmps"]["heat"]["min"] = json!(1);
    broken["cmps"]["heat"]["p"] = json!("event");
    broken["cmps"]["picture"] = json!({"p": "camera", "t": "c"});
    home.config("device/boiler", broken).settle();
    let left_out = std::mem::take(&mut home.effects.left_out);
    assert!(left_out[0].to_string().contains("`camera` are left out: pictures"), "{left_out:?}");
    let said = home.said();
    assert!(said.contains("temperature.measured"));
    assert!(said.contains("! homeassistant/device/boiler/config#heat: `event_types` is missing"), "{said}");
}

#[test]
fn a_value_that_is_not_told_again_in_time_is_unknown() {
    let mut home = Feed::new();
    let sensor =
        json!({"stat_t": "t", "exp_aft": 60, "dev_cla": "temperature", "unit_of_meas": "°C", "dev": {"ids": "t"}});
    home.config("sensor/t/temperature", sensor).settle();
    home.message("t", "20", false).wait(Duration::from_secs(50)).message("t", "20", false);
    home.wait(Duration::from_secs(50)).said();
    assert_eq!(home.book.wakes_at(), Some(home.now + Duration::from_secs(10)));
    assert_eq!(home.wait(Duration::from_secs(10)).said(), "t/1/temperature.measured = unknown\n");
    assert_eq!(home.wait(Duration::from_secs(100)).said(), "");
    home.message("t", "21", false).said();
    home.message("homeassistant/sensor/t/temperature/config", "", true).settle().said();
    assert_eq!(home.wait(Duration::from_secs(100)).said(), "", "an entity that is gone says nothing");
}

#[test]
fn a_sensor_that_only_says_on_is_off_after_its_delay() {
    let mut home = Feed::new();
    let sensor = json!({"stat_t": "m", "off_dly": 5, "exp_aft": 60, "dev_cla": "motion", "dev": {"ids": "m"}});
    home.config("binary_sensor/m/motion", sensor).settle();
    home.message("m", "ON", false).said();
    assert_eq!(home.wait(Duration::from_secs(5)).said(), "m/1/occupancy.occupied = false\n");
    assert_eq!(home.wait(Duration::from_secs(60)).said(), "m/1/occupancy.occupied = unknown\n");
    home.message("m", "ON", false).message("m", "OFF", false).said();
    assert_eq!(home.wait(Duration::from_secs(10)).said(), "", "off is off already");
}

#[test]
fn attributes_become_properties_of_the_vendor_when_they_are_first_heard() {
    let mut home = Feed::new();
    let sensor = json!({
        "stat_t": "w/state", "json_attr_t": "w/attributes", "dev_cla": "temperature", "unit_of_meas": "°C",
        "dev": {"ids": "w", "name": "Weather", "mf": "Acme"}
    });
    home.config("sensor/w/outside", sensor).settle().said();
    home.message("w/attributes", r#"{"station": "roof", "age": 3, "ok": true, "list": [1], "none": null}"#, true)
        .settle();
    insta::assert_snapshot!(home.said());
    home.message("w/attributes", r#"{"station": 7, "age": 4}"#, false);
    assert_eq!(home.said(), "w/1/x.acme.outside_station = unknown\nw/1/x.acme.outside_age = 4\n");
    let many: serde_json::Map<_, _> = (0..100).map(|n| (format!("a{n}"), json!(n))).collect();
    home.message("w/attributes", &json!(many).to_string(), false).settle();
    let plan = home.book.devices.values().next().unwrap().plan.clone().unwrap();
    assert_eq!(plan.found.endpoints[0].properties.len(), 17, "the temperature and sixteen attributes");
}

#[test]
fn attributes_on_the_state_topic_itself_are_passed_over() {
    let mut home = Feed::new();
    let sensor = json!({"stat_t": "w", "json_attr_t": "w", "val_tpl": "{{ value_json.t }}", "dev": {"ids": "w"}});
    home.config("sensor/w/t", sensor).settle().said();
    assert_eq!(home.message("w", r#"{"t": "a", "other": 1}"#, false).settle().said(), "w/1/x.mqtt.t = a\n");
}

proptest::proptest! {
    #[test]
    fn any_bundles_leave_no_entity_behind(bundles: Vec<Vec<(u8, u8)>>) {
        let mut home = Feed::new();
        for components in bundles {
            let components: serde_json::Map<_, _> = components.into_iter().map(|(key, kind)| {
                let platform = ["sensor", "switch", "nothing", "event"][kind as usize % 4];
                let config = if kind > 200 { json!({"p": platform}) } else { json!({"p": platform, "cmd_t": "c", "exp_aft": 1}) };
                (format!("k{}", key % 8), config)
            }).collect();
            home.config("device/x", bundle(json!(components))).wait(Duration::from_millis(500));
            home.message("boiler/state", "1", false);
        }
        home.message("homeassistant/device/x/config", "", true).settle();
        proptest::prop_assert!(home.book.entities.is_empty() && home.book.bundles.is_empty());
        proptest::prop_assert!(home.book.topics().is_empty());
        proptest::prop_assert!(home.book.fades.next().is_none());
    }
}
