//! What one device offers: rows of the table, narrowed to what this device can do.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    Action, Limits, Property, Unit, Value,
    capability::{Access, Kind, Parameter, Summary},
    suggest::did_you_mean,
};

/// The values that a property of this device takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// True or false.
    Bool,
    /// A number within limits.
    Number(Limits),
    /// One of these words.
    Choice(Vec<SmolStr>),
    /// Free text up to so many bytes.
    Text(usize),
    /// A colour.
    Color,
}

/// A property that an endpoint offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PropertyOffer {
    /// Which one.
    pub property: Property,
    /// What values it takes here.
    pub shape: Shape,
    /// The unit of its numbers; of a known property always the table's.
    #[serde(default)]
    pub unit: Unit,
    /// Whether it can be set here.
    pub access: Access,
    /// Whether a change can take a time (`transition`).
    #[serde(default)]
    pub transition: bool,
    /// Whether the device tells what became of a command. Where it can't, the best outcome is ASSUMED.
    #[serde(default = "yes")]
    pub reports: bool,
    /// How long its report may take after a command; `None` is [`PropertyOffer::USUAL_DEADLINE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Duration>,
}

/// An action that an endpoint offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionOffer {
    /// Which one.
    pub action: Action,
    /// How long it may take; `None` is [`PropertyOffer::USUAL_DEADLINE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Duration>,
}

/// Why a value doesn't fit a property.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Misfit {
    /// A number beyond the limits.
    #[error("{property} takes {limits}, not {value}")]
    OutOfRange {
        /// The property or parameter.
        property: SmolStr,
        /// What was given.
        value: Value,
        /// What is allowed.
        limits: Limits,
    },
    /// A value of another kind.
    #[error("{property} takes {wanted}, not {found}")]
    WrongKind {
        /// The property or parameter.
        property: SmolStr,
        /// What it takes.
        wanted: String,
        /// What was given.
        found: String,
    },
}

const fn yes() -> bool {
    true
}

impl PropertyOffer {
    /// How long a device on the mains may take to report after a command.
    pub const USUAL_DEADLINE: Duration = Duration::from_secs(5);

    /// A row of the table as it stands there.
    pub fn new(spec: &'static crate::capability::PropertySpec) -> Self {
        Self {
            property: spec.into(),
            shape: spec.kind.into(),
            unit: spec.unit,
            access: spec.access,
            transition: false,
            reports: true,
            deadline: None,
        }
    }

    /// A vendor's own property, read only.
    pub fn vendor(vendor: &str, name: &str, shape: Shape, unit: Unit) -> Self {
        Self {
            property: Property::vendor(vendor, name),
            shape,
            unit,
            access: Access::Read,
            transition: false,
            reports: true,
            deadline: None,
        }
    }

    /// The same within this device's limits.
    pub fn within(self, limits: Limits) -> Self {
        Self { shape: Shape::Number(limits), ..self }
    }

    /// The same with only these words.
    pub fn words<W: Into<SmolStr>>(self, words: impl IntoIterator<Item = W>) -> Self {
        Self { shape: Shape::Choice(words.into_iter().map(Into::into).collect()), ..self }
    }

    /// The same, and it can be set.
    pub fn settable(self) -> Self {
        Self { access: Access::ReadWrite, ..self }
    }

    /// The same, and it can't be set.
    pub fn read_only(self) -> Self {
        Self { access: Access::Read, ..self }
    }

    /// The same, and a change can take a time.
    pub fn with_transition(self) -> Self {
        Self { transition: true, ..self }
    }

    /// The same of a device that doesn't report.
    pub fn silent(self) -> Self {
        Self { reports: false, ..self }
    }

    /// The same, with another time to report in.
    pub fn within_time(self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// How history keeps it; a vendor's numbers by their mean, all else by the last value.
    pub fn summary(&self) -> Summary {
        match (self.property.known(), &self.shape) {
            (Some(spec), _) => spec.summary,
            (None, Shape::Number(_)) => Summary::Mean,
            (None, _) => Summary::Last,
        }
    }

    /// The step of its numbers, 0 where there is none.
    pub fn step(&self) -> f64 {
        if let Shape::Number(limits) = self.shape { limits.step.unwrap_or(0.0) } else { 0.0 }
    }

    /// Checks a value that is to be set or was reported.
    pub fn check(&self, value: &Value) -> Result<(), Misfit> {
        self.shape.check(self.property.as_str(), value)
    }

    /// Whether a report of `is` shows that a command for `asked` was done: within half a device step for numbers (and
    /// never finer than half a percent of the span, as devices work in 8 bits), about the same for colours.
    pub fn fulfils(&self, asked: &Value, is: &Value) -> bool {
        match (asked, is, &self.shape) {
            (Value::Number(asked), Value::Number(is), Shape::Number(limits)) => {
                let coarse = limits.step.unwrap_or(0.0).max((limits.max - limits.min).min(1e3) / 100.0);
                (asked - is).abs() <= coarse / 2.0 + 1e-9
            }
            (Value::Color(asked), Value::Color(is), _) => asked.is_near(*is),
            _ => asked == is,
        }
    }
}

impl ActionOffer {
    /// A row of the table.
    pub fn new(spec: &'static crate::capability::ActionSpec) -> Self {
        Self { action: spec.into(), deadline: None }
    }

