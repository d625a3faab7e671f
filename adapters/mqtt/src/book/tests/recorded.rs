//! Recordings of real programs.

use super::*;

fn feed(feed: &mut Feed, recording: &str) {
    for line in recording.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let payload = match &line["payload"] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        feed.message(line["topic"].as_str().unwrap(), &payload, line["retain"] == 1);
    }
}

const ZIGBEE2MQTT: &str = include_str!("../../../tests/data/zigbee2mqtt-2.14.1.jsonl");
const LARGER: &str = include_str!("../../../tests/data/zigbee2mqtt-larger.jsonl");
const DISCOVERABLE: &str = include_str!("../../../tests/data/ha-mqtt-discoverable-0.26.0.jsonl");

#[test]
fn zigbee2mqtt_gives_one_device_for_each_thing() {
    let mut home = Feed::new();
    feed(&mut home, ZIGBEE2MQTT);
    home.settle();
    insta::assert_snapshot!(home.said());
    home.message("zigbee2mqtt/bulb_color", r#"{"state":"ON","brightness":120,"color_temp":370,"color_mode":"color_temp","color":{"x":0.4,"y":0.4},"linkquality":99}"#, false);
    home.message(
        "zigbee2mqtt/power_plug",
        r#"{"state":"OFF","power":12.5,"energy":3.25,"device_temperature":31,"power_outage_memory":true}"#,
        false,
    );
    home.message("zigbee2mqtt/wall_switch_double", r#"{"state_left":"ON","state_right":"OFF"}"#, false);
    insta::assert_snapshot!(home.said());
}

#[test]
fn the_order_of_messages_does_not_matter() {
    let mut forwards = Feed::new();
    feed(&mut forwards, ZIGBEE2MQTT);
    let mut backwards = Feed::new();
    let lines: Vec<&str> = ZIGBEE2MQTT.lines().rev().collect();
    feed(&mut backwards, &lines.join("\n"));
    assert_eq!(forwards.settle().said(), backwards.settle().said());
}

#[test]
fn ha_mqtt_discoverable_is_one_device_with_states_before_and_after() {
    let mut home = Feed::new();
    feed(&mut home, DISCOVERABLE);
    insta::assert_snapshot!(home.settle().said());
}

#[test]
fn a_larger_zigbee2mqtt_with_blind_lock_and_sensors() {
    let mut home = Feed::new();
    feed(&mut home, LARGER);
    insta::assert_snapshot!(home.settle().said());
    home.message("zigbee2mqtt/blind", r#"{"state":"OPEN","position":60,"battery":null}"#, false);
    home.message("zigbee2mqtt/lock", r#"{"state":"LOCK","battery":80}"#, false);
    home.message("zigbee2mqtt/door", r#"{"contact":true,"battery":97}"#, false);
    home.message("zigbee2mqtt/weather", r#"{"temperature":21.5,"humidity":40,"pressure":1013.2}"#, false);
    home.message("zigbee2mqtt/leak", r#"{"water_leak":true,"battery_low":false}"#, false);
    insta::assert_snapshot!(home.said());
}
