//! Written by `cargo xtask codegen` from the capability table: `particulates`.

use async_graphql::SimpleObject;
use hub_model::capability::particulates as table;

use crate::part::{NumberLimits, Part};

/// Measures fine dust.
#[derive(Debug, SimpleObject)]
pub(crate) struct Particulates {
    /// Dust below 1 µm. In µg/m³.
    pub(crate) pm1: Option<f64>,
    /// What `pm1` takes on this device.
    pub(crate) pm1_limits: Option<NumberLimits>,
    /// Dust below 2.5 µm. In µg/m³.
    #[graphql(name = "pm2_5")]
    pub(crate) pm2_5: Option<f64>,
    /// What `pm2_5` takes on this device.
    #[graphql(name = "pm2_5Limits")]
    pub(crate) pm2_5_limits: Option<NumberLimits>,
    /// Dust below 10 µm. In µg/m³.
    pub(crate) pm10: Option<f64>,
    /// What `pm10` takes on this device.
    pub(crate) pm10_limits: Option<NumberLimits>,
}

impl Particulates {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            pm1: part.number(&table::PM1),
            pm1_limits: part.limits(&table::PM1),
            pm2_5: part.number(&table::PM2_5),
            pm2_5_limits: part.limits(&table::PM2_5),
            pm10: part.number(&table::PM10),
            pm10_limits: part.limits(&table::PM10),
        })
    }
}
