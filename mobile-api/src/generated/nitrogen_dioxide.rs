//! Written by `cargo xtask codegen` from the capability table: `nitrogen_dioxide`.

use async_graphql::SimpleObject;
use hub_model::capability::nitrogen_dioxide as table;

use crate::part::{NumberLimits, Part};

/// Measures nitrogen dioxide.
#[derive(Debug, SimpleObject)]
pub(crate) struct NitrogenDioxide {
    /// Nitrogen dioxide in the air. In µg/m³.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl NitrogenDioxide {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
