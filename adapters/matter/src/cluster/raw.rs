//! What no family knows: every plain attribute of an unknown cluster becomes `x.matter.<cluster>.<attribute>`, read only.

use hub_model::{Limits, Property, PropertyOffer, Shape, Unit, Value};
use smol_str::SmolStr;

use super::{Cluster, names};
use crate::{node::global, wire::Tlv};

/// How many of them one cluster may have. The rest stays unseen: a cluster of so many says nothing plain.
const MOST: usize = 32;

/// The longest text of one, in bytes.
const LONGEST: usize = 256;

/// The properties of a cluster that no family knows, with the attribute of each.
pub(crate) fn properties(cluster: &Cluster<'_>, attributes: impl Iterator<Item = u32>) -> Vec<(u32, PropertyOffer)> {
    let own = attributes.filter(|attribute| *attribute < global::FIRST || *attribute > 0xFFFF);
    own.filter_map(|attribute| Some((attribute, offer(cluster, attribute)?))).take(MOST).collect()
}

fn offer(cluster: &Cluster<'_>, attribute: u32) -> Option<PropertyOffer> {
    let shape = match cluster.get(attribute)? {
        Tlv::Bool(_) => Shape::Bool,
        Tlv::Int(_) | Tlv::Uint(_) | Tlv::Float(_) => Shape::Number(Limits::new(-1e15, 1e15)),
        // What is absent now may be anything later.
        Tlv::Null => return None,
        Tlv::Text(_) | Tlv::Bytes(_) | Tlv::Array(_) | Tlv::Struct(_) => Shape::Text(LONGEST),
    };
    let name = names::attribute(cluster.id, attribute);
    let property = Property::vendor_of("matter", &names::cluster(cluster.id), &name);
    Some(PropertyOffer { property, ..PropertyOffer::vendor("matter", "", shape, Unit::None) })
}

/// A value that no family knows, as a property's.
pub(crate) fn read(value: &Tlv) -> Value {
    match value {
        Tlv::Null => Value::Unknown,
        Tlv::Bool(bool) => (*bool).into(),
        Tlv::Int(_) | Tlv::Uint(_) | Tlv::Float(_) => value.as_number().map_or(Value::Unknown, Value::from),
        Tlv::Text(text) => Value::Text(text.clone()),
        Tlv::Bytes(_) | Tlv::Array(_) | Tlv::Struct(_) => Value::Text(written(value)),
    }
}

/// A value in writing, as short as it is long: `[1, {0: "a", 3: null}]`, octets in hexadecimal digits.
fn written(value: &Tlv) -> SmolStr {
    let mut text = String::new();
    write(value, &mut text);
    text.into()
}

fn write(value: &Tlv, text: &mut String) {
    // What goes beyond is cut off anyway, and a tree may be deep.
    if text.len() > LONGEST {
        return;
    }
    match value {
        Tlv::Null => text.push_str("null"),
        Tlv::Bool(bool) => *text += &bool.to_string(),
        Tlv::Int(number) => *text += &number.to_string(),
        Tlv::Uint(number) => *text += &number.to_string(),
        Tlv::Float(number) => *text += &number.to_string(),
        Tlv::Text(inner) => *text += &format!("{:?}", inner.chars().take(LONGEST).collect::<String>()),
        Tlv::Bytes(bytes) => bytes.iter().take(LONGEST).for_each(|byte| *text += &format!("{byte:02x}")),
        Tlv::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().take(LONGEST).enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write(item, text);
            }
            text.push(']');
        }
        Tlv::Struct(fields) => {
            text.push('{');
            for (at, (tag, field)) in fields.iter().take(LONGEST).enumerate() {
                *text += &format!("{}{tag}: ", if at > 0 { ", " } else { "" });
                write(field, text);
            }
            text.push('}');
        }
    }
}
