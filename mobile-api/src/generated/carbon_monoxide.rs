//! Written by `cargo xtask codegen` from the capability table: `carbon_monoxide`.

use async_graphql::SimpleObject;
use hub_model::capability::carbon_monoxide as table;

use crate::part::{NumberLimits, Part};

/// Warns of carbon monoxide.
#[derive(Debug, SimpleObject)]
pub(crate) struct CarbonMonoxide {
    /// Whether there is a dangerous amount of carbon monoxide.
    pub(crate) detected: Option<bool>,
    /// Carbon monoxide in the air. In ppm.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl CarbonMonoxide {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            detected: part.bool(&table::DETECTED),
            measured: part.number(&table::MEASURED),
            limits: part.limits(&table::MEASURED),
        })
    }
}
