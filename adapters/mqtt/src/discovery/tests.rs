//! Configurations as devices write them: abbreviated, generous with types, and wrong.

mod kinds;

use std::collections::BTreeMap;

use hub_model::Value;
use serde_json::json;

use super::*;
use crate::{
    entity::{Heard, Wanted},
    payload::Payload,
};

fn read(component: &str, config: &Json) -> Result<Entity, ConfigError> {
    let topic = DiscoveryTopic { component, node: Some("n"), object: "thing" };
    read_config(topic, config.to_string().as_bytes(), &mut Templates::default())
}

fn heard(entity: &Entity, payload: &str) -> Vec<Heard> {
    let mut heard = Vec::new();
    for at in 0..entity.part.sources().len() {
        entity.part.read(at, &Payload::new(payload.as_bytes()), &mut heard);
    }
    heard
}

fn told(entity: &Entity, value: Value) -> String {
    let wanted = Wanted { values: vec![(0, value)], transition: None };
    entity.part.set(&wanted).unwrap().remove(0).payload
}

#[test]
fn the_base_topic_stands_for_a_tilde_at_either_end() {
    let config = json!({"~": "home/x", "stat_t": "~/state", "cmd_t": "set/~", "avty": [{"t": "~/there"}], "name": "~"});
    let entity = read("switch", &config).unwrap();
    assert_eq!(entity.part.sources()[0].topic, "home/x/state");
    assert_eq!(entity.availability.beacons[0].topic, "home/x/there");
    assert_eq!(
        entity.part.set(&Wanted { values: vec![(0, true.into())], transition: None }).unwrap()[0].topic,
        "set/home/x"
    );
    assert_eq!(entity.name.as_deref(), Some("~"), "only topics have a base");
}

