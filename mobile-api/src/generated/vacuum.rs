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
    /// The areas that it knows, by name, separated by commas.
    pub(crate) areas: Option<String>,
    /// The areas that it is to clean, by name, separated by commas; empty where it cleans all.
    pub(crate) selected_areas: Option<String>,
    /// The area that it cleans just now.
    pub(crate) current_area: Option<String>,
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
            areas: part.text(&table::AREAS),
            selected_areas: part.text(&table::SELECTED_AREAS),
            current_area: part.text(&table::CURRENT_AREA),
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
    /// Chooses the areas that it cleans from now on; none stands for all.
    SelectAreas(VacuumSelectAreasInput),
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
            Self::SelectAreas(told) => Ok(told.invoke(Invoke::plain(&table::SELECT_AREAS))),
            Self::Locate(told) => BadAction::unless_true(told, Invoke::plain(&table::LOCATE)),
        }
    }
}

/// What `vacuum.select_areas` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct VacuumSelectAreasInput {
    /// At most 4096 bytes.
    pub(crate) areas: String,
}

impl VacuumSelectAreasInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        invoke.arguments.insert("areas".into(), Value::text(self.areas));
        invoke
    }
}
