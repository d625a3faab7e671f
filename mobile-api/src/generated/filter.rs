//! Written by `cargo xtask codegen` from the capability table: `filter`.

use async_graphql::SimpleObject;
use hub_model::capability::filter as table;

use crate::part::{NumberLimits, Part};

/// Has filters.
#[derive(Debug, SimpleObject)]
pub(crate) struct Filter {
    /// What is left of the filter for dust. In %.
    pub(crate) dust: Option<f64>,
    /// What `dust` takes on this device.
    pub(crate) dust_limits: Option<NumberLimits>,
    /// Whether the filter for dust should be changed.
    pub(crate) change_dust: Option<bool>,
    /// What is left of the filter for odours. In %.
    pub(crate) odour: Option<f64>,
    /// What `odour` takes on this device.
    pub(crate) odour_limits: Option<NumberLimits>,
    /// Whether the filter for odours should be changed.
    pub(crate) change_odour: Option<bool>,
}

impl Filter {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            dust: part.number(&table::DUST),
            dust_limits: part.limits(&table::DUST),
            change_dust: part.bool(&table::CHANGE_DUST),
            odour: part.number(&table::ODOUR),
            odour_limits: part.limits(&table::ODOUR),
            change_odour: part.bool(&table::CHANGE_ODOUR),
        })
    }
}
