//! Written by `cargo xtask codegen` from the capability table: `lock`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Value, capability::lock as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Locks a door.
#[derive(Debug, SimpleObject)]
pub(crate) struct Lock {
    /// Whether it is locked.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) state_choices: Option<Vec<String>>,
    /// What locked or unlocked it last.
    pub(crate) operated_by: Option<String>,
    /// The words that `operated_by` takes on this device.
    pub(crate) operated_by_choices: Option<Vec<String>>,
    /// The user in the lock who operated it last.
    pub(crate) user: Option<f64>,
    /// What `user` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
    /// What of it can happen on this endpoint.
    pub(crate) occurrences: Vec<String>,
}

impl Lock {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            state: part.text(&table::STATE),
            state_choices: part.choices(&table::STATE),
            operated_by: part.text(&table::OPERATED_BY),
            operated_by_choices: part.choices(&table::OPERATED_BY),
            user: part.number(&table::USER),
            limits: part.limits(&table::USER),
            actions: part.actions(&table::CAPABILITY),
            occurrences: part.occurrences(&table::CAPABILITY),
        })
    }
}

/// What to do with `lock`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum LockAction {
    /// Locks it.
    Lock(LockLockInput),
    /// Unlocks it.
    Unlock(LockUnlockInput),
    /// Unlocks it and pulls the latch.
    Unlatch(LockUnlatchInput),
}

impl LockAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Lock(told) => Ok(told.invoke(Invoke::plain(&table::LOCK))),
            Self::Unlock(told) => Ok(told.invoke(Invoke::plain(&table::UNLOCK))),
            Self::Unlatch(told) => Ok(told.invoke(Invoke::plain(&table::UNLATCH))),
        }
    }
}

/// What `lock.lock` may be told.
#[derive(InputObject)]
pub(crate) struct LockLockInput {
    /// At most 32 bytes. It is never shown, stored or logged.
    pub(crate) pin: Option<String>,
}

impl LockLockInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(pin) = self.pin {
            invoke.arguments.insert("pin".into(), Value::text(pin));
        }
        invoke
    }
}

impl std::fmt::Debug for LockLockInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockLockInput(***)")
    }
}

/// What `lock.unlock` may be told.
#[derive(InputObject)]
pub(crate) struct LockUnlockInput {
    /// At most 32 bytes. It is never shown, stored or logged.
    pub(crate) pin: Option<String>,
}

impl LockUnlockInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(pin) = self.pin {
            invoke.arguments.insert("pin".into(), Value::text(pin));
        }
        invoke
    }
}

impl std::fmt::Debug for LockUnlockInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockUnlockInput(***)")
    }
}

/// What `lock.unlatch` may be told.
#[derive(InputObject)]
pub(crate) struct LockUnlatchInput {
    /// At most 32 bytes. It is never shown, stored or logged.
    pub(crate) pin: Option<String>,
}

impl LockUnlatchInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(pin) = self.pin {
            invoke.arguments.insert("pin".into(), Value::text(pin));
        }
        invoke
    }
}

impl std::fmt::Debug for LockUnlatchInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockUnlatchInput(***)")
    }
}
