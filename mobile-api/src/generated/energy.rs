//! Written by `cargo xtask codegen` from the capability table: `energy`.

use async_graphql::SimpleObject;
use hub_model::capability::energy as table;

use crate::part::{NumberLimits, Part};

/// Counts electrical energy.
#[derive(Debug, SimpleObject)]
pub(crate) struct Energy {
    /// The energy drawn since the meter began. In kWh.
    pub(crate) consumed: Option<f64>,
    /// What `consumed` takes on this device.
    pub(crate) consumed_limits: Option<NumberLimits>,
    /// The energy fed in since the meter began. In kWh.
    pub(crate) produced: Option<f64>,
    /// What `produced` takes on this device.
    pub(crate) produced_limits: Option<NumberLimits>,
}

impl Energy {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            consumed: part.number(&table::CONSUMED),
            consumed_limits: part.limits(&table::CONSUMED),
            produced: part.number(&table::PRODUCED),
            produced_limits: part.limits(&table::PRODUCED),
        })
    }
}
