//! Written by `cargo xtask codegen` from the capability table: `humidity`.

use async_graphql::SimpleObject;
use hub_model::capability::humidity as table;

use crate::part::{NumberLimits, Part};

/// Measures the humidity of the air.
#[derive(Debug, SimpleObject)]
pub(crate) struct Humidity {
    /// The relative humidity of the air. In %.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Humidity {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