    /// The same, with another time to be done in.
    pub fn within_time(self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self }
    }
}

impl From<Kind> for Shape {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool,
            Kind::Number(limits) => Self::Number(limits),
            Kind::Choice(words) => Self::Choice(words.iter().copied().map(SmolStr::new_static).collect()),
            Kind::Text(longest) => Self::Text(longest),
            Kind::Color => Self::Color,
        }
    }
}

impl Shape {
    /// Whether `value` is of this shape; unknown always is. `name` is for the message.
    pub fn check(&self, name: &str, value: &Value) -> Result<(), Misfit> {
        let wrong = |wanted: String| Misfit::WrongKind { property: name.into(), wanted, found: describe(value) };
        match (self, value) {
            (_, Value::Unknown) | (Self::Bool, Value::Bool(_)) => Ok(()),
            (Self::Number(limits), Value::Number(number)) if limits.contains(*number) => Ok(()),
            (Self::Number(limits), Value::Number(_)) => {
                Err(Misfit::OutOfRange { property: name.into(), value: value.clone(), limits: *limits })
            }
            (Self::Choice(words), Value::Text(text)) if words.contains(text) => Ok(()),
            (Self::Choice(words), _) => {
                let hint = value
                    .as_text()
                    .map_or_else(String::new, |text| did_you_mean(text, words.iter().map(SmolStr::as_str)));
                Err(wrong(format!("one of {}{hint}", words.join(", "))))
            }
            (Self::Text(longest), Value::Text(text)) if text.len() <= *longest => Ok(()),
            (Self::Text(longest), _) => Err(wrong(format!("a text of at most {longest} bytes"))),
            (Self::Color, Value::Color(color)) if color.is_sound() => Ok(()),
            (Self::Color, _) => Err(wrong("a colour { h: 0 to 360, s: 0 to 100 }".into())),
            (Self::Bool, _) => Err(wrong("true or false".into())),
            (Self::Number(limits), _) => Err(wrong(format!("a number, {limits}"))),
        }
    }
}

impl Parameter {
    /// Checks an argument of an action.
    pub fn check(&self, value: &Value) -> Result<(), Misfit> {
        Shape::from(self.kind).check(self.name, value)
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Color,
        capability::{brightness, color, thermostat},
    };

    #[test]
    fn a_misfit_names_the_property_and_what_it_takes() {
        let level = PropertyOffer::new(&brightness::LEVEL);
        assert_eq!(
            level.check(&Value::Number(120.0)).unwrap_err().to_string(),
            "brightness.level takes 0 to 100, not 120"
        );
        assert_eq!(
            level.check(&true.into()).unwrap_err().to_string(),
            "brightness.level takes a number, 0 to 100, not true"
        );
        let mode = PropertyOffer::new(&thermostat::MODE).words(["off", "heat"]);
        let error = mode.check(&Value::text("haet")).unwrap_err().to_string();
        assert_eq!(error, "thermostat.mode takes one of off, heat, did you mean `heat`?, not `haet`");
        assert!(level.check(&Value::Unknown).is_ok());
    }

    #[test]
    fn a_command_is_fulfilled_within_half_a_step() {
        let level = PropertyOffer::new(&brightness::LEVEL);
        assert!(level.fulfils(&Value::Number(30.0), &Value::Number(29.9)));
        assert!(!level.fulfils(&Value::Number(30.0), &Value::Number(31.0)));
        let color = PropertyOffer::new(&color::VALUE);
        assert!(color.fulfils(&Color::new(359.0, 99.0).into(), &Color::new(1.0, 100.0).into()));
        assert!(!color.fulfils(&Color::new(120.0, 99.0).into(), &Color::new(1.0, 100.0).into()));
    }
}
