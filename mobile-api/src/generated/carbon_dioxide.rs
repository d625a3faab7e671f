//! Written by `cargo xtask codegen` from the capability table: `carbon_dioxide`.

use async_graphql::SimpleObject;
use hub_model::capability::carbon_dioxide as table;

use crate::part::{NumberLimits, Part};

/// Measures carbon dioxide.
#[derive(Debug, SimpleObject)]
pub(crate) struct CarbonDioxide {
    /// Carbon dioxide in the air. In ppm.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl CarbonDioxide {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