#[test]
fn numbers_and_truths_are_taken_for_texts_as_home_assistant_does() {
    let entity = read("switch", &json!({"stat_t": "s", "cmd_t": "c", "pl_on": 1, "pl_off": 0, "qos": "1"})).unwrap();
    assert_eq!(heard(&entity, "1"), [Heard::Reading(0, true.into())]);
    assert_eq!(told(&entity, false.into()), "0");
    let door = json!({"stat_t": "s", "dev_cla": "door", "pl_on": false, "pl_off": true, "val_tpl": "{{ value_json.contact }}"});
    let entity = read("binary_sensor", &door).unwrap();
    assert_eq!(heard(&entity, r#"{"contact": true}"#), [Heard::Reading(0, false.into())], "closed");
    assert_eq!(heard(&entity, r#"{"contact": null}"#), [Heard::Reading(0, Value::Unknown)]);
    assert_eq!(heard(&entity, r#"{"other": 1}"#), []);
}

#[test]
fn a_cover_counts_from_closed_to_open_whatever_its_own_numbers_are() {
    let entity = read("cover", &json!({
        "cmd_t": "c", "pos_t": "p", "set_pos_t": "sp", "pos_open": 0, "pos_clsd": 255, "pl_stop": null, "dev_cla": "curtain"
    })).unwrap();
    assert_eq!(entity.part.kind(), hub_model::EndpointKind::Curtain);
    assert_eq!(heard(&entity, "51"), [Heard::Reading(0, 80.0.into()), Heard::Reading(1, Value::text("open"))]);
    assert_eq!(heard(&entity, "255")[1], Heard::Reading(1, Value::text("closed")));
    assert_eq!(told(&entity, 20.0.into()), "204");
    let actions: Vec<&str> = entity.part.actions().iter().map(|offer| offer.action.as_str()).collect();
    assert_eq!(actions, ["covering.open", "covering.close"]);
    assert_eq!(entity.part.invoke(1, &BTreeMap::new()).unwrap()[0].payload, "CLOSE");
    let both = read("cover", &json!({"pos_t": "p", "tilt_status_t": "x", "tilt_cmd_t": "t"})).unwrap();
    assert!(heard(&both, r#"{"position": 40, "tilt_position": 10}"#).contains(&Heard::Reading(1, 10.0.into())));
}

#[test]
fn a_lock_hands_its_pin_to_the_template() {
    let entity = read("lock", &json!({
        "cmd_t": "c", "stat_t": "s", "cmd_tpl": "{\"do\": \"{{ value }}\", \"code\": \"{{ code }}\"}", "stat_locked": "zu"
    })).unwrap();
    assert_eq!(heard(&entity, "zu"), [Heard::Reading(0, Value::text("locked"))]);
    let pin = BTreeMap::from([(SmolStr::new_static("pin"), Value::text("1234"))]);
    assert_eq!(entity.part.invoke(1, &pin).unwrap()[0].payload, r#"{"do": "UNLOCK", "code": "1234"}"#);
}

#[test]
fn settings_are_the_vendors_own() {
    let number = json!({"cmd_t": "c", "stat_t": "s", "min": -5, "max": 5, "step": 0.5, "cmd_tpl": "{\"o\": {{ value }}}", "dev": {"ids": 1, "mf": "Acme Ltd"}});
    let entity = read("number", &number).unwrap();
    assert_eq!(entity.part.offers()[0].property.as_str(), "x.acme_ltd.thing");
    assert_eq!(
        (told(&entity, 2.0.into()), told(&entity, 2.5.into())),
        (r#"{"o": 2}"#.to_owned(), r#"{"o": 2.5}"#.to_owned())
    );
    let select = read("select", &json!({"cmd_t": "c", "stat_t": "s", "ops": ["a", "b"]})).unwrap();
    assert_eq!(heard(&select, "b"), [Heard::Reading(0, Value::text("b"))]);
    let button = read("button", &json!({"cmd_t": "c", "pl_prs": "go"})).unwrap();
    assert_eq!(button.part.invoke(0, &BTreeMap::new()).unwrap()[0].payload, "go");
}

#[test]
fn what_is_switched_off_at_first_does_not_say_what_a_device_is() {
    let of = |config: Json| read("sensor", &config).unwrap().category;
    assert_eq!(of(json!({"stat_t": "s", "en": false})), Category::Diagnostic);
    assert_eq!(of(json!({"stat_t": "s", "en": "false", "ent_cat": "config"})), Category::Config);
    assert_eq!(of(json!({"stat_t": "s", "en": true})), Category::Primary);
}

#[test]
fn an_event_happens_once_for_each_known_type() {
    let config = json!({"stat_t": "s", "evt_typ": ["single", "hold_left"], "dev_cla": "button"});
    let entity = read("event", &config).unwrap();
    assert_eq!(heard(&entity, r#"{"event_type": "hold_left", "more": 1}"#), [Heard::Happened(1)]);
    assert_eq!(heard(&entity, r#"{"event_type": "other"}"#), []);
    assert_eq!(entity.part.gestures()[1].button.as_deref(), Some("left"));
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    for (component, config, field) in [
        ("sensor", json!({}), "`state_topic` is missing"),
        ("light", json!({"schema": "json"}), "`command_topic` is missing"),
        ("switch", json!({"cmd_t": ["a"]}), "`command_topic` should be a text"),
        ("switch", json!({"cmd_t": "a", "stat_t": "a/+"}), "`state_topic` is `a/+`"),
        ("number", json!({"min": 5, "max": 1}), "`min` should be at most `max`"),
        ("number", json!({"min": "low"}), "`min` should be a number"),
        ("cover", json!({"pos_open": 0}), "`position_closed` should be another number"),
        ("event", json!({"stat_t": "s"}), "`event_types` is missing"),
        ("sensor", json!({"stat_t": "s", "val_tpl": "{% if %}"}), "`value_template`: the template"),
        ("toaster", json!({}), "`toaster`"),
        ("sensor", json!([1]), "no JSON object"),
    ] {
        let error = read(component, &config).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}

proptest::proptest! {
    #[test]
    fn any_configuration_is_survived(component in "[a-z_]{0,16}", fields: std::collections::HashMap<String, Vec<u8>>, raw: Vec<u8>) {
        let topic = DiscoveryTopic { component: &component, node: None, object: "x" };
        let _ = read_config(topic, &raw, &mut Templates::default());
        let names = ["stat_t", "cmd_t", "~", "device", "availability", "val_tpl", "options", "min", "event_types", "schema"];
        let config: Map<String, Json> = fields.values().zip(names).map(|(value, name)| {
            let json = serde_json::from_slice(value).unwrap_or_else(|_| Json::from(String::from_utf8_lossy(value)));
            (name.to_owned(), json)
        }).collect();
        for component in ["light", "sensor", "cover", "lock", "event", "number", "select", "device_automation", "climate", "fan", "valve"] {
            if let Ok(entity) = read(component, &Json::Object(config.clone())) {
                heard(&entity, &String::from_utf8_lossy(&raw));
            }
        }
    }
}
