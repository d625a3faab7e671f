//! Written by `cargo xtask codegen` from the capability table: `volatile_organics`.

use async_graphql::SimpleObject;
use hub_model::capability::volatile_organics as table;

use crate::part::{NumberLimits, Part};

/// Measures volatile organic compounds.
#[derive(Debug, SimpleObject)]
pub(crate) struct VolatileOrganics {
    /// Volatile organic compounds in the air. In µg/m³.
    pub(crate) measured: Option<f64>,
    /// What `measured` takes on this device.
    pub(crate) measured_limits: Option<NumberLimits>,
    /// Volatile organic compounds in the air, by number. In ppm.
    pub(crate) parts: Option<f64>,
    /// What `parts` takes on this device.
    pub(crate) parts_limits: Option<NumberLimits>,
    /// How bad the air is by the sensor's own index.
    pub(crate) index: Option<f64>,
    /// What `index` takes on this device.
    pub(crate) index_limits: Option<NumberLimits>,
}

impl VolatileOrganics {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            measured: part.number(&table::MEASURED),
            measured_limits: part.limits(&table::MEASURED),
            parts: part.number(&table::PARTS),
            parts_limits: part.limits(&table::PARTS),
            index: part.number(&table::INDEX),
            index_limits: part.limits(&table::INDEX),
        })
    }
}
