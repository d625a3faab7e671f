//! Written by `cargo xtask codegen` from the capability table: `power`.

use async_graphql::SimpleObject;
use hub_model::capability::power as table;

use crate::part::{NumberLimits, Part};

/// Measures electrical power.
#[derive(Debug, SimpleObject)]
pub(crate) struct Power {
    /// The power it draws; negative when it feeds in. In W.
    pub(crate) watts: Option<f64>,
    /// What `watts` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Power {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { watts: part.number(&table::WATTS), limits: part.limits(&table::WATTS) })
    }
}
