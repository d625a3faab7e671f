//! Written by `cargo xtask codegen` from the capability table: `vacuum`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::vacuum as table};

use crate::part::Part;
use crate::vendor::BadAction;

/// Cleans floors by itself.
#[derive(Debug, SimpleObject)]
pub(crate) struct Vacuum {
    /// What it does just now.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// How hard it sucks, in the device's own words.
    pub(crate) suction: Option<String>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Vacuum {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            state: part.text(&table::STATE),
            choices: part.choices(&table::STATE),
            suction: part.text(&table::SUCTION),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `vacuum`.
#[derive(Debug, InputObject)]
pub(crate) struct VacuumInput {
    /// How hard it sucks, in the device's own words.
    pub(crate) suction: Option<String>,
}

impl VacuumInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(suction) = self.suction {
            set.push((Property::from(&table::SUCTION), Value::text(suction)));
        }
    }
}

/// What to do with `vacuum`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum VacuumAction {
    /// Cleans. Say `true`.
    Start(bool),
    /// Pauses. Say `true`.
    Pause(bool),
    /// Stops where it is. Say `true`.
    Stop(bool),
    /// Goes back to its dock. Say `true`.
    ReturnHome(bool),
    /// Makes itself heard. Say `true`.
    Locate(bool),
}

impl VacuumAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Start(told) => BadAction::unless_true(told, Invoke::plain(&table::START)),
            Self::Pause(told) => BadAction::unless_true(told, Invoke::plain(&table::PAUSE)),
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
            Self::ReturnHome(told) => BadAction::unless_true(told, Invoke::plain(&table::RETURN_HOME)),
            Self::Locate(told) => BadAction::unless_true(told, Invoke::plain(&table::LOCATE)),
        }
    }
}
