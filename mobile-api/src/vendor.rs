//! Properties and actions by name, for what the capability table doesn't know; and what is wrong with a name.

use async_graphql::InputObject;
use hub_model::{Action, Invoke, Property, property::NoSuchName};

use crate::scalar::Value;

/// A property by name.
#[derive(Debug, InputObject)]
pub(crate) struct PropertyInput {
    /// `x.<vendor>.<name>`, or one of the table (`brightness.level`).
    property: String,
    /// What it shall be.
    value: Value,
}

/// An action by name.
#[derive(Debug, InputObject)]
pub(crate) struct VendorAction {
    /// `x.<vendor>.<name>`, or one of the table (`lock.unlock`).
    action: String,
    /// What it is told.
    #[graphql(default)]
    arguments: Vec<ArgumentInput>,
}

/// What an action is told.
#[derive(InputObject)]
pub(crate) struct ArgumentInput {
    /// The parameter.
    name: String,
    /// Its value.
    value: Value,
}

/// A property that can't be set.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum BadProperty {
    /// It is neither in the table nor a vendor's own.
    #[error("in `set.vendor`: {0}")]
    Name(#[from] NoSuchName),
}

/// An action that can't be taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum BadAction {
    /// It is neither in the table nor a vendor's own.
    #[error("in `invoke.vendor`: {0}")]
    Name(#[from] NoSuchName),
    /// An action that takes no arguments was given `false`.
    #[error("`invoke` of `{0}` takes `true`; leave it out to do nothing")]
    False(&'static str),
}

impl PropertyInput {
    /// The property and what it shall be.
    pub(crate) fn pair(self) -> Result<(Property, hub_model::Value), BadProperty> {
        Ok((self.property.parse()?, self.value.0))
    }
}

impl VendorAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        let action: Action = self.action.parse()?;
        let arguments = self.arguments.into_iter().map(|argument| (argument.name.into(), argument.value.0)).collect();
        Ok(Invoke { action, arguments })
    }
}

impl BadAction {
    /// The action, unless it was given `false`.
    pub(crate) fn unless_true(told: bool, invoke: Invoke) -> Result<Invoke, Self> {
        if told { Ok(invoke) } else { Err(Self::False(invoke.action.known().map_or("this", |row| row.name))) }
    }
}

/// An argument may be a secret, so its value never prints.
impl std::fmt::Debug for ArgumentInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(***)", self.name)
    }
}
