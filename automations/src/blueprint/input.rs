//! What blueprints want to know, and what they are told.

use std::fmt;

use smol_str::SmolStr;
use toml_edit::Value;

use crate::{
    days::Days,
    keys::Takes,
    parse::{clock, is_span},
    rule::Whereabouts,
};

/// Something that a blueprint wants to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// What the rule calls it.
    pub id: SmolStr,
    /// For people.
    pub name: String,
    /// More for people.
    pub doc: String,
    /// What it takes.
    pub takes: InputKind,
    /// Properties, actions and occurrences that devices must have, by their whole names.
    pub needs: Vec<SmolStr>,
    /// What it is where nobody says.
    pub default: Option<Answer>,
}

/// What an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// Devices, as rules choose them: a handle, `room:kitchen`, `kind:light in room:hall`, or several such.
    Devices,
    /// A scene, by its handle.
    Scene,
    /// A span of time.
    Span,
    /// A time of day.
    Clock,
    /// Days of the week.
    Days,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A text.
    Text,
}

/// What an input is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A text, or what is written as one.
    Text(SmolStr),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Several words.
    Words(Vec<SmolStr>),
}

impl InputKind {
    /// Every kind.
    pub const ALL: [Self; 8] =
        [Self::Devices, Self::Scene, Self::Span, Self::Clock, Self::Days, Self::Number, Self::Flag, Self::Text];

    /// The word for it in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Devices => "devices",
            Self::Scene => "scene",
            Self::Span => "span",
            Self::Clock => "clock",
            Self::Days => "days",
            Self::Number => "number",
            Self::Flag => "flag",
            Self::Text => "text",
        }
    }

    /// What an answer of this kind could be, to try a blueprint with.
    pub(super) fn example(self) -> Answer {
        match self {
            Self::Devices => Answer::Text("device".into()),
            Self::Scene => Answer::Text("scene".into()),
            Self::Span => Answer::Text("1m".into()),
            Self::Clock => Answer::Text("12:00".into()),
            Self::Days => Answer::Words(vec!["mon".into()]),
            Self::Number => Answer::Number(1.0),
            Self::Flag => Answer::Flag(true),
            Self::Text => Answer::Text("text".into()),
        }
    }

    /// What is wrong with an answer, as a sentence about the input.
    ///
    /// # Errors
    /// When it is not of this kind.
    pub fn check(self, input: &str, answer: &Answer) -> Result<(), String> {
        let wanted = match self {
            Self::Devices => Takes::Devices,
            Self::Scene | Self::Text => Takes::Text,
            Self::Span => Takes::Span,
            Self::Clock => Takes::Clock,
            Self::Days => Takes::Days,
            Self::Number => Takes::Number,
            Self::Flag => Takes::Flag,
        };
        let fits = match (self, answer) {
            (Self::Devices, Answer::Text(text)) => {
                return text.parse::<Whereabouts>().map(drop).map_err(|error| format!("`{input}`: {error}"));
            }
            (Self::Devices, Answer::Words(places)) => {
                let mut wrong = places.iter().filter_map(|text| text.parse::<Whereabouts>().err());
                return match wrong.next() {
                    Some(error) => Err(format!("`{input}`: {error}")),
                    None if places.is_empty() => Err(format!("`{input}` is empty: name at least one device")),
                    None => Ok(()),
                };
            }
            (Self::Scene | Self::Text, Answer::Text(text)) => !text.trim().is_empty(),
            (Self::Span, Answer::Text(text)) => is_span(text),
            (Self::Clock, Answer::Text(text)) => clock(text).is_some(),
            (Self::Days, Answer::Words(words)) => Days::from_words(words.iter().map(SmolStr::as_str)).is_ok(),
            (Self::Number, Answer::Number(_)) | (Self::Flag, Answer::Flag(_)) => true,
            _ => false,
        };
        if fits { Ok(()) } else { Err(format!("`{input}` takes {}, not {answer}", wanted.wanted())) }
    }

    /// The answer that a person types, as this kind takes it; [`InputKind::check`] says whether it fits.
    pub fn typed(self, text: &str) -> Answer {
        match (self, text, text.parse()) {
            (Self::Number, _, Ok(number)) => Answer::Number(number),
            (Self::Days, ..) => {
                Answer::Words(text.split([',', ' ']).filter(|word| !word.is_empty()).map(Into::into).collect())
            }
            (Self::Devices, ..) if text.contains(',') => Answer::Words(
                text.split(',').map(str::trim).filter(|place| !place.is_empty()).map(Into::into).collect(),
            ),
            (Self::Flag, "true" | "yes" | "on", _) => Answer::Flag(true),
            (Self::Flag, "false" | "no" | "off", _) => Answer::Flag(false),
            _ => Answer::Text(text.into()),
        }
    }
}

impl Answer {
    /// The answer that a value of a file is; `None` for what is none.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.value().as_str().into())),
            Value::Integer(number) => Some(Self::Number(*number.value() as f64)),
            Value::Float(number) => Some(Self::Number(*number.value())).filter(|_| number.value().is_finite()),
            Value::Boolean(flag) => Some(Self::Flag(*flag.value())),
            Value::Datetime(time) => Some(Self::Text(time.value().to_string().into())),
            Value::Array(list) => {
                list.iter().map(|value| value.as_str().map(Into::into)).collect::<Option<_>>().map(Self::Words)
            }
            Value::InlineTable(_) => None,
        }
    }

    /// As a value of a file.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Value::from(*number as i64),
            Self::Number(number) => Value::from(*number),
            Self::Flag(flag) => Value::from(*flag),
            Self::Words(words) => words.iter().map(SmolStr::as_str).collect(),
        }
    }
}

/// As it stands within a text.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Words(words) => f.write_str(&words.join(", ")),
        }
    }
}
