//! Written by `cargo xtask codegen` from the capability table: `current`.

use async_graphql::SimpleObject;
use hub_model::capability::current as table;

use crate::part::{NumberLimits, Part};

/// Measures electric current.
#[derive(Debug, SimpleObject)]
pub(crate) struct Current {
    /// The electric current. In A.
    pub(crate) amperes: Option<f64>,
    /// What `amperes` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Current {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { amperes: part.number(&table::AMPERES), limits: part.limits(&table::AMPERES) })
    }
}
