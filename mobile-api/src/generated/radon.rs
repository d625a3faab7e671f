//! Written by `cargo xtask codegen` from the capability table: `radon`.

use async_graphql::SimpleObject;
use hub_model::capability::radon as table;

use crate::part::{NumberLimits, Part};

/// Measures radon.
#[derive(Debug, SimpleObject)]
pub(crate) struct Radon {
    /// Radon in the air. In Bq/m³.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Radon {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { measured: part.number(&table::MEASURED), limits: part.limits(&table::MEASURED) })
    }
}
