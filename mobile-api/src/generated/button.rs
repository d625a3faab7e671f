//! Written by `cargo xtask codegen` from the capability table: `button`.

use async_graphql::SimpleObject;
use hub_model::capability::button as table;

use crate::part::Part;

/// Can be pressed.
#[derive(Debug, SimpleObject)]
pub(crate) struct Button {
    /// What of it can happen on this endpoint.
    pub(crate) occurrences: Vec<String>,
}

impl Button {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { occurrences: part.occurrences(&table::CAPABILITY) })
    }
}
