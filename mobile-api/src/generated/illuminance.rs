//! Written by `cargo xtask codegen` from the capability table: `illuminance`.

use async_graphql::SimpleObject;
use hub_model::capability::illuminance as table;

use crate::part::{NumberLimits, Part};

/// Measures light.
#[derive(Debug, SimpleObject)]
pub(crate) struct Illuminance {
    /// The light that falls on it. In lx.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Illuminance {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
