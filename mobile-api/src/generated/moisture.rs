//! Written by `cargo xtask codegen` from the capability table: `moisture`.

use async_graphql::SimpleObject;
use hub_model::capability::moisture as table;

use crate::part::{NumberLimits, Part};

/// Measures the moisture of earth or a wall.
#[derive(Debug, SimpleObject)]
pub(crate) struct Moisture {
    /// The moisture of earth or a wall. In %.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Moisture {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
