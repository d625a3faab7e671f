//! Written by `cargo xtask codegen` from the capability table: `contact`.

use async_graphql::SimpleObject;
use hub_model::capability::contact as table;

use crate::part::Part;

/// Notices whether a door or window is open.
#[derive(Debug, SimpleObject)]
pub(crate) struct Contact {
    /// Whether it is open.
    pub(crate) open: Option<bool>,
}

impl Contact {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { open: part.bool(&table::OPEN) })
    }
}
