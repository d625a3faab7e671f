//! What a template, or the lack of one, makes of a payload.

use std::borrow::Cow;

use serde_json::Number;

/// A value as a device sent it, before an entity gives it a meaning.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<'a> {
    /// The message is not for this entity.
    Nothing,
    /// The device says that there is no value.
    Null,
    /// A JSON truth.
    Bool(bool),
    /// A JSON number.
    Number(&'a Number),
    /// Any other text.
    Text(Cow<'a, str>),
}

impl Answer<'_> {
    /// Whether an entity should pass over it: nothing, or an empty text, which is what an undefined key gives.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// Whether the device says that there is no value; Python writes it `None`.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => matches!(&**text, "None" | "null"),
            _ => false,
        }
    }

    /// The finite number in it.
    pub fn number(&self) -> Option<f64> {
        let number = match self {
            Self::Number(number) => number.as_f64(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// The text in it; truths as Python writes them.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => Cow::Borrowed(""),
            Self::Null => Cow::Borrowed("None"),
            Self::Bool(true) => Cow::Borrowed("True"),
            Self::Bool(false) => Cow::Borrowed("False"),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }

    /// Whether this is the payload that a configuration names. Truths are compared without regard to case, as
    /// configurations write them both `true` and `"True"`, and numbers by value.
    pub fn is(&self, expected: &str) -> bool {
        match self {
            Self::Nothing | Self::Null => false,
            Self::Bool(bool) => expected.eq_ignore_ascii_case(if *bool { "true" } else { "false" }),
            Self::Number(number) => expected.parse::<f64>().is_ok_and(|wanted| number.as_f64() == Some(wanted)),
            Self::Text(text) => text == expected || is_truth(expected) && text.eq_ignore_ascii_case(expected),
        }
    }
}

fn is_truth(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}
