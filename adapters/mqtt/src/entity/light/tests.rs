//! What lights say, and what they are told.

use std::time::Duration;

use hub_model::{Color, Value};
use serde_json::{Value as Json, json};

use crate::{
    discovery::{Entity, read_config},
    entity::{Heard, Wanted},
    payload::Payload,
    template::Templates,
    topic::DiscoveryTopic,
};

fn light(config: Json) -> Entity {
    let topic = DiscoveryTopic { component: "light", node: None, object: "l" };
    read_config(topic, config.to_string().as_bytes(), &mut Templates::default()).unwrap()
}

fn slot(light: &Entity, property: &str) -> usize {
    light.part.offers().iter().position(|offer| offer.property.as_str() == property).unwrap()
}

fn told(light: &Entity, set: &[(&str, Value)], transition: Option<u64>) -> Vec<(String, String)> {
    let values = set.iter().map(|(property, value)| (slot(light, property), value.clone())).collect();
    let wanted = Wanted { values, transition: transition.map(Duration::from_secs) };
    let messages = light.part.set(&wanted).unwrap();
    messages.into_iter().map(|message| (message.topic.to_string(), message.payload)).collect()
}

fn said(light: &Entity, topic: &str, payload: &str) -> Vec<(String, Value)> {
    let mut heard = Vec::new();
    let payload = Payload::new(payload.as_bytes());
    for (at, source) in light.part.sources().iter().enumerate() {
        if source.topic == topic {
            light.part.read(at, &payload, &mut heard);
        }
    }
    let name = |slot: usize| light.part.offers()[slot].property.to_string();
    let reading = |heard| match heard {
        Heard::Reading(slot, value) => Some((name(slot), value)),
        _ => None,
    };
    heard.into_iter().filter_map(reading).collect()
}

fn colored() -> Entity {
    light(json!({
        "schema": "json", "stat_t": "s", "cmd_t": "c", "brightness_scale": 254, "min_mirs": 150, "max_mirs": 500,
        "sup_clrm": ["xy", "color_temp"]
    }))
}

#[test]
fn a_json_light_takes_one_message_for_everything() {
    let light = colored();
    let set =
        [("on_off.on", true.into()), ("brightness.level", 30.0.into()), ("color_temperature.kelvin", 2700.0.into())];
    let expected = r#"{"state":"ON","brightness":76,"color_temp":370,"transition":2}"#;
    assert_eq!(told(&light, &set, Some(2)), [("c".to_owned(), expected.to_owned())]);
    let red = [("color.value", Color::new(0.0, 100.0).into())];
    assert_eq!(told(&light, &red, None)[0].1, r#"{"state":"ON","color":{"x":0.64,"y":0.33}}"#);
    assert_eq!(told(&light, &[("on_off.on", false.into())], None)[0].1, r#"{"state":"OFF"}"#);
    assert_eq!(told(&light, &[("brightness.level", 0.0.into())], None)[0].1, r#"{"state":"ON","brightness":1}"#);
}

#[test]
fn a_json_light_says_only_what_it_shows() {
    let light = colored();
    let white =
        said(&light, "s", r#"{"state":"ON","color_mode":"color_temp","color_temp":250,"color":{"x":0.3,"y":0.3}}"#);
    assert_eq!(
        white,
        [
            ("on_off.on".into(), true.into()),
            ("color_temperature.kelvin".into(), 4000.0.into()),
            ("color.mode".into(), Value::text("temperature")),
        ]
    );
    let red = said(&light, "s", r#"{"color_mode":"xy","color_temp":250,"color":{"x":0.64,"y":0.33}}"#);
    assert!(matches!(red[0].1, Value::Color(color) if color.is_near(Color::new(0.0, 100.0))), "{red:?}");
    assert_eq!(said(&light, "s", r#"{"state":null}"#), [("on_off.on".into(), Value::Unknown)]);
    assert_eq!(said(&light, "s", r#"{"state":"OFF","brightness":0}"#), [("on_off.on".into(), false.into())]);
    for nonsense in ["", "[]", "ON", r#"{"brightness":"much","color":7,"color_temp":-1}"#] {
        assert!(said(&light, "s", nonsense).is_empty(), "{nonsense}");
    }
}

#[test]
fn a_basic_light_has_a_topic_for_each_thing() {
    let light = light(json!({
        "stat_t": "s", "cmd_t": "c", "bri_cmd_t": "b/set", "bri_stat_t": "b", "bri_scl": 100,
        "rgb_cmd_t": "rgb/set", "rgb_stat_t": "rgb", "rgb_cmd_tpl": "{{ '#%02x%02x%02x' | format(red, green, blue) }}",
        "clr_temp_cmd_t": "t/set", "clr_temp_stat_t": "t", "color_temp_kelvin": true, "pl_on": "1", "pl_off": "0"
    }));
    let set = [("brightness.level", 40.0.into()), ("color.value", Color::new(120.0, 100.0).into())];
    let expected = [("rgb/set", "#00ff00"), ("b/set", "40"), ("c", "1")];
    assert_eq!(told(&light, &set, None), expected.map(|(topic, payload)| (topic.to_owned(), payload.to_owned())));
    assert_eq!(told(&light, &[("color_temperature.kelvin", 3000.0.into())], None)[0].1, "3000");
    assert_eq!(said(&light, "s", "1"), [("on_off.on".into(), true.into())]);
    assert_eq!(said(&light, "b", "55"), [("brightness.level".into(), 55.0.into())]);
    assert_eq!(said(&light, "rgb", "0,0,255"), [("color.value".into(), Color::new(240.0, 100.0).into())]);
    assert!(said(&light, "rgb", "blue").is_empty());
}

#[test]
fn a_light_may_be_switched_on_by_its_brightness() {
    let light = light(json!({"cmd_t": "c", "bri_cmd_t": "b", "on_cmd_type": "brightness"}));
    assert_eq!(told(&light, &[("on_off.on", true.into())], None), [("b".to_owned(), "255".to_owned())]);
    assert_eq!(told(&light, &[("on_off.on", false.into())], None), [("c".to_owned(), "OFF".to_owned())]);
    assert!(!light.part.offers()[0].reports, "it has no topic to report by");
}

#[test]
fn a_template_light_speaks_jinja() {
    let light = light(json!({
        "schema": "template", "stat_t": "s", "cmd_t": "c",
        "cmd_on_tpl": "on{% if brightness is defined %},{{ brightness }}{% endif %}{% if red is defined %},{{ red }}-{{ green }}-{{ blue }}{% endif %}{% if transition is defined %},{{ transition }}s{% endif %}",
        "cmd_off_tpl": "off", "stat_tpl": "{{ value.split(',')[0] }}", "bri_tpl": "{{ value.split(',')[1] }}",
        "r_tpl": "{{ value.split(',')[2] }}", "g_tpl": "{{ value.split(',')[3] }}", "b_tpl": "{{ value.split(',')[4] }}"
    }));
    assert_eq!(told(&light, &[("brightness.level", 100.0.into())], Some(3))[0].1, "on,255,3s");
    assert_eq!(told(&light, &[("color.value", Color::new(0.0, 100.0).into())], None)[0].1, "on,255-0-0");
    assert_eq!(told(&light, &[("on_off.on", false.into())], None)[0].1, "off");
    assert_eq!(
        said(&light, "s", "on,51,0,255,0"),
        [
            ("on_off.on".into(), true.into()),
            ("brightness.level".into(), 20.0.into()),
            ("color.value".into(), Color::new(120.0, 100.0).into()),
        ]
    );
    assert_eq!(said(&light, "s", "off"), [("on_off.on".into(), false.into())]);
}
