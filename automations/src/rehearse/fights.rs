//! What rules would have fought with: somebody else set the same property to something else, shortly before or after.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use hub_model::{Actor, Cause, Home, Path, RuleId, RunId, Value, capability::Access};
use jiff::{SignedDuration, Timestamp};

use super::Rehearsal;

/// A rule and somebody else want different things of one property.
#[derive(Debug, Clone, PartialEq)]
pub struct Fight {
    /// Which property.
    pub path: Path,
    /// The rule.
    pub rule: RuleId,
    /// Its run.
    pub run: RunId,
    /// What the rule would have set it to.
    pub wanted: Value,
    /// When.
    pub at: Timestamp,
    /// Who else; the device itself stands for a hand at its switch.
    pub other: Actor,
    /// What they set it to.
    pub value: Value,
    /// When; before or after the rule.
    pub other_at: Timestamp,
}

/// What was set lately, and by whom.
#[derive(Debug)]
pub(super) struct Fights {
    within: SignedDuration,
    /// By the rules under trial.
    ours: HashMap<Path, Set<(RuleId, RunId)>>,
    /// By anybody else.
    theirs: HashMap<Path, Set<Actor>>,
    found: VecDeque<Fight>,
    count: u64,
}

#[derive(Debug)]
struct Set<By> {
    at: Timestamp,
    value: Value,
    by: By,
}

impl Fights {
    pub(super) fn new(within: Duration) -> Self {
        let within = SignedDuration::try_from(within).unwrap_or(SignedDuration::MAX);
        Self { within, ours: HashMap::new(), theirs: HashMap::new(), found: VecDeque::new(), count: 0 }
    }

    pub(super) fn close(self) -> (Vec<Fight>, u64) {
        (self.found.into(), self.count)
    }

    /// A rule under trial wants a property to be something.
    pub(super) fn wanted(&mut self, home: &Home, path: &Path, value: &Value, at: Timestamp, by: (&RuleId, RunId)) {
        let by = (by.0.clone(), by.1);
        // What is undone is told once, however often the rule does it again.
        if let Some(theirs) = self.theirs.remove(path)
            && at.duration_since(theirs.at) <= self.within
            && !is_same(home, path, value, &theirs.value)
        {
            let ours = Set { at, value: value.clone(), by: by.clone() };
            self.fought(path, &ours, &theirs);
        }
        self.ours.insert(path.clone(), Set { at, value: value.clone(), by });
    }

    /// A property changed back then. Where nobody is named, it was the device: of one that can be set, a hand at it.
    pub(super) fn recorded(&mut self, home: &Home, path: &Path, value: &Value, at: Timestamp, cause: Option<&Cause>) {
        let by_hand = cause.is_none_or(|cause| matches!(cause.actor, Actor::Device(_)));
        if *value == Value::Unknown || (by_hand && !self.ours.contains_key(path)) {
            return;
        }
        let actor = cause.map_or(Actor::Device(path.device), |cause| cause.actor.clone());
        let theirs = Set { at, value: value.clone(), by: actor };
        if let Some(ours) = self.ours.remove(path)
            && at.duration_since(ours.at) <= self.within
            && can_be_set(home, path)
            && !is_same(home, path, &ours.value, value)
        {
            self.fought(path, &ours, &theirs);
        }
        if !by_hand {
            self.theirs.insert(path.clone(), theirs);
        }
    }

    fn fought(&mut self, path: &Path, ours: &Set<(RuleId, RunId)>, theirs: &Set<Actor>) {
        self.count += 1;
        if self.found.len() == Rehearsal::MOST {
            self.found.pop_front();
        }
        self.found.push_back(Fight {
            path: path.clone(),
            rule: ours.by.0.clone(),
            run: ours.by.1,
            wanted: ours.value.clone(),
            at: ours.at,
            other: theirs.by.clone(),
            value: theirs.value.clone(),
            other_at: theirs.at,
        });
    }
}

fn can_be_set(home: &Home, path: &Path) -> bool {
    let endpoint = home.device(path.device).and_then(|known| known.device.endpoint(&path.endpoint));
    let offer = endpoint.and_then(|endpoint| endpoint.offer(&path.property));
    offer.is_some_and(|offer| offer.access == Access::ReadWrite) || path.property.as_str() == "lock.state"
}

fn is_same(home: &Home, path: &Path, one: &Value, other: &Value) -> bool {
    crate::review::is_same(home, path, one, other)
}
