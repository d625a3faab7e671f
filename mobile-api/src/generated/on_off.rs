//! Written by `cargo xtask codegen` from the capability table: `on_off`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::on_off as table};

use crate::part::Part;
use crate::vendor::BadAction;

/// Can be switched on and off.
#[derive(Debug, SimpleObject)]
pub(crate) struct OnOff {
    /// Whether it is on.
    pub(crate) on: Option<bool>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl OnOff {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { on: part.bool(&table::ON), actions: part.actions(&table::CAPABILITY) })
    }
}

/// What to set of `on_off`.
#[derive(Debug, InputObject)]
pub(crate) struct OnOffInput {
    /// Whether it is on.
    pub(crate) on: Option<bool>,
}

impl OnOffInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(on) = self.on {
            set.push((Property::from(&table::ON), Value::from(on)));
        }
    }
}

/// What to do with `on_off`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum OnOffAction {
    /// Switches to the other side. Say `true`.
    Toggle(bool),
}

impl OnOffAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Toggle(told) => BadAction::unless_true(told, Invoke::plain(&table::TOGGLE)),
        }
    }
}
