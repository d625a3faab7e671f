//! Written by `cargo xtask codegen` from the capability table: `weight`.

use async_graphql::SimpleObject;
use hub_model::capability::weight as table;

use crate::part::{NumberLimits, Part};

/// Weighs.
#[derive(Debug, SimpleObject)]
pub(crate) struct Weight {
    /// The weight. In kg.
    pub(crate) kilograms: Option<f64>,
    /// What `kilograms` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Weight {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { kilograms: part.number(&table::KILOGRAMS), limits: part.limits(&table::KILOGRAMS) })
    }
}
