//! Written by `cargo xtask codegen` from the capability table: `fan`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::fan as table};

use crate::part::{NumberLimits, Part};

/// Moves air.
#[derive(Debug, SimpleObject)]
pub(crate) struct Fan {
    /// How fast it turns. In %.
    pub(crate) speed: Option<f64>,
    /// What `speed` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// What decides its speed.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) mode_choices: Option<Vec<String>>,
    /// Whether it swings from side to side.
    pub(crate) oscillation: Option<bool>,
    /// Which way it blows.
    pub(crate) direction: Option<String>,
    /// The words that `direction` takes on this device.
    pub(crate) direction_choices: Option<Vec<String>>,
}

impl Fan {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            speed: part.number(&table::SPEED),
            limits: part.limits(&table::SPEED),
            mode: part.text(&table::MODE),
            mode_choices: part.choices(&table::MODE),
            oscillation: part.bool(&table::OSCILLATION),
            direction: part.text(&table::DIRECTION),
            direction_choices: part.choices(&table::DIRECTION),
        })
    }
}

/// What to set of `fan`.
#[derive(Debug, InputObject)]
pub(crate) struct FanInput {
    /// How fast it turns. From 0 to 100 %; a device may take less.
    pub(crate) speed: Option<f64>,
    /// What decides its speed. One of off, low, medium, high, on, auto, smart, sleep, natural, turbo; a device may take fewer.
    pub(crate) mode: Option<String>,
    /// Whether it swings from side to side.
    pub(crate) oscillation: Option<bool>,
    /// Which way it blows. One of forward, reverse; a device may take fewer.
    pub(crate) direction: Option<String>,
}

impl FanInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(speed) = self.speed {
            set.push((Property::from(&table::SPEED), Value::from(speed)));
        }
        if let Some(mode) = self.mode {
            set.push((Property::from(&table::MODE), Value::text(mode)));
        }
        if let Some(oscillation) = self.oscillation {
            set.push((Property::from(&table::OSCILLATION), Value::from(oscillation)));
        }
        if let Some(direction) = self.direction {
            set.push((Property::from(&table::DIRECTION), Value::text(direction)));
        }
    }
}
