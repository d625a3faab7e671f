//! Written by `cargo xtask codegen` from the capability table: `appliance`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::appliance as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Runs programmes.
#[derive(Debug, SimpleObject)]
pub(crate) struct Appliance {
    /// What it does just now.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// How long it still takes. In s.
    pub(crate) remaining: Option<f64>,
    /// What `remaining` takes on this device.
    pub(crate) remaining_limits: Option<NumberLimits>,
    /// Which programme is chosen, in the device's own words.
    pub(crate) programme: Option<String>,
    /// Which part of the programme runs, in the device's own words.
    pub(crate) phase: Option<String>,
    /// The temperature that it works with. In °C.
    pub(crate) setpoint: Option<f64>,
    /// What `setpoint` takes on this device.
    pub(crate) setpoint_limits: Option<NumberLimits>,
    /// The temperature that it works with, in the device's own words.
    pub(crate) temperature_level: Option<String>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
    /// What of it can happen on this endpoint.
    pub(crate) occurrences: Vec<String>,
}

impl Appliance {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            state: part.text(&table::STATE),
            choices: part.choices(&table::STATE),
            remaining: part.number(&table::REMAINING),
            remaining_limits: part.limits(&table::REMAINING),
            programme: part.text(&table::PROGRAMME),
            phase: part.text(&table::PHASE),
            setpoint: part.number(&table::SETPOINT),
            setpoint_limits: part.limits(&table::SETPOINT),
            temperature_level: part.text(&table::TEMPERATURE_LEVEL),
            actions: part.actions(&table::CAPABILITY),
            occurrences: part.occurrences(&table::CAPABILITY),
        })
    }
}

/// What to set of `appliance`.
#[derive(Debug, InputObject)]
pub(crate) struct ApplianceInput {
    /// Which programme is chosen, in the device's own words.
    pub(crate) programme: Option<String>,
    /// The temperature that it works with. From -100 to 1000 °C; a device may take less.
    pub(crate) setpoint: Option<f64>,
    /// The temperature that it works with, in the device's own words.
    pub(crate) temperature_level: Option<String>,
}

impl ApplianceInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(programme) = self.programme {
            set.push((Property::from(&table::PROGRAMME), Value::text(programme)));
        }
        if let Some(setpoint) = self.setpoint {
            set.push((Property::from(&table::SETPOINT), Value::from(setpoint)));
        }
        if let Some(temperature_level) = self.temperature_level {
            set.push((Property::from(&table::TEMPERATURE_LEVEL), Value::text(temperature_level)));
        }
    }
}

/// What to do with `appliance`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum ApplianceAction {
    /// Starts the programme. Say `true`.
    Start(bool),
    /// Pauses. Say `true`.
    Pause(bool),
    /// Goes on. Say `true`.
    Resume(bool),
    /// Ends the programme. Say `true`.
    Stop(bool),
}

impl ApplianceAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Start(told) => BadAction::unless_true(told, Invoke::plain(&table::START)),
            Self::Pause(told) => BadAction::unless_true(told, Invoke::plain(&table::PAUSE)),
            Self::Resume(told) => BadAction::unless_true(told, Invoke::plain(&table::RESUME)),
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
        }
    }
}
