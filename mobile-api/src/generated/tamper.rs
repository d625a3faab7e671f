//! Written by `cargo xtask codegen` from the capability table: `tamper`.

use async_graphql::SimpleObject;
use hub_model::capability::tamper as table;

use crate::part::Part;

/// Notices tampering.
#[derive(Debug, SimpleObject)]
pub(crate) struct Tamper {
    /// Whether somebody tampers with it.
    pub(crate) detected: Option<bool>,
}

impl Tamper {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
