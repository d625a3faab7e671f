//! Properties by name: what a screen needs to draw any of them.

use async_graphql::{ID, Object};
use hub_model::{PropertyOffer, Shape, capability::Access};

use super::word::{Summary, ValueKind};
use crate::{
    part::{NumberLimits, Part, longest, words},
    scalar::{DateTime, Value},
};

/// A property that an endpoint offers, with its value.
pub(crate) struct Property {
    part: Part,
    /// Where it stands among the endpoint's.
    at: usize,
    reading: hub_model::Reading,
}

impl Property {
    /// Every property of an endpoint.
    pub(crate) fn all(part: &Part) -> Vec<Self> {
        let property = |(at, (_, reading)): (usize, (&PropertyOffer, &hub_model::Reading))| Self {
            part: part.clone(),
            at,
            reading: reading.clone(),
        };
        part.readings().enumerate().map(property).collect()
    }

    fn offer(&self) -> &PropertyOffer {
        &self.part.endpoint.properties[self.at]
    }
}

/// A property that an endpoint offers, with its value.
#[Object]
impl Property {
    /// Its whole name: `brightness.level`, or `x.<vendor>.<name>`.
    async fn id(&self) -> ID {
        ID(self.offer().property.to_string())
    }
    /// What it is now; null for unknown.
    async fn value(&self) -> Option<Value> {
        Value::known(&self.reading.value)
    }
    /// The unit's symbol, where it has one.
    async fn unit(&self) -> Option<&str> {
        Some(self.offer().unit.symbol()).filter(|symbol| !symbol.is_empty())
    }
    /// Since when it has this value.
    async fn changed_at(&self) -> Option<DateTime> {
        self.reading.changed_at.map(DateTime)
    }
    /// When the device last said so.
    async fn reported_at(&self) -> Option<DateTime> {
        self.reading.reported_at.map(DateTime)
    }
    /// What kind of values it takes.
    async fn kind(&self) -> ValueKind {
        kind(&self.offer().shape)
    }
    /// Whether it can be set.
    async fn settable(&self) -> bool {
        self.offer().access == Access::ReadWrite
    }
    /// Whether a change can take a time (`transition`).
    async fn transition(&self) -> bool {
        self.offer().transition
    }
    /// What its numbers are within.
    async fn limits(&self) -> Option<NumberLimits> {
        NumberLimits::of(&self.offer().shape)
    }
    /// The words that it takes.
    async fn choices(&self) -> Option<Vec<String>> {
        words(&self.offer().shape)
    }
    /// The longest text that it takes, in bytes.
    async fn longest(&self) -> Option<usize> {
        longest(&self.offer().shape)
    }
    /// How history keeps it.
    async fn summary(&self) -> Summary {
        self.offer().summary().into()
    }
}

/// What kind of values a shape takes.
pub(crate) const fn kind(shape: &Shape) -> ValueKind {
    match shape {
        Shape::Bool => ValueKind::Bool,
        Shape::Number(_) => ValueKind::Number,
        Shape::Choice(_) => ValueKind::Choice,
        Shape::Text(_) => ValueKind::Text,
        Shape::Color => ValueKind::Color,
    }
}
