//! What a rule wants a message to say.

use std::cell::OnceCell;

use hub_model::Value;
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::rule::Test;

/// What a message has to say to trigger a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Wording {
    /// Anything.
    Any,
    /// Exactly this text.
    Text(String),
    /// JSON that has something at a place.
    Field(FieldPath, Test),
}

/// A place within JSON: `update.state`, `0.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath(pub SmolStr);

/// A payload that several rules look at, and that is read as JSON at most once.
#[derive(Debug)]
pub struct Payload<'a> {
    bytes: &'a [u8],
    json: OnceCell<Option<Json>>,
}

impl<'a> Payload<'a> {
    /// A payload that nobody has looked at.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, json: OnceCell::new() }
    }

    /// What it says as JSON, where it is JSON.
    pub fn into_json(self) -> Option<Json> {
        self.json();
        self.json.into_inner().flatten()
    }

    fn json(&self) -> Option<&Json> {
        self.json.get_or_init(|| serde_json::from_slice(self.bytes).ok()).as_ref()
    }
}

impl Wording {
    /// Whether a payload says this.
    pub fn fits(&self, payload: &Payload<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Text(text) => payload.bytes == text.as_bytes(),
            Self::Field(path, test) => {
                payload.json().and_then(|json| path.of(json)).is_some_and(|value| test.holds(&value))
            }
        }
    }
}

impl FieldPath {
    /// What stands at the place; `None` where nothing does, or no single value.
    fn of(&self, json: &Json) -> Option<Value> {
        value_at(json, &self.0)
    }
}

/// The single value at a place such as `alarm.state`, and of all of it where the place is empty.
pub(crate) fn value_at(json: &Json, place: &str) -> Option<Value> {
    let found = place.split('.').filter(|name| !name.is_empty()).try_fold(json, |json, name| match json {
        Json::Array(list) => list.get(name.parse::<usize>().ok()?),
        other => other.get(name),
    })?;
    match found {
        Json::Bool(bool) => Some(Value::Bool(*bool)),
        Json::Number(number) => Some(Value::from(number.as_f64()?)),
        Json::String(text) => Some(Value::text(text.as_str())),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_path_and_held_against_a_test() {
        let fits = |path: &str, test: Test, text: &str| {
            Wording::Field(FieldPath(path.into()), test).fits(&Payload::new(text.as_bytes()))
        };
        let is = |value: &str| Test::Is(Value::text(value));
        assert!(fits("action", is("single"), r#"{"action": "single"}"#));
        assert!(fits("a.b.1", is("x"), r#"{"a": {"b": [0, "x"]}}"#));
        assert!(fits("t", Test::Range { above: Some(20.0), below: None }, r#"{"t": 21}"#));
        for other in [r#"{"action": "double"}"#, r#"{"action": null}"#, r#"{"action": {}}"#, "{}", "single", "", "[]"] {
            assert!(!fits("action", is("single"), other), "{other}");
        }
    }

    #[test]
    fn a_text_is_the_whole_payload() {
        let on = Wording::Text("ON".into());
        assert!(on.fits(&Payload::new(b"ON")) && !on.fits(&Payload::new(b"ON ")) && !on.fits(&Payload::new(b"\xff")));
    }
}
