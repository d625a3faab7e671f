//! Written by `cargo xtask codegen` from the capability table: `covering`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::covering as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Opens and closes.
#[derive(Debug, SimpleObject)]
pub(crate) struct Covering {
    /// How far it is open. In %.
    pub(crate) position: Option<f64>,
    /// What `position` takes on this device.
    pub(crate) position_limits: Option<NumberLimits>,
    /// How far its slats are open. In %.
    pub(crate) tilt: Option<f64>,
    /// What `tilt` takes on this device.
    pub(crate) tilt_limits: Option<NumberLimits>,
    /// What it does just now.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Covering {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            position: part.number(&table::POSITION),
            position_limits: part.limits(&table::POSITION),
            tilt: part.number(&table::TILT),
            tilt_limits: part.limits(&table::TILT),
            state: part.text(&table::STATE),
            choices: part.choices(&table::STATE),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `covering`.
#[derive(Debug, InputObject)]
pub(crate) struct CoveringInput {
    /// How far it is open. From 0 to 100 %; a device may take less.
    pub(crate) position: Option<f64>,
    /// How far its slats are open. From 0 to 100 %; a device may take less.
    pub(crate) tilt: Option<f64>,
}

impl CoveringInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(position) = self.position {
            set.push((Property::from(&table::POSITION), Value::from(position)));
        }
        if let Some(tilt) = self.tilt {
            set.push((Property::from(&table::TILT), Value::from(tilt)));
        }
    }
}

/// What to do with `covering`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum CoveringAction {
    /// Opens it all the way. Say `true`.
    Open(bool),
    /// Closes it all the way. Say `true`.
    Close(bool),
    /// Stops it where it is. Say `true`.
    Stop(bool),
}

impl CoveringAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Open(told) => BadAction::unless_true(told, Invoke::plain(&table::OPEN)),
            Self::Close(told) => BadAction::unless_true(told, Invoke::plain(&table::CLOSE)),
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
        }
    }
}
