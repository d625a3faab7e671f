//! Written by `cargo xtask codegen` from the capability table: `house`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::house as table};

use crate::part::Part;

/// Knows what goes on in the house.
#[derive(Debug, SimpleObject)]
pub(crate) struct House {
    /// What goes on in the house.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
}

impl House {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { mode: part.text(&table::MODE), choices: part.choices(&table::MODE) })
    }
}

/// What to set of `house`.
#[derive(Debug, InputObject)]
pub(crate) struct HouseInput {
    /// What goes on in the house. One of home, away, night, guest; a device may take fewer.
    pub(crate) mode: Option<String>,
}

impl HouseInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(mode) = self.mode {
            set.push((Property::from(&table::MODE), Value::text(mode)));
        }
    }
}
