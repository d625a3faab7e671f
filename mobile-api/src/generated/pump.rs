//! Written by `cargo xtask codegen` from the capability table: `pump`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::pump as table};

use crate::part::{NumberLimits, Part};

/// Pumps.
#[derive(Debug, SimpleObject)]
pub(crate) struct Pump {
    /// How it runs.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// How strong it is set to be. In %.
    pub(crate) setpoint: Option<f64>,
    /// What `setpoint` takes on this device.
    pub(crate) setpoint_limits: Option<NumberLimits>,
    /// Whether it runs just now.
    pub(crate) running: Option<bool>,
    /// How much of what it can do it does. In %.
    pub(crate) capacity: Option<f64>,
    /// What `capacity` takes on this device.
    pub(crate) capacity_limits: Option<NumberLimits>,
    /// How fast it turns. In 1/min.
    pub(crate) speed: Option<f64>,
    /// What `speed` takes on this device.
    pub(crate) speed_limits: Option<NumberLimits>,
}

impl Pump {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            mode: part.text(&table::MODE),
            choices: part.choices(&table::MODE),
            setpoint: part.number(&table::SETPOINT),
            setpoint_limits: part.limits(&table::SETPOINT),
            running: part.bool(&table::RUNNING),
            capacity: part.number(&table::CAPACITY),
            capacity_limits: part.limits(&table::CAPACITY),
            speed: part.number(&table::SPEED),
            speed_limits: part.limits(&table::SPEED),
        })
    }
}

/// What to set of `pump`.
#[derive(Debug, InputObject)]
pub(crate) struct PumpInput {
    /// How it runs. One of normal, minimum, maximum, local; a device may take fewer.
    pub(crate) mode: Option<String>,
    /// How strong it is set to be. From 0 to 100 %; a device may take less.
    pub(crate) setpoint: Option<f64>,
}

impl PumpInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(mode) = self.mode {
            set.push((Property::from(&table::MODE), Value::text(mode)));
        }
        if let Some(setpoint) = self.setpoint {
            set.push((Property::from(&table::SETPOINT), Value::from(setpoint)));
        }
    }
}
