//! Written by `cargo xtask codegen` from the capability table: `valve`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::valve as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Lets water or gas through.
#[derive(Debug, SimpleObject)]
pub(crate) struct Valve {
    /// Whether it lets anything through.
    pub(crate) open: Option<bool>,
    /// How far it is open. In %.
    pub(crate) position: Option<f64>,
    /// What `position` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Valve {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            open: part.bool(&table::OPEN),
            position: part.number(&table::POSITION),
            limits: part.limits(&table::POSITION),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `valve`.
#[derive(Debug, InputObject)]
pub(crate) struct ValveInput {
    /// Whether it lets anything through.
    pub(crate) open: Option<bool>,
    /// How far it is open. From 0 to 100 %; a device may take less.
    pub(crate) position: Option<f64>,
}

impl ValveInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(open) = self.open {
            set.push((Property::from(&table::OPEN), Value::from(open)));
        }
        if let Some(position) = self.position {
            set.push((Property::from(&table::POSITION), Value::from(position)));
        }
    }
}

/// What to do with `valve`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum ValveAction {
    /// Stops it where it is. Say `true`.
    Stop(bool),
}

impl ValveAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
        }
    }
}
