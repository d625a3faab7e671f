//! Written by `cargo xtask codegen` from the capability table: `rain`.

use async_graphql::SimpleObject;
use hub_model::capability::rain as table;

use crate::part::{NumberLimits, Part};

/// Notices and measures rain.
#[derive(Debug, SimpleObject)]
pub(crate) struct Rain {
    /// Whether it rains.
    pub(crate) raining: Option<bool>,
    /// How hard it rains. In mm/h.
    pub(crate) rate: Option<f64>,
    /// What `rate` takes on this device.
    pub(crate) rate_limits: Option<NumberLimits>,
    /// How much has fallen since the gauge began. In mm.
    pub(crate) total: Option<f64>,
    /// What `total` takes on this device.
    pub(crate) total_limits: Option<NumberLimits>,
}

impl Rain {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            raining: part.bool(&table::RAINING),
            rate: part.number(&table::RATE),
            rate_limits: part.limits(&table::RATE),
            total: part.number(&table::TOTAL),
            total_limits: part.limits(&table::TOTAL),
        })
    }
}
