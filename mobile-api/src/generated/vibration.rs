//! Written by `cargo xtask codegen` from the capability table: `vibration`.

use async_graphql::SimpleObject;
use hub_model::capability::vibration as table;

use crate::part::Part;

/// Notices shaking.
#[derive(Debug, SimpleObject)]
pub(crate) struct Vibration {
    /// Whether it shakes.
    pub(crate) detected: Option<bool>,
}

impl Vibration {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { detected: part.bool(&table::DETECTED) })
    }
}
