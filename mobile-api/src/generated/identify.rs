//! Written by `cargo xtask codegen` from the capability table: `identify`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Value, capability::identify as table};

use crate::part::Part;
use crate::vendor::BadAction;

/// Can show which device it is.
#[derive(Debug, SimpleObject)]
pub(crate) struct Identify {
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Identify {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self { actions: part.actions(&table::CAPABILITY) })
    }
}

/// What to do with `identify`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum IdentifyAction {
    /// Blinks, beeps or moves, so that it can be found.
    Identify(IdentifyIdentifyInput),
}

impl IdentifyAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Identify(told) => Ok(told.invoke(Invoke::plain(&table::IDENTIFY))),
        }
    }
}

/// What `identify.identify` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct IdentifyIdentifyInput {
    /// From 1 to 600 s; a device may take less.
    pub(crate) duration: Option<f64>,
}

impl IdentifyIdentifyInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(duration) = self.duration {
            invoke.arguments.insert("duration".into(), Value::from(duration));
        }
        invoke
    }
}
