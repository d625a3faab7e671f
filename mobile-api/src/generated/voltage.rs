//! Written by `cargo xtask codegen` from the capability table: `voltage`.

use async_graphql::SimpleObject;
use hub_model::capability::voltage as table;

use crate::part::{NumberLimits, Part};

/// Measures voltage.
#[derive(Debug, SimpleObject)]
pub(crate) struct Voltage {
    /// The voltage. In V.
    pub(crate) volts: Option<f64>,
    /// What `volts` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Voltage {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { volts: part.number(&table::VOLTS), limits: part.limits(&table::VOLTS) })
    }
}
