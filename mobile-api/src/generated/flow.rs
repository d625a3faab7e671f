//! Written by `cargo xtask codegen` from the capability table: `flow`.

use async_graphql::SimpleObject;
use hub_model::capability::flow as table;

use crate::part::{NumberLimits, Part};

/// Measures the flow of water or gas.
#[derive(Debug, SimpleObject)]
pub(crate) struct Flow {
    /// How much flows. In m³/h.
    pub(crate) rate: Option<f64>,
    /// What `rate` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Flow {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { rate: part.number(&table::RATE), limits: part.limits(&table::RATE) })
    }
}
