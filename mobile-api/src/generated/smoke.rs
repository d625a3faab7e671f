//! Written by `cargo xtask codegen` from the capability table: `smoke`.

use async_graphql::{OneofObject, SimpleObject};
use hub_model::{Invoke, capability::smoke as table};

use crate::part::Part;
use crate::vendor::BadAction;

/// Warns of smoke.
#[derive(Debug, SimpleObject)]
pub(crate) struct Smoke {
    /// Whether there is smoke.
    pub(crate) detected: Option<bool>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Smoke {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { detected: part.bool(&table::DETECTED), actions: part.actions(&table::CAPABILITY) })
    }
}

/// What to do with `smoke`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum SmokeAction {
    /// Tries the alarm. Say `true`.
    SelfTest(bool),
}

impl SmokeAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::SelfTest(told) => BadAction::unless_true(told, Invoke::plain(&table::SELF_TEST)),
        }
    }
}
