//! Written by `cargo xtask codegen` from the capability table: `problem`.

use async_graphql::SimpleObject;
use hub_model::capability::problem as table;

use crate::part::Part;

/// Tells when something is wrong with it.
#[derive(Debug, SimpleObject)]
pub(crate) struct Problem {
    /// Whether something is wrong with it.
    pub(crate) detected: Option<bool>,
}

impl Problem {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
