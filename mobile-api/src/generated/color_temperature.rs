//! Written by `cargo xtask codegen` from the capability table: `color_temperature`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::color_temperature as table};

use crate::part::{NumberLimits, Part};

/// Gives white light from warm to cold.
#[derive(Debug, SimpleObject)]
pub(crate) struct ColorTemperature {
    /// The colour of white light, from warm to cold. In K.
    pub(crate) kelvin: Option<f64>,
    /// What `kelvin` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl ColorTemperature {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { kelvin: part.number(&table::KELVIN), limits: part.limits(&table::KELVIN) })
    }
}

/// What to set of `color_temperature`.
#[derive(Debug, InputObject)]
pub(crate) struct ColorTemperatureInput {
    /// The colour of white light, from warm to cold. From 1000 to 20000 K; a device may take less.
    pub(crate) kelvin: Option<f64>,
}

impl ColorTemperatureInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(kelvin) = self.kelvin {
            set.push((Property::from(&table::KELVIN), Value::from(kelvin)));
        }
    }
}
