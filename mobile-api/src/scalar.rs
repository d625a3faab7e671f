//! Scalars of the API, and the two halves of a colour.

use std::str::FromStr;

use async_graphql::{
    InputObject, InputValueError, InputValueResult, Name, Scalar, ScalarType, SimpleObject, indexmap::IndexMap,
};
use jiff::Timestamp;

/// A place in the stream of events, `"epoch:seq"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) hub_model::Cursor);

/// A moment in RFC 3339, such as `"2026-03-01T07:30:00Z"`; any offset is understood, UTC is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Timestamp);

/// The value of a property: a bool, a number, a string, `{h, s}` for a colour; null for unknown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value(pub(crate) hub_model::Value);

/// A colour.
#[derive(Debug, SimpleObject)]
pub(crate) struct HueSaturation {
    /// Hue in degrees, 0 to 360.
    h: f64,
    /// Saturation in %.
    s: f64,
}

/// A colour.
#[derive(Debug, InputObject)]
pub(crate) struct HueSaturationInput {
    /// Hue in degrees, 0 to 360.
    h: f64,
    /// Saturation in %.
    s: f64,
}

impl From<hub_model::Color> for HueSaturation {
    fn from(color: hub_model::Color) -> Self {
        Self { h: color.hue, s: color.saturation }
    }
}

/// The hub checks the limits, as it does of any value, so that the answer names them.
impl From<HueSaturationInput> for hub_model::Value {
    fn from(input: HueSaturationInput) -> Self {
        Self::Color(hub_model::Color { hue: input.h, saturation: input.s })
    }
}

#[Scalar]
impl ScalarType for Cursor {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }
    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.0.to_string())
    }
}

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        let async_graphql::Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        match text.parse() {
            Ok(at) => Ok(Self(at)),
            Err(_) => {
                let shown: String = text.chars().take(60).collect();
                Err(InputValueError::custom(format!("`{shown}` is not a moment such as 2026-03-01T07:30:00Z")))
            }
        }
    }
    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.0.to_string())
    }
}

#[Scalar]
impl ScalarType for Value {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        use async_graphql::Value as Given;
        let parsed = match &value {
            Given::Null => Some(hub_model::Value::Unknown),
            Given::Boolean(bool) => Some(hub_model::Value::Bool(*bool)),
            Given::Number(number) => number.as_f64().map(hub_model::Value::from),
            Given::String(text) => Some(hub_model::Value::text(text)),
            Given::Enum(word) => Some(hub_model::Value::text(word.as_str())),
            Given::Object(fields) => color(fields),
            Given::List(_) | Given::Binary(_) => None,
        };
        parsed.map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }
    fn to_value(&self) -> async_graphql::Value {
        use async_graphql::Value as Answer;
        match &self.0 {
            hub_model::Value::Unknown => Answer::Null,
            hub_model::Value::Bool(bool) => Answer::Boolean(*bool),
            hub_model::Value::Number(number) => number_value(*number),
            hub_model::Value::Text(text) => Answer::String(text.to_string()),
            hub_model::Value::Color(color) => Answer::Object(IndexMap::from([
                (Name::new("h"), number_value(color.hue)),
                (Name::new("s"), number_value(color.saturation)),
            ])),
        }
    }
}

fn color(fields: &IndexMap<Name, async_graphql::Value>) -> Option<hub_model::Value> {
    let part = |name: &str| match fields.get(name) {
        Some(async_graphql::Value::Number(number)) => number.as_f64(),
        _ => None,
    };
    let color = hub_model::Color { hue: part("h")?, saturation: part("s")? };
    (fields.len() == 2).then_some(hub_model::Value::Color(color))
}

/// A whole number is answered without a fraction (30, not 30.0).
fn number_value(number: f64) -> async_graphql::Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number.fract() == 0.0 && number.abs() < EXACT;
    let json = if whole { Some((number as i64).into()) } else { async_graphql::Number::from_f64(number) };
    json.map_or(async_graphql::Value::Null, async_graphql::Value::Number)
}

fn text<T: FromStr<Err: std::fmt::Display>, S: async_graphql::InputType>(
    value: async_graphql::Value,
) -> Result<T, InputValueError<S>> {
    match value {
        async_graphql::Value::String(text) => text.parse().map_err(InputValueError::custom),
        other => Err(InputValueError::expected_type(other)),
    }
}

impl Value {
    /// A value that is known; null otherwise.
    pub(crate) fn known(value: &hub_model::Value) -> Option<Self> {
        (*value != hub_model::Value::Unknown).then(|| Self(value.clone()))
    }
}

impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{InputType, value};

    use super::*;

    #[test]
    fn values_go_through_the_scalar_unchanged() {
        let color = hub_model::Color::new(210.5, 75.0);
        for (value, json) in [
            (hub_model::Value::Unknown, value!(null)),
            (hub_model::Value::Bool(true), value!(true)),
            (hub_model::Value::Number(21.5), value!(21.5)),
            (hub_model::Value::Number(30.0), value!(30)),
            (hub_model::Value::text("heat"), value!("heat")),
            (hub_model::Value::Color(color), value!({ "h": 210.5, "s": 75 })),
        ] {
            let scalar = Value(value);
            assert_eq!(ScalarType::to_value(&scalar), json);
            assert_eq!(<Value as ScalarType>::parse(json).ok(), Some(scalar));
        }
        for bad in [value!([1]), value!({ "h": 1 }), value!({ "h": 1, "s": 2, "v": 3 }), value!({ "h": "a", "s": 2 })] {
            assert!(<Value as ScalarType>::parse(bad).is_err());
        }
    }

    #[test]
    fn a_cursor_or_moment_that_is_none_is_named_in_the_error() {
        let message = |error: async_graphql::ServerError| error.message;
        let cursor = <Cursor as InputType>::parse(Some(value!("3-120")));
        let cursor = cursor.map_err(|error| message(error.into_server_error(Default::default())));
        assert!(cursor.unwrap_err().contains("`3-120` is not a cursor such as 3:120"));
        let at = <DateTime as InputType>::parse(Some(value!("yesterday")));
        let at = at.map_err(|error| message(error.into_server_error(Default::default())));
        assert!(at.unwrap_err().contains("`yesterday` is not a moment such as 2026"));
    }
}
