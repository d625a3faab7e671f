//! Reading a dump, and writing down what the hub is told.

use std::{collections::BTreeMap, fs, path::Path};

use hub_model::{DeviceKey, Endpoint, PropertyOffer, Said, Shape, capability::Access};
use serde_json::Value as Json;

use crate::{
    node::Node,
    wire::{AttributePath, AttributeReport, EventReport, Tlv},
};

/// The attributes of a dump: its keys are `endpoint/cluster/attribute`, its structures have their tags as keys.
pub(super) fn reports(name: &str) -> Vec<AttributeReport> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let dump: BTreeMap<String, Json> = serde_json::from_str(&text).unwrap();
    dump.into_iter().map(|(path, value)| report(&path, tlv(value))).collect()
}

/// A report of one attribute.
pub(super) fn report(path: &str, value: Tlv) -> AttributeReport {
    let parts: Vec<u32> = path.split('/').map(|part| part.parse().unwrap()).collect();
    let [endpoint, cluster, attribute] = parts[..] else { panic!("{path} is no path") };
    let path = AttributePath::new(u16::try_from(endpoint).unwrap(), cluster, attribute);
    AttributeReport { path, data_version: 1, value }
}

/// An event of the first endpoint.
pub(super) fn event(cluster: u32, event: u32, number: u64, fields: &[(u8, u64)]) -> EventReport {
    let value = Tlv::Struct(fields.iter().map(|(tag, field)| (*tag, Tlv::Uint(*field))).collect());
    EventReport { endpoint: 1, cluster, event, number, value }
}

pub(super) fn tlv(json: Json) -> Tlv {
    match json {
        Json::Null => Tlv::Null,
        Json::Bool(bool) => Tlv::Bool(bool),
        Json::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Tlv::Uint(number),
            (None, Some(number)) => Tlv::Int(number),
            (None, None) => Tlv::Float(number.as_f64().unwrap()),
        },
        Json::String(text) => Tlv::text(text),
        Json::Array(items) => Tlv::Array(items.into_iter().map(tlv).collect()),
        Json::Object(mut fields) => match fields.remove("hex") {
            Some(Json::String(hex)) => Tlv::Bytes(octets(&hex)),
            _ => Tlv::Struct(fields.into_iter().map(|(tag, field)| (tag.parse().unwrap(), tlv(field))).collect()),
        },
    }
}

fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// A node that told all of a dump, and is subscribed to.
pub(super) fn node(name: &str) -> Node {
    let mut node = Node::new(0x10, None);
    node.update(reports(name), Vec::new());
    node.established();
    node
}

/// What the hub is told, for people to read.
pub(super) fn written(said: &[(DeviceKey, Said)]) -> String {
    said.iter().map(|(key, said)| format!("{key}: {}", one(said))).collect::<Vec<_>>().join("\n")
}

fn one(said: &Said) -> String {
    match said {
        Said::Found(found) => {
            let product = &found.product;
            let facts = [&product.vendor, &product.model, &product.firmware, &product.serial];
            let facts: Vec<&str> = facts.into_iter().flatten().map(|fact| fact.as_str()).collect();
            let endpoints: String = found.endpoints.iter().map(endpoint).collect();
            format!("{} ({}){endpoints}", found.name, facts.join(", "))
        }
        Said::Read(readings) => {
            let lines =
                readings.iter().map(|(endpoint, property, value)| format!("\n  {endpoint}/{property} = {value}"));
            format!("reads{}", lines.collect::<String>())
        }
        other => format!("{other:?}"),
    }
}

fn endpoint(endpoint: &Endpoint) -> String {
    let name = endpoint.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let mut text = format!("\n  {} {}{name}", endpoint.id, endpoint.kind.word());
    endpoint.properties.iter().for_each(|offer| text += &format!("\n    {}", property(offer)));
    for action in &endpoint.actions {
        let within = action.deadline.map(|time| format!(" within {time:?}")).unwrap_or_default();
        text += &format!("\n    {}(){within}", action.action);
    }
    endpoint.occurrences.iter().for_each(|occurrence| text += &format!("\n    {occurrence}!"));
    text
}

fn property(offer: &PropertyOffer) -> String {
    let shape = match &offer.shape {
        Shape::Number(limits) => {
            let step = limits.step.map(|step| format!(" by {:.2}", step)).unwrap_or_default();
            format!("{limits}{step} {}", offer.unit)
        }
        Shape::Choice(words) => words.join("|"),
        Shape::Text(longest) => format!("text({longest})"),
        Shape::Bool => "bool".into(),
        Shape::Color => "color".into(),
    };
    let settable = if offer.access == Access::ReadWrite { ", settable" } else { "" };
    let transition = if offer.transition { ", transition" } else { "" };
    let within = offer.deadline.map(|time| format!(", within {time:?}")).unwrap_or_default();
    format!("{}: {}{settable}{transition}{within}", offer.property, shape.trim())
}
