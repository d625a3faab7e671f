//! Written by `cargo xtask codegen` from the capability table: `gas`.

use async_graphql::SimpleObject;
use hub_model::capability::gas as table;

use crate::part::Part;

/// Warns of burning gas.
#[derive(Debug, SimpleObject)]
pub(crate) struct Gas {
    /// Whether there is burning gas in the air.
    pub(crate) detected: Option<bool>,
}

impl Gas {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
