use std::sync::Arc;

use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, HomeSettings, Limits, Product, PropertyOffer, Reading, Value,
    capability::{PropertySpec, battery, brightness, button, color, color_temperature, lock, on_off, temperature},
};

use super::*;
use crate::asked::asked;

fn places() -> Places {
    Places { discovery: "homeassistant".into(), base: "hearth".into() }
}

fn endpoint(id: &str, kind: EndpointKind, properties: &[&'static PropertySpec]) -> Endpoint {
    let mut endpoint = Endpoint::new(id.parse().unwrap(), kind);
    endpoint.properties = properties.iter().map(|spec| PropertyOffer::new(spec)).collect();
    endpoint
}

/// A home with one device of these parts.
fn home(handle: &str, endpoints: Vec<Endpoint>) -> Home {
    let mut home = Home::empty(1, HomeSettings::default());
    home.put(Arc::new(Device {
        name: handle.replace('-', " "),
        product: Product { vendor: Some("Acme".into()), ..Product::default() },
        ..Device::new(DeviceId::named(handle), handle.parse().unwrap(), endpoints)
    }));
    home.device_mut(DeviceId::named(handle)).unwrap().reachable = true;
    home
}

fn put(home: &mut Home, spec: &'static PropertySpec, value: impl Into<Value>) {
    let known = home.devices().next().unwrap();
    let id = known.device.id;
    let (endpoint, _, _) = known.readings().find(|(_, offer, _)| offer.property == Property::from(spec)).unwrap();
    let slot = known.device.slot(endpoint, &spec.into()).unwrap();
    let known = home.device_mut(id).unwrap();
    Arc::make_mut(&mut known.readings)[slot] = Reading { value: value.into(), ..Reading::UNKNOWN };
}

/// A lamp of all colours.
fn lamp() -> Home {
    let mut lamp = endpoint("1", EndpointKind::Light, &[&on_off::ON, &brightness::LEVEL, &color::VALUE, &color::MODE]);
    lamp.properties.push(PropertyOffer::new(&color_temperature::KELVIN).within(Limits::new(2000.0, 6500.0)));
    home("hall-lamp", vec![lamp])
}

fn told(home: &Home) -> String {
    let known = home.devices().next().unwrap();
    let kept = announcements(&places(), home, known);
    let pretty = |(topic, text): (&String, &String)| {
        let mut json: Json = serde_json::from_str(text).unwrap();
        // What all have in common is looked at once.
        for shared in ["device", "origin", "availability", "availability_mode"] {
            json.as_object_mut().unwrap().remove(shared);
        }
        format!("{topic}\n  {json}\n").replace(&known.device.id.to_string(), "ID")
    };
    kept.iter().map(pretty).collect()
}

#[test]
fn a_lamp_is_one_light_with_all_that_it_can() {
    insta::assert_snapshot!(told(&lamp()));
}

#[test]
fn a_device_says_what_it_is_and_when_it_is_there() {
    let home = lamp();
    let kept = announcements(&places(), &home, home.devices().next().unwrap());
    let config: Json = serde_json::from_str(kept.values().next().unwrap()).unwrap();
    assert_eq!(config["device"]["manufacturer"], "Acme");
    assert_eq!(config["device"]["name"], "hall lamp");
    assert_eq!(config["availability"], json!([{ "topic": "hearth/status" }, { "topic": "hearth/hall-lamp/status" }]));
    assert_eq!(config["name"], Json::Null, "it is called as the device");
}

#[test]
fn several_parts_are_told_apart_by_their_names() {
    let mut left = endpoint("left", EndpointKind::Switch, &[&on_off::ON]);
    left.name = Some("left gang".into());
    let right = endpoint("right", EndpointKind::Switch, &[&on_off::ON, &battery::LEVEL, &temperature::MEASURED]);
    insta::assert_snapshot!(told(&home("wall-switch", vec![left, right])));
}

#[test]
fn a_lock_a_button_and_what_happens_there() {
    let mut door = endpoint("1", EndpointKind::Lock, &[&lock::STATE]);
    door.actions = [&lock::LOCK, &lock::UNLOCK].map(hub_model::ActionOffer::new).to_vec();
    door.occurrences = vec![(&button::SINGLE).into(), (&button::LONG).into()];
    insta::assert_snapshot!(told(&home("front-door", vec![door])));
}

#[test]
fn a_lamps_state_is_one_message_beside_its_single_values() {
    let mut home = lamp();
    put(&mut home, &on_off::ON, true);
    put(&mut home, &brightness::LEVEL, 30.4);
    put(&mut home, &color_temperature::KELVIN, 4000.0);
    put(&mut home, &color::MODE, Value::text("temperature"));
    let kept = states(&places(), home.devices().next().unwrap());
    let light: Json = serde_json::from_str(&kept["hearth/hall-lamp/1/light"]).unwrap();
    assert_eq!(light, json!({ "state": "ON", "brightness": 30, "color_mode": "color_temp", "color_temp": 250.0 }));
    assert_eq!(kept["hearth/hall-lamp/1/on_off.on"], "true");
    assert_eq!(kept["hearth/hall-lamp/status"], "online");
    assert!(!kept.contains_key("hearth/hall-lamp/1/color.value"), "nobody knows it");
}

#[test]
fn commands_come_back_as_the_same_properties() {
    let home = lamp();
    let control = |topic: &str, payload: &str| asked(&places(), &home, topic, payload.as_bytes());
    let wanted =
        control("hearth/hall-lamp/1/light/set", r#"{"state": "ON", "brightness": 30, "transition": 2}"#).unwrap();
    assert_eq!(
        wanted.set,
        [(Property::from(&on_off::ON), Value::Bool(true)), (Property::from(&brightness::LEVEL), Value::Number(30.0))]
    );
    assert_eq!(wanted.transition, Some(std::time::Duration::from_secs(2)));
    let off = control("hearth/hall-lamp/1/light/set", r#"{"state": "OFF", "brightness": 30}"#).unwrap();
    assert_eq!(off.set, [(Property::from(&on_off::ON), Value::Bool(false))]);
    let plain = control("hearth/hall-lamp/1/on_off.on/set", "true").unwrap();
    assert_eq!((plain.set.len(), plain.target.endpoint), (1, EndpointId::first()));
    let act = control("hearth/hall-lamp/1/do", "on_off.toggle").unwrap();
    assert_eq!(act.invoke.unwrap().action.as_str(), "on_off.toggle");
    for (topic, payload) in [
        ("hearth/other/1/light/set", "{}"),
        ("hearth/hall-lamp/2/light/set", "{}"),
        ("hearth/hall-lamp/1/light/set", "[1, 2"),
        ("hearth/hall-lamp/1/light/set", "{}"),
        ("hearth/hall-lamp/1/on_off.on/set", "perhaps"),
        ("hearth/hall-lamp/1/do", "dance"),
    ] {
        assert!(control(topic, payload).is_err(), "{topic} {payload}");
    }
}
