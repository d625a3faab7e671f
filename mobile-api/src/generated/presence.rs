//! Written by `cargo xtask codegen` from the capability table: `presence`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::presence as table};

use crate::part::Part;

/// Tells whether somebody is at home.
#[derive(Debug, SimpleObject)]
pub(crate) struct Presence {
    /// Whether the person is at home.
    pub(crate) home: Option<bool>,
}

impl Presence {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { home: part.bool(&table::HOME) })
    }
}

/// What to set of `presence`.
#[derive(Debug, InputObject)]
pub(crate) struct PresenceInput {
    /// Whether the person is at home.
    pub(crate) home: Option<bool>,
}

impl PresenceInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(home) = self.home {
            set.push((Property::from(&table::HOME), Value::from(home)));
        }
    }
}
