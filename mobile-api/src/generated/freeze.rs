//! Written by `cargo xtask codegen` from the capability table: `freeze`.

use async_graphql::SimpleObject;
use hub_model::capability::freeze as table;

use crate::part::Part;

/// Warns of frost.
#[derive(Debug, SimpleObject)]
pub(crate) struct Freeze {
    /// Whether water would freeze.
    pub(crate) detected: Option<bool>,
}

impl Freeze {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
