//! Written by `cargo xtask codegen` from the capability table: `appliance`.

use async_graphql::SimpleObject;
use hub_model::capability::appliance as table;

use crate::part::{NumberLimits, Part};

/// Runs programmes.
#[derive(Debug, SimpleObject)]
pub(crate) struct Appliance {
    /// What it does just now.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// How long it still takes. In s.
    pub(crate) remaining: Option<f64>,
    /// What `remaining` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// What of it can happen on this endpoint.
    pub(crate) occurrences: Vec<String>,
}

impl Appliance {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            state: part.text(&table::STATE),
            choices: part.choices(&table::STATE),
            remaining: part.number(&table::REMAINING),
            limits: part.limits(&table::REMAINING),
            occurrences: part.occurrences(&table::CAPABILITY),
        })
    }
}
