//! Entities and brokers that come, change and go.

use serde_json::json;

use super::*;

fn plug(home: &mut Feed) -> &mut Feed {
    let device = json!({"identifiers": ["p1"], "name": "Plug", "manufacturer": "Acme", "model": "Smart plug"});
    home.config("switch/p1/relay", json!({"device": device, "state_topic": "p/state", "command_topic": "p/set"}));
    home.config(
        "sensor/p1/power",
        json!({"device": device, "state_topic": "p/power", "device_class": "power", "unit_of_measurement": "kW"}),
    )
}

#[test]
fn an_entity_that_goes_leaves_the_rest_of_its_device() {
    let mut home = Feed::new();
    plug(&mut home).settle().said();
    home.message("homeassistant/sensor/p1/power/config", "", false).settle();
    assert_eq!(
        home.said(),
        "p1 is `Plug`, Some(\"Acme\") Some(\"Smart plug\")\n  1 plug\n    on_off.on bool [] settable\n"
    );
    assert!(!home.book.needs("p/power") && home.book.needs("p/state"));
    home.message("homeassistant/switch/p1/relay/config", " ", false).settle();
    assert_eq!(home.said(), "p1 gone\n");
    assert!(home.book.topics().is_empty());
}

#[test]
fn the_same_entity_under_two_topics_is_one() {
    let mut home = Feed::new();
    for topic in ["switch/old/relay", "switch/new/relay"] {
        home.config(topic, json!({"dev": {"ids": "p"}, "uniq_id": "p_relay", "cmd_t": "c", "stat_t": "s"}));
    }
    assert_eq!(home.settle().said().matches("on_off.on").count(), 1);
}

#[test]
fn devices_with_a_mark_in_common_are_one() {
    let mut home = Feed::new();
    home.config(
        "switch/a/relay",
        json!({"dev": {"ids": ["x"], "cns": [["mac", "AA:BB"]]}, "cmd_t": "c", "stat_t": "s"}),
    );
    home.config("sensor/b/power", json!({"dev": {"cns": [["mac", "aa:bb"]]}, "stat_t": "p", "dev_cla": "power"}));
    let said = home.settle().said();
    assert!(said.contains("on_off.on") && said.contains("power.watts") && said.matches(" is `").count() == 1, "{said}");
}

#[test]
fn devices_that_turn_out_to_be_one_are_joined_whatever_came_first() {
    let parts = [
        ("switch/a/relay", json!({"dev": {"ids": ["b"]}, "cmd_t": "c", "stat_t": "s", "avty_t": "there"})),
        ("sensor/b/power", json!({"dev": {"ids": ["c"], "name": "Plug"}, "stat_t": "p", "dev_cla": "power"})),
        ("sensor/b/energy", json!({"dev": {"ids": ["c", "b", "a"]}, "stat_t": "e", "dev_cla": "energy"})),
    ];
    let mut said = std::collections::BTreeSet::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut home = Feed::new();
        for place in order {
            home.config(parts[place].0, parts[place].1.clone());
        }
        said.insert(home.settle().said());
        home.message("there", "offline", true);
        for (topic, _) in &parts {
            home.message(&format!("homeassistant/{topic}/config"), "", true);
        }
        assert!(home.settle().said().ends_with("a gone\n"));
        assert!(home.book.topics().is_empty() && home.book.marks.is_empty());
    }
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said.first().unwrap().starts_with("a is `Plug`"));
}

#[test]
fn a_repeated_configuration_says_nothing_new() {
    let mut home = Feed::new();
    plug(&mut home).settle().said();
    assert_eq!(plug(&mut home).settle().said(), "");
}

#[test]
fn a_state_that_came_first_is_told_when_the_configuration_comes() {
    let mut home = Feed::new();
    plug(&mut home).message("p/power", "0.02", true).settle();
    assert!(home.said().contains("p1/1/power.watts = 20"));
}

#[test]
fn a_broker_that_goes_takes_its_devices_along_and_brings_them_back() {
    let mut home = Feed::new();
    plug(&mut home).settle();
    assert!(home.said().ends_with("p1 reachable true\n"));
    home.book.disconnect(Timestamp::UNIX_EPOCH, &mut home.effects);
    assert_eq!(home.said(), "p1 reachable false\n");
    home.book.connect(home.now);
    plug(&mut home).wait(Duration::from_secs(1));
    assert_eq!(home.said(), "p1 reachable true\n");
    assert_eq!(home.wait(Duration::from_secs(120)).said(), "", "what the broker repeated stays");
}

#[test]
fn what_the_broker_no_longer_keeps_is_gone_after_a_reconnection() {
    let mut home = Feed::new();
    plug(&mut home).settle();
    home.book.disconnect(Timestamp::UNIX_EPOCH, &mut home.effects);
    home.book.connect(home.now);
    home.wait(Duration::from_secs(60)).said();
    home.wait(Duration::from_secs(60)).settle();
    assert_eq!(home.said(), "p1 gone\n");
}

