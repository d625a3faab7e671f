//! Written by `cargo xtask codegen` from the capability table: `sound`.

use async_graphql::SimpleObject;
use hub_model::capability::sound as table;

use crate::part::{NumberLimits, Part};

/// Notices noise.
#[derive(Debug, SimpleObject)]
pub(crate) struct Sound {
    /// Whether there is a noise.
    pub(crate) detected: Option<bool>,
    /// How loud it is. In dB.
    pub(crate) level: Option<f64>,
    /// What `level` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
}

impl Sound {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            detected: part.bool(&table::DETECTED),
            level: part.number(&table::LEVEL),
            limits: part.limits(&table::LEVEL),
        })
    }
}
