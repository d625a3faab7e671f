//! Tasmota's own discovery: recorded messages of real devices, and one with everything.

use hub_model::{
    Action, Actor, Cause, Color, Command, CommandId, DeviceId, EndpointId, Invoke, Property, Target, Value,
    capability::{brightness, color, color_temperature, covering, fan, on_off},
};

use super::*;

const RECORDED: &str = include_str!("../../../tests/data/tasmota.jsonl");

fn home(mac: &str) -> Feed {
    let mut home = Feed::new();
    announce(&mut home, mac, RECORDED.lines());
    home
}

fn announce<'a>(home: &mut Feed, mac: &str, lines: impl Iterator<Item = &'a str>) {
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let topic = line["topic"].as_str().unwrap();
        if topic.contains(mac) {
            home.message(topic, &line["payload"].to_string(), true);
        }
    }
}

/// What a command sends.
fn sends(home: &Feed, endpoint: &str, set: Vec<(Property, Value)>, invoke: Option<Invoke>) -> String {
    let plan = home.book.devices.values().find_map(|device| device.plan.clone()).unwrap();
    let target = Target { device: DeviceId::named("x"), endpoint: endpoint.parse::<EndpointId>().unwrap() };
    let (id, cause) = (CommandId::fresh(), Cause::root(Actor::Hub));
    let command =
        Command { id, key: None, target, set, invoke, transition: None, cause, deadline: Duration::from_secs(5) };
    let messages = plan.messages(&command).unwrap();
    messages.iter().map(|message| format!("{} {}\n", message.topic, message.payload)).collect()
}