#[test]
fn a_device_is_there_while_one_of_its_entities_is() {
    let mut home = Feed::new();
    let availability = json!([{"topic": "bridge"}, {"topic": "a"}]);
    home.config(
        "switch/d/x",
        json!({
            "device": {"ids": "d"}, "stat_t": "s", "cmd_t": "c", "avty": availability, "avty_mode": "all"
        }),
    );
    home.message("bridge", "online", true).settle();
    assert!(!home.said().contains("reachable"), "one of two topics is silent yet");
    assert_eq!(home.message("a", "online", true).said(), "d reachable true\n");
    assert_eq!(home.message("bridge", "offline", true).said(), "d reachable false\n");
    assert_eq!(home.message("bridge", "nonsense", true).said(), "");
    assert_eq!(home.message("bridge", "online", true).said(), "d reachable true\n");
}

#[test]
fn a_trigger_without_availability_keeps_no_device_there() {
    let mut home = Feed::new();
    let device = json!({"ids": "d"});
    home.config("switch/d/x", json!({"dev": device, "stat_t": "s", "cmd_t": "c", "avty_t": "there"}));
    home.config("device_automation/d/y", json!({"dev": device, "type": "action", "stype": "single", "t": "a"}));
    home.message("there", "online", true).settle().said();
    assert_eq!(home.message("there", "offline", false).said(), "d reachable false\n");
}

#[test]
fn what_is_wrong_is_complained_of_once() {
    let mut home = Feed::new();
    let sensor = json!({"device": {"ids": "d"}, "stat_t": "s", "unit_of_meas": "W", "dev_cla": "power"});
    home.config("sensor/d/p", sensor).settle().said();
    home.message("s", "high", false).message("s", "low", false);
    assert_eq!(home.said().lines().count(), 1);
    assert_eq!(home.book.dropped(), 2);
    let bytes = Incoming { topic: "s", payload: &[0xff, 0x00], retain: false };
    home.book.handle(bytes, home.now, Timestamp::UNIX_EPOCH, &mut home.effects);
    assert_eq!((home.said().as_str(), home.book.dropped()), ("", 3), "of each entity once");
    home.config("sensor/d/q", json!({"device": {"ids": "d"}, "stat_t": "a/#"}));
    home.config("light/d/l", json!({"cmd_t": "x", "schema": "jsno"}));
    home.message("homeassistant/light/d/m/config", "{", false);
    home.config("sensor/d/r", json!({"stat_t": "t", "val_tpl": "{{ value "}));
    insta::assert_snapshot!(home.said());
}

#[test]
fn the_press_that_announces_a_button_counts() {
    let mut home = Feed::new();
    let trigger = |subtype: &str| {
        json!({
            "atype": "trigger", "type": "action", "stype": subtype, "pl": subtype, "t": "b/action",
            "dev": {"ids": "b", "name": "Remote"}
        })
    };
    home.config("device_automation/b/action_single", trigger("single"));
    home.message("b/action", "single", false).settle();
    assert!(home.said().contains("b/1 button.single!"));
    home.message("b/action", "double", false);
    home.config("device_automation/b/action_double", trigger("double")).settle();
    assert!(!home.said().contains("b/1 button.double!"), "what came before the configuration is over");
}

#[test]
fn a_press_that_the_broker_repeats_is_no_press() {
    let mut home = Feed::new();
    for subtype in ["single", "double_left"] {
        home.config(
            &format!("device_automation/b/action_{subtype}"),
            json!({
                "automation_type": "trigger", "type": "action", "subtype": subtype, "payload": subtype,
                "topic": "b/action", "device": {"ids": "b", "name": "Remote"}
            }),
        );
    }
    home.message("b/action", "single", true).settle();
    insta::assert_snapshot!(home.said());
    home.message("b/action", "double_left", false).message("b/action", "single", true);
    assert_eq!(home.said(), "b/left button.double!\n");
}

proptest::proptest! {
    #[test]
    fn any_messages_are_survived(messages: Vec<(u8, Vec<u8>)>) {
        let mut home = Feed::new();
        plug(&mut home);
        let topics = ["p/state", "p/power", "homeassistant/light/a/b/config", "homeassistant/sensor/p1/power/config", "x", ""];
        for (topic, payload) in messages {
            let message = Incoming { topic: topics[topic as usize % topics.len()], payload: &payload, retain: topic > 128 };
            home.book.handle(message, home.now, Timestamp::UNIX_EPOCH, &mut home.effects);
            home.wait(Duration::from_millis(200));
        }
    }
}
