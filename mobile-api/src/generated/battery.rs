//! Written by `cargo xtask codegen` from the capability table: `battery`.

use async_graphql::SimpleObject;
use hub_model::capability::battery as table;

use crate::part::{NumberLimits, Part};

/// Runs on a battery.
#[derive(Debug, SimpleObject)]
pub(crate) struct Battery {
    /// How full the battery is. In %.
    pub(crate) level: Option<f64>,
    /// What `level` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// Whether the battery should be changed or charged.
    pub(crate) low: Option<bool>,
    /// Whether the battery is being charged.
    pub(crate) charging: Option<bool>,
}

impl Battery {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            level: part.number(&table::LEVEL),
            limits: part.limits(&table::LEVEL),
            low: part.bool(&table::LOW),
            charging: part.bool(&table::CHARGING),
        })
    }
}
