//! Written by `cargo xtask codegen` from the capability table: `occupancy`.

use async_graphql::SimpleObject;
use hub_model::capability::occupancy as table;

use crate::part::Part;

/// Notices people.
#[derive(Debug, SimpleObject)]
pub(crate) struct Occupancy {
    /// Whether somebody is there.
    pub(crate) occupied: Option<bool>,
}

impl Occupancy {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { occupied: part.bool(&table::OCCUPIED) })
    }
}
