//! Values that hold only for a time: which entity's value becomes what, and when.

use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

use hub_model::Value;
use smol_str::SmolStr;

/// The value that each entity's first property takes unless it is told again. One for each entity at most.
#[derive(Debug, Default)]
pub(super) struct Fades {
    due: BTreeSet<(Instant, SmolStr)>,
    values: HashMap<SmolStr, (Instant, Value)>,
}

impl Fades {
    /// The entity's value becomes `value` at `at`; or, without one, stays.
    pub(super) fn set(&mut self, entity: &SmolStr, at: Option<(Instant, Value)>) {
        if let Some((before, _)) = self.values.remove(entity) {
            self.due.remove(&(before, entity.clone()));
        }
        if let Some((at, value)) = at {
            self.due.insert((at, entity.clone()));
            self.values.insert(entity.clone(), (at, value));
        }
    }

    /// When the next value changes.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// An entity whose time has run out, and its value from now on.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<(SmolStr, Value)> {
        let (at, _) = self.due.first()?;
        if *at > now {
            return None;
        }
        let (_, entity) = self.due.pop_first()?;
        let (_, value) = self.values.remove(&entity)?;
        Some((entity, value))
    }
}
