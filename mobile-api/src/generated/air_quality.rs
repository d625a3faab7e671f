//! Written by `cargo xtask codegen` from the capability table: `air_quality`.

use async_graphql::SimpleObject;
use hub_model::capability::air_quality as table;

use crate::part::Part;

/// Judges the air.
#[derive(Debug, SimpleObject)]
pub(crate) struct AirQuality {
    /// How good the air is.
    pub(crate) level: Option<String>,
    /// The words that `level` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
}

impl AirQuality {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { level: part.text(&table::LEVEL), choices: part.choices(&table::LEVEL) })
    }
}
