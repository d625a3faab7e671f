//! Written by `cargo xtask codegen` from the capability table: `valve`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::valve as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Lets water or gas through.
#[derive(Debug, SimpleObject)]
pub(crate) struct Valve {
    /// Whether it lets anything through.
    pub(crate) open: Option<bool>,
    /// How far it is open. In %.
    pub(crate) position: Option<f64>,
    /// What `position` takes on this device.
    pub(crate) position_limits: Option<NumberLimits>,
    /// For how long it opens where nothing else is said; 0 stands for until it is closed. In s.
    pub(crate) default_duration: Option<f64>,
    /// What `default_duration` takes on this device.
    pub(crate) default_duration_limits: Option<NumberLimits>,
    /// In how long it closes by itself. In s.
    pub(crate) remaining: Option<f64>,
    /// What `remaining` takes on this device.
    pub(crate) remaining_limits: Option<NumberLimits>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Valve {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            open: part.bool(&table::OPEN),
            position: part.number(&table::POSITION),
            position_limits: part.limits(&table::POSITION),
            default_duration: part.number(&table::DEFAULT_DURATION),
            default_duration_limits: part.limits(&table::DEFAULT_DURATION),
            remaining: part.number(&table::REMAINING),
            remaining_limits: part.limits(&table::REMAINING),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `valve`.
#[derive(Debug, InputObject)]
pub(crate) struct ValveInput {
    /// Whether it lets anything through.
    pub(crate) open: Option<bool>,
    /// How far it is open. From 0 to 100 %; a device may take less.
    pub(crate) position: Option<f64>,
    /// For how long it opens where nothing else is said; 0 stands for until it is closed. From 0 to 604800 s; a device may take less.
    pub(crate) default_duration: Option<f64>,
}

impl ValveInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(open) = self.open {
            set.push((Property::from(&table::OPEN), Value::from(open)));
        }
        if let Some(position) = self.position {
            set.push((Property::from(&table::POSITION), Value::from(position)));
        }
        if let Some(default_duration) = self.default_duration {
            set.push((Property::from(&table::DEFAULT_DURATION), Value::from(default_duration)));
        }
    }
}

/// What to do with `valve`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum ValveAction {
    /// Opens it for a time; then it closes by itself.
    OpenFor(ValveOpenForInput),
    /// Stops it where it is. Say `true`.
    Stop(bool),
}

impl ValveAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::OpenFor(told) => Ok(told.invoke(Invoke::plain(&table::OPEN_FOR))),
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
        }
    }
}

/// What `valve.open_for` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct ValveOpenForInput {
    /// From 1 to 604800 s; a device may take less.
    pub(crate) duration: f64,
}

impl ValveOpenForInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        invoke.arguments.insert("duration".into(), Value::from(self.duration));
        invoke
    }
}
