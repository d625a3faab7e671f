//! Written by `cargo xtask codegen` from the capability table: `brightness`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::brightness as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Can be dimmed.
#[derive(Debug, SimpleObject)]
pub(crate) struct Brightness {
    /// How bright it is while on. In %.
    pub(crate) level: Option<f64>,
    /// What `level` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Brightness {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            level: part.number(&table::LEVEL),
            limits: part.limits(&table::LEVEL),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `brightness`.
#[derive(Debug, InputObject)]
pub(crate) struct BrightnessInput {
    /// How bright it is while on. From 0 to 100 %; a device may take less.
    pub(crate) level: Option<f64>,
}

impl BrightnessInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(level) = self.level {
            set.push((Property::from(&table::LEVEL), Value::from(level)));
        }
    }
}

/// What to do with `brightness`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum BrightnessAction {
    /// Makes it brighter, or darker with a negative number.
    Step(BrightnessStepInput),
}

impl BrightnessAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Step(told) => Ok(told.invoke(Invoke::plain(&table::STEP))),
        }
    }
}

/// What `brightness.step` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct BrightnessStepInput {
    /// From -100 to 100 %; a device may take less.
    pub(crate) by: f64,
}

impl BrightnessStepInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        invoke.arguments.insert("by".into(), Value::from(self.by));
        invoke
    }
}