#[test]
fn relays_and_thermometers_are_found_and_asked() {
    let mut home = home("DC4F220756C6");
    let asked: Vec<String> = home.effects.ask.iter().map(|ask| format!("{} {}", ask.topic, ask.payload)).collect();
    assert_eq!(asked, ["cmnd/cv-ruimte/STATE ", "cmnd/cv-ruimte/STATUS 10"], "once, though two messages came");
    home.message("tele/cv-ruimte/LWT", "Online", true).settle();
    home.message(
        "stat/cv-ruimte/RESULT",
        r#"{"Time":"2024-03-31T08:46:17","POWER1":"ON","POWER2":"OFF","Wifi":{"RSSI":72,"Signal":-64}}"#,
        false,
    );
    home.message("stat/cv-ruimte/STATUS10", r#"{"StatusSNS":{"Time":"2024-03-31T08:46:17","DS18B20-1":{"Id":"3CCCE3810022","Temperature":18.4},"TempUnit":"C"}}"#, false);
    home.message("stat/cv-ruimte/RESULT", r#"{"POWER3":"ON"}"#, false);
    home.message("tele/cv-ruimte/SENSOR", r#"{"DS18B20-2":{"Id":"3CF0E381CD74","Temperature":17.2}}"#, false);
    home.message("tele/cv-ruimte/LWT", "Offline", true);
    insta::assert_snapshot!(home.said());
}

#[test]
fn a_lamp_of_all_colours() {
    let mut home = home("6001946F966E");
    home.settle();
    home.message(
        "tele/SONOFF_RGBW1/STATE",
        r#"{"POWER":"ON","Dimmer":50,"Color":"128,64,0,0,0","HSBColor":"30,100,50","White":0,"CT":300}"#,
        false,
    );
    home.message("stat/SONOFF_RGBW1/RESULT", r#"{"POWER":"ON","Dimmer":80,"White":80,"CT":250}"#, false);
    let mut words = home.said();
    for (property, value) in [
        (Property::from(&on_off::ON), Value::from(false)),
        (Property::from(&brightness::LEVEL), 30.0.into()),
        (Property::from(&color_temperature::KELVIN), 4000.0.into()),
        (Property::from(&color::VALUE), Color::new(120.0, 80.0).into()),
    ] {
        words += &sends(&home, "1", vec![(property, value)], None);
    }
    insta::assert_snapshot!(words);
}

#[test]
fn a_device_with_everything() {
    let mut home = home("AABBCCDDEEFF");
    home.settle();
    let at = |prefix: &str, what: &str| format!("all-classes/{prefix}/all_classes/DDEEFF/{what}");
    home.message(
        &at("tele", "SENSOR"),
        r#"{"Shutter1":{"Position":40,"Direction":0,"Target":40,"Tilt":45},"Switch2":"ON"}"#,
        false,
    );
    home.message(&at("stat", "RESULT"), r#"{"Shutter1":{"Position":50,"Direction":1,"Target":100,"Tilt":45}}"#, false);
    home.message(&at("stat", "RESULT"), r#"{"Button1":{"Action":"DOUBLE"}}"#, false);
    home.message(&at("stat", "RESULT"), r#"{"Switch1":{"Action":"HOLD"}}"#, false);
    home.message(&at("stat", "RESULT"), r#"{"Switch2":{"Action":"OFF"}}"#, false);
    home.message(&at("stat", "RESULT"), r#"{"FanSpeed":2}"#, false);
    let mut words = home.said();
    let plan = home.book.devices.values().find_map(|device| device.plan.clone()).unwrap();
    let with = |property: &Property| {
        let endpoint = plan.found.endpoints.iter().find(|endpoint| endpoint.offer(property).is_some());
        endpoint.unwrap().id.to_string()
    };
    for (property, value) in [
        (Property::from(&covering::POSITION), 70.0),
        (Property::from(&covering::TILT), 50.0),
        (Property::from(&fan::SPEED), 100.0),
        (Property::from(&fan::SPEED), 0.0),
    ] {
        words += &sends(&home, &with(&property), vec![(property.clone(), value.into())], None);
    }
    let stop = Invoke::plain(Action::from(&covering::STOP));
    words += &sends(&home, &with(&Property::from(&covering::POSITION)), Vec::new(), Some(stop));
    insta::assert_snapshot!(words);
}

#[test]
fn a_meter_counts_and_a_weather_station_measures() {
    let mut home = home("00000049A3BC");
    home.settle();
    home.message("tasmota_49A3BC/tele/STATE", r#"{"POWER1":"ON"}"#, false);
    home.message("tasmota_49A3BC/tele/SENSOR", r#"{"ENERGY":{"Total":1.5,"TotalTariff":[1.2,3.4],"Power":42,"Voltage":230,"ExportActive":2},"AM2301":{"Temperature":70.5},"TX23":{"Speed":{"Act":"12.3"},"Dir":{"Card":"ESE"}}}"#, false);
    insta::assert_snapshot!(home.said());
}

#[test]
fn both_messages_may_come_in_any_order_and_go_again() {
    let (mut forwards, mut backwards) = (Feed::new(), Feed::new());
    announce(&mut forwards, "", RECORDED.lines());
    announce(&mut backwards, "", RECORDED.lines().rev());
    assert_eq!(forwards.settle().said(), backwards.settle().said());
    for mac in ["DC4F220756C6", "6001946F966E", "AABBCCDDEEFF", "00000049A3BC"] {
        forwards.message(&format!("tasmota/discovery/{mac}/config"), "", true);
        forwards.message(&format!("tasmota/discovery/{mac}/sensors"), "", true);
    }
    assert_eq!(forwards.settle().said().matches(" gone").count(), 4);
    assert!(forwards.book.tasmotas.is_empty() && forwards.book.bundles.is_empty());
    assert!(forwards.book.topics().is_empty());
}

#[test]
fn what_is_no_device_is_complained_of_once() {
    let mut home = Feed::new();
    for payload in ["{}", "[]", r#"{"mac":"AABBCCDDEEFF","t":"x","ft":"%topic%/#/"}"#, r#"{"mac":"short"}"#] {
        home.message("tasmota/discovery/AABBCCDDEEFF/config", payload, true);
    }
    let said = home.settle().said();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("`mac` is missing"), "{said}");
}

proptest::proptest! {
    #[test]
    fn any_device_is_survived(
        relays: Vec<i64>, switches: Vec<i64>, kind in -1_i64..7, linked in 0..2, name in "[a-zA-Z ]{0,9}", keys in proptest::collection::vec(("[a-zA-Z0-9 _{}-]{0,9}", 0_u8..4), 0..9),
    ) {
        let mut home = Feed::new();
        let config = serde_json::json!({
            "mac": "AABBCCDDEEFF", "t": "x", "ft": "%prefix%/%topic%", "dn": name, "fn": [name], "rl": relays, "swc": switches,
            "btn": switches, "lt_st": kind, "lk": linked, "so": {"73": 1, "114": 1}, "sht": [[0, 90, 1]], "if": linked,
        });
        let values: serde_json::Map<_, _> = keys.into_iter().map(|(key, kind)| {
            let value = match kind {
                0 => serde_json::json!(1),
                1 => serde_json::json!({"Temperature": 2, key.clone(): [1, "x", null]}),
                2 => serde_json::json!("text"),
                _ => serde_json::json!([[[[[1]]]]]),
            };
            (key, value)
        }).collect();
        home.message("tasmota/discovery/AABBCCDDEEFF/config", &config.to_string(), true);
        home.message("tasmota/discovery/AABBCCDDEEFF/sensors", &serde_json::json!({"sn": values}).to_string(), true);
        home.message("tele/x/SENSOR", &serde_json::json!(values).to_string(), false).settle();
        proptest::prop_assert!(home.effects.complaints.is_empty(), "{:?}", home.effects.complaints);
        proptest::prop_assert!(home.said().starts_with("mac:aa:bb:cc:dd:ee:ff is `"));
    }
}

#[test]
fn channels_that_are_not_linked_are_lights_of_their_own() {
    let config = |more: serde_json::Value| {
        let mut config = serde_json::json!({
            "mac": "AABBCCDDEEFF", "t": "x", "ft": "%prefix%/%topic%/", "dn": "Strip", "rl": [2, 2], "lt_st": 5, "lk": 0
        });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config.to_string()
    };
    let mut words = String::new();
    for (more, state) in [
        (
            serde_json::json!({}),
            r#"{"POWER1":"ON","POWER2":"OFF","Dimmer1":50,"Dimmer2":20,"HSBColor":"120,100,50","CT":300}"#,
        ),
        (serde_json::json!({"so": {"68": 1}}), r#"{"POWER1":"ON","POWER2":"OFF","Channel":[30,40]}"#),
        (serde_json::json!({"rl": [3, 3], "sho": [1]}), r#"{"Shutter1":{"Position":100,"Direction":0}}"#),
    ] {
        let mut home = Feed::new();
        home.message("tasmota/discovery/AABBCCDDEEFF/config", &config(more), true).settle();
        home.message("stat/x/RESULT", state, false);
        words += &home.said();
    }
    insta::assert_snapshot!(words);
}
