//! Written by `cargo xtask codegen` from the capability table: `doorbell`.

use async_graphql::SimpleObject;
use hub_model::capability::doorbell as table;

use crate::part::Part;

/// Rings.
#[derive(Debug, SimpleObject)]
pub(crate) struct Doorbell {
    /// What of it can happen on this endpoint.
    pub(crate) occurrences: Vec<String>,
}

impl Doorbell {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { occurrences: part.occurrences(&table::CAPABILITY) })
    }
}
