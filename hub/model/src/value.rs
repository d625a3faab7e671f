//! What a property can be.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};
use smol_str::SmolStr;

use crate::Color;

/// The value of a property. As JSON: a bool, a number, a string, `{"h": .., "s": ..}`, or null for unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nobody knows: never reported, or the device said so.
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// A finite number in the property's unit.
    Number(f64),
    /// A word: one of a closed list (a choice) or free text. The property's [`Shape`](crate::Shape) says which.
    Text(SmolStr),
    /// A colour.
    Color(Color),
}

impl Value {
    /// A word.
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Self::Text(text.into())
    }

    /// The truth, if this is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(bool) = self { Some(*bool) } else { None }
    }

    /// The number, if this is one.
    pub const fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The word, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The colour, if this is one.
    pub const fn as_color(&self) -> Option<Color> {
        if let Self::Color(color) = self { Some(*color) } else { None }
    }

    /// What kind of value this is, for messages.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Color(_) => "a colour",
        }
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}
impl From<f64> for Value {
    /// A number; NaN and the infinities, which no device means, become [`Value::Unknown`].
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Unknown }
    }
}
impl From<Color> for Value {
    fn from(color: Color) -> Self {
        Self::Color(color)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(bool) => bool.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Color(color) => color.fmt(f),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Color(color) => {
                let mut fields = serializer.serialize_struct("Color", 2)?;
                fields.serialize_field("h", &color.hue)?;
                fields.serialize_field("s", &color.saturation)?;
                fields.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> de::Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false, a number, a text, a colour `{ h, s }` or null")
    }
    fn visit_bool<E: de::Error>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        if number.is_finite() { Ok(Value::Number(number)) } else { Err(E::custom("a number must be finite")) }
    }
    // Integers beyond 2^53 lose their last digits; no property is that long.
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Unknown)
    }
    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Unknown)
    }
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Color::deserialize(de::value::MapAccessDeserializer::new(map)).map(Value::Color)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_json_form() {
        let color = Color::new(210.0, 75.0);
        for (value, json) in [
            (Value::Unknown, "null"),
            (Value::Bool(true), "true"),
            (Value::Number(21.5), "21.5"),
            (Value::text("heat"), "\"heat\""),
            (Value::Color(color), r#"{"h":210.0,"s":75.0}"#),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<Value>(json).unwrap(), value);
        }
        assert_eq!(serde_json::from_str::<Value>("30").unwrap(), Value::Number(30.0));
        assert!(serde_json::from_str::<Value>(r#"{"h":1}"#).is_err());
        assert!(serde_json::from_str::<Value>("[1]").is_err());
    }

    #[test]
    fn a_number_that_is_none_is_unknown() {
        assert_eq!(Value::from(f64::NAN), Value::Unknown);
    }
}
