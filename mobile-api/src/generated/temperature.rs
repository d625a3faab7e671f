//! Written by `cargo xtask codegen` from the capability table: `temperature`.

use async_graphql::SimpleObject;
use hub_model::capability::temperature as table;

use crate::part::{NumberLimits, Part};

/// Measures temperature.
#[derive(Debug, SimpleObject)]
pub(crate) struct Temperature {
    /// The temperature. In °C.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Temperature {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
