//! Written by `cargo xtask codegen` from the capability table: `color`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::color as table};

use crate::part::Part;
use crate::scalar::{HueSaturation, HueSaturationInput};

/// Gives coloured light.
#[derive(Debug, SimpleObject)]
pub(crate) struct Color {
    /// The colour of the light.
    pub(crate) value: Option<HueSaturation>,
    /// Whether the light shows its colour or white of its colour temperature.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
}

impl Color {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            value: part.color(&table::VALUE),
            mode: part.text(&table::MODE),
            choices: part.choices(&table::MODE),
        })
    }
}

/// What to set of `color`.
#[derive(Debug, InputObject)]
pub(crate) struct ColorInput {
    /// The colour of the light.
    pub(crate) value: Option<HueSaturationInput>,
}

impl ColorInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(value) = self.value {
            set.push((Property::from(&table::VALUE), Value::from(value)));
        }
    }
}
