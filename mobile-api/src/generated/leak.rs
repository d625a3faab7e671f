//! Written by `cargo xtask codegen` from the capability table: `leak`.

use async_graphql::SimpleObject;
use hub_model::capability::leak as table;

use crate::part::Part;

/// Warns of water.
#[derive(Debug, SimpleObject)]
pub(crate) struct Leak {
    /// Whether there is water where none should be.
    pub(crate) detected: Option<bool>,
}

impl Leak {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
