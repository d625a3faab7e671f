//! Written by `cargo xtask codegen` from the capability table: `variable`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::variable as table};

use crate::part::{NumberLimits, Part};

/// Keeps something in mind.
#[derive(Debug, SimpleObject)]
pub(crate) struct Variable {
    /// Whether it is so.
    pub(crate) flag: Option<bool>,
    /// How much it is.
    pub(crate) number: Option<f64>,
    /// What `number` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// What it says.
    pub(crate) text: Option<String>,
}

impl Variable {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            flag: part.bool(&table::FLAG),
            number: part.number(&table::NUMBER),
            limits: part.limits(&table::NUMBER),
            text: part.text(&table::TEXT),
        })
    }
}

/// What to set of `variable`.
#[derive(Debug, InputObject)]
pub(crate) struct VariableInput {
    /// Whether it is so.
    pub(crate) flag: Option<bool>,
    /// How much it is. From -1000000000000 to 1000000000000; a device may take less.
    pub(crate) number: Option<f64>,
    /// What it says.
    pub(crate) text: Option<String>,
}

impl VariableInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(flag) = self.flag {
            set.push((Property::from(&table::FLAG), Value::from(flag)));
        }
        if let Some(number) = self.number {
            set.push((Property::from(&table::NUMBER), Value::from(number)));
        }
        if let Some(text) = self.text {
            set.push((Property::from(&table::TEXT), Value::text(text)));
        }
    }
}
