//! Written by `cargo xtask codegen` from the capability table: `pressure`.

use async_graphql::SimpleObject;
use hub_model::capability::pressure as table;

use crate::part::{NumberLimits, Part};

/// Measures air pressure.
#[derive(Debug, SimpleObject)]
pub(crate) struct Pressure {
    /// The pressure of the air. In hPa.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Pressure {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
