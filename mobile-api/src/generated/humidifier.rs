//! Written by `cargo xtask codegen` from the capability table: `humidifier`.

use async_graphql::{InputObject, SimpleObject};
use hub_model::{Property, Value, capability::humidifier as table};

use crate::part::{NumberLimits, Part};

/// Keeps a humidity.
#[derive(Debug, SimpleObject)]
pub(crate) struct Humidifier {
    /// The humidity it works towards. In %.
    pub(crate) target: Option<f64>,
    /// What `target` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// How it works.
    pub(crate) mode: Option<String>,
    /// The words that `mode` takes on this device.
    pub(crate) mode_choices: Option<Vec<String>>,
    /// What it does just now.
    pub(crate) running: Option<String>,
    /// The words that `running` takes on this device.
    pub(crate) running_choices: Option<Vec<String>>,
}

impl Humidifier {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            target: part.number(&table::TARGET),
            limits: part.limits(&table::TARGET),
            mode: part.text(&table::MODE),
            mode_choices: part.choices(&table::MODE),
            running: part.text(&table::RUNNING),
            running_choices: part.choices(&table::RUNNING),
        })
    }
}

/// What to set of `humidifier`.
#[derive(Debug, InputObject)]
pub(crate) struct HumidifierInput {
    /// The humidity it works towards. From 0 to 100 %; a device may take less.
    pub(crate) target: Option<f64>,
    /// How it works. One of normal, eco, away, boost, comfort, home, sleep, auto, baby; a device may take fewer.
    pub(crate) mode: Option<String>,
}

impl HumidifierInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(target) = self.target {
            set.push((Property::from(&table::TARGET), Value::from(target)));
        }
        if let Some(mode) = self.mode {
            set.push((Property::from(&table::MODE), Value::text(mode)));
        }
    }
}
