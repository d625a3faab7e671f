//! Written by `cargo xtask codegen` from the capability table: `ultraviolet`.

use async_graphql::SimpleObject;
use hub_model::capability::ultraviolet as table;

use crate::part::{NumberLimits, Part};

/// Measures ultraviolet light.
#[derive(Debug, SimpleObject)]
pub(crate) struct Ultraviolet {
    /// The strength of ultraviolet light.
    pub(crate) index: Option<f64>,
    /// What `index` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Ultraviolet {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { index: part.number(&table::INDEX), limits: part.limits(&table::INDEX) })
    }
}
