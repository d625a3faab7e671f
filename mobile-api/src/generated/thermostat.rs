//! Written by `cargo xtask codegen` from the capability table: `thermostat`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::thermostat as table};

use crate::part::{NumberLimits, Part};

/// Keeps a temperature.
#[derive(Debug, SimpleObject)]
pub(crate) struct Thermostat {
    /// What it is set to do.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) mode_choices: Option<Vec<String>>,
    /// The temperature it heats to. In °C.
    pub(crate) heating_setpoint: Option<f64>,
    /// What `heating_setpoint` takes on this device.
    pub(crate) heating_setpoint_limits: Option<NumberLimits>,
    /// The temperature it cools to. In °C.
    pub(crate) cooling_setpoint: Option<f64>,
    /// What `cooling_setpoint` takes on this device.
    pub(crate) cooling_setpoint_limits: Option<NumberLimits>,
    /// What it does just now.
    pub(crate) running: Option<String>,
    /// The words that `running` takes on this device.
    pub(crate) running_choices: Option<Vec<String>>,
    /// How far its valve is open. In %.
    pub(crate) demand: Option<f64>,
    /// What `demand` takes on this device.
    pub(crate) demand_limits: Option<NumberLimits>,
}

impl Thermostat {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            mode: part.text(&table::MODE),
            mode_choices: part.choices(&table::MODE),
            heating_setpoint: part.number(&table::HEATING),
            heating_setpoint_limits: part.limits(&table::HEATING),
            cooling_setpoint: part.number(&table::COOLING),
            cooling_setpoint_limits: part.limits(&table::COOLING),
            running: part.text(&table::RUNNING),
            running_choices: part.choices(&table::RUNNING),
            demand: part.number(&table::DEMAND),
            demand_limits: part.limits(&table::DEMAND),
        })
    }
}

/// What to set of `thermostat`.
#[derive(Debug, InputObject)]
pub(crate) struct ThermostatInput {
    /// What it is set to do. One of off, heat, cool, auto, dry, fan_only; a device may take fewer.
    pub(crate) mode: Option<String>,
    /// The temperature it heats to. From -50 to 150 °C; a device may take less.
    pub(crate) heating_setpoint: Option<f64>,
    /// The temperature it cools to. From -50 to 150 °C; a device may take less.
    pub(crate) cooling_setpoint: Option<f64>,
}

impl ThermostatInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(mode) = self.mode {
            set.push((Property::from(&table::MODE), Value::text(mode)));
        }
        if let Some(heating_setpoint) = self.heating_setpoint {
            set.push((Property::from(&table::HEATING), Value::from(heating_setpoint)));
        }
        if let Some(cooling_setpoint) = self.cooling_setpoint {
            set.push((Property::from(&table::COOLING), Value::from(cooling_setpoint)));
        }
    }
}
