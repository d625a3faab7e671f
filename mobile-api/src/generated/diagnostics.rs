//! Written by `cargo xtask codegen` from the capability table: `diagnostics`.

use async_graphql::SimpleObject;
use hub_model::capability::diagnostics as table;

use crate::part::{NumberLimits, Part};

/// Tells how it fares.
#[derive(Debug, SimpleObject)]
pub(crate) struct Diagnostics {
    /// How strong its radio signal is. In dBm.
    pub(crate) signal: Option<f64>,
    /// What `signal` takes on this device.
    pub(crate) signal_limits: Option<NumberLimits>,
    /// For how long it had been running when last asked. In s.
    pub(crate) uptime: Option<f64>,
    /// What `uptime` takes on this device.
    pub(crate) uptime_limits: Option<NumberLimits>,
    /// How often it has started.
    pub(crate) restarts: Option<f64>,
    /// What `restarts` takes on this device.
    pub(crate) restarts_limits: Option<NumberLimits>,
    /// Why it started last.
    pub(crate) restart_reason: Option<String>,
    /// The words that `restart_reason` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
}

impl Diagnostics {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            signal: part.number(&table::SIGNAL),
            signal_limits: part.limits(&table::SIGNAL),
            uptime: part.number(&table::UPTIME),
            uptime_limits: part.limits(&table::UPTIME),
            restarts: part.number(&table::RESTARTS),
            restarts_limits: part.limits(&table::RESTARTS),
            restart_reason: part.text(&table::RESTART_REASON),
            choices: part.choices(&table::RESTART_REASON),
        })
    }
}
