//! All that is published of a device: its announcements and its states, by topic.

use std::collections::BTreeMap;

use hub_model::{AdapterName, Device, Endpoint, Home, HomeDevice, Property};
use serde_json::{Map, Value as Json, json};

use crate::{
    face::{Face, LIGHT, Part, VACUUM, faces, light_state, vacuum_state},
    places::Places,
    word,
};

/// Messages that the broker keeps, by their topics.
pub type Kept = BTreeMap<String, String>;

/// Names of properties that say nothing that their capability does not say.
const SILENT: &[&str] =
    &["measured", "detected", "on", "occupied", "open", "index", "watts", "volts", "amperes", "kelvin", "kilograms"];

/// Whether a device is shown: not those that the broker has already.
pub fn is_shown(device: &Device, carrier: &AdapterName) -> bool {
    !device.origins.iter().any(|origin| origin.adapter == *carrier)
}

/// A device's announcements. They change when its description does.
pub fn announcements(places: &Places, home: &Home, known: &HomeDevice) -> Kept {
    let shared = shared(places, home, known);
    let several = known.device.endpoints.len() > 1;
    let mut kept = Kept::new();
    for endpoint in &known.device.endpoints {
        let part = Part { places, known, endpoint };
        for (at, face) in faces(&part).into_iter().enumerate() {
            let topic = places.announcement(face.component, known.device.id, &endpoint.id, face.name);
            let name = name_of(&face, endpoint, at == 0, several);
            kept.insert(topic, announcement(places, known, endpoint, face, name, &shared).to_string());
        }
    }
    kept
}

fn announcement(
    places: &Places,
    known: &HomeDevice,
    endpoint: &Endpoint,
    face: Face,
    name: Option<String>,
    shared: &Map<String, Json>,
) -> Json {
    let name_here = face.name.replace('.', "_");
    let (device, endpoint) = (&known.device, &endpoint.id);
    let mut config = face.config;
    config.extend(shared.clone());
    config.insert("name".into(), name.map_or(Json::Null, Json::from));
    config.insert("unique_id".into(), format!("{}_{}_{endpoint}_{name_here}", places.base, device.id).into());
    let object = if *endpoint == hub_model::EndpointId::first() {
        format!("{}_{name_here}", device.handle)
    } else {
        format!("{}_{endpoint}_{name_here}", device.handle)
    };
    config.insert("object_id".into(), object.replace('-', "_").into());
    config.into()
}

/// What all entities of a device have in common.
fn shared(places: &Places, home: &Home, known: &HomeDevice) -> Map<String, Json> {
    let device = &known.device;
    let mut about = json!({ "identifiers": [format!("{}_{}", places.base, device.id)], "name": device.name });
    let product = &device.product;
    let facts = [
        ("manufacturer", &product.vendor),
        ("model", &product.model),
        ("sw_version", &product.firmware),
        ("serial_number", &product.serial),
    ];
    for (key, fact) in facts {
        if let Some(fact) = fact {
            about[key] = fact.as_str().into();
        }
    }
    if let Some(room) = device.room.and_then(|room| home.rooms.get(&room)) {
        about["suggested_area"] = room.name.as_str().into();
    }
    let mut shared = Map::new();
    shared.insert("device".into(), about);
    shared.insert("origin".into(), json!({ "name": "Hearth", "sw_version": env!("CARGO_PKG_VERSION") }));
    let places = [places.hub(), places.device(&device.handle)].map(|topic| json!({ "topic": topic }));
    shared.insert("availability".into(), places.into_iter().collect());
    shared.insert("availability_mode".into(), "all".into());
    shared
}

/// What an entity is called beside its device's name; nothing for the chief one of a device with one part.
fn name_of(face: &Face, endpoint: &Endpoint, chief: bool, several: bool) -> Option<String> {
    let part = several.then(|| endpoint.name.as_ref().map_or_else(|| endpoint.id.to_string(), ToString::to_string));
    let own = (!chief).then(|| words(face.name));
    match (part, own) {
        (Some(part), Some(own)) => Some(format!("{} {}", capital(&part), own.to_lowercase())),
        (Some(name), None) => Some(capital(&name)),
        (None, own) => own,
    }
}

/// A property, action or capability in words: `energy.consumed` is `Energy consumed`.
fn words(name: &str) -> String {
    let (capability, short) = name.split_once('.').unwrap_or((name, ""));
    let text =
        if short.is_empty() || SILENT.contains(&short) { capability.into() } else { format!("{capability} {short}") };
    capital(&text.replace('_', " "))
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A device's states, as they are just now. What nobody knows is not there.
pub fn states(places: &Places, known: &HomeDevice) -> Kept {
    let handle = &known.device.handle;
    let mut kept = Kept::new();
    kept.insert(places.device(handle), if known.reachable { "online" } else { "offline" }.into());
    for (endpoint, offer, reading) in known.readings() {
        if is_word(&offer.property)
            && let Some(word) = word::spoken(&reading.value)
        {
            kept.insert(places.state(handle, endpoint, offer.property.as_str()), word);
        }
    }
    for endpoint in &known.device.endpoints {
        let part = Part { places, known, endpoint };
        for (slot, state) in [(LIGHT, light_state(&part)), (VACUUM, vacuum_state(&part))] {
            if let Some(state) = state {
                kept.insert(places.state(handle, &endpoint.id, slot), state.to_string());
            }
        }
    }
    kept
}

/// Whether a property's name is one level of a topic; a vendor may have called his as he liked.
fn is_word(property: &Property) -> bool {
    !property.as_str().contains(['/', '+', '#'])
}

#[cfg(test)]
mod tests;
