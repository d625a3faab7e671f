//! Rules tried on the past: the engine runs over what was recorded, with the clock of then, in a home that is not there.
//!
//! It tells when rules would have run, what they would have done, why they did not, and what they would have fought with.
//! What is taken for granted: people and other rules did what they did; devices that could be reached do at once what
//! the rules ask; what the rules under trial did themselves back then, by scenes too, is left out, as it is decided anew;
//! devices, rooms and names are those of now. Nothing leaves the hub.

mod ask;
mod fights;
mod needs;
mod notebook;
mod own;
#[cfg(test)]
mod tests;
mod unsaid;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use hub_core::{Gap, Logged, Recorded, RecordedWhat};
use hub_model::{Actor, Cause, Home, Path, RuleId, RunOf, RunRecord, Signal, SkipReason, Value, What};
use jiff::Timestamp;

pub use self::{
    ask::{RehearseAsk, RehearseError, rehearse},
    fights::Fight,
    needs::Needs,
};
use self::{fights::Fights, notebook::Notebook, own::Own, unsaid::Unsaid};
use crate::{
    rule::{Condition, Rule},
    twin::{Around, Twin},
};

/// What a rehearsal found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// How much of the past was gone through: changes, occurrences, comings and goings, runs.
    pub events: u64,
    /// The runs that there would have been, in the order of their beginning; the newest [`Rehearsal::MOST`].
    pub runs: Vec<RunRecord>,
    /// How many there would have been of each rule.
    pub ran: BTreeMap<RuleId, u64>,
    /// The triggers that would have come to nothing; the newest [`Rehearsal::MOST`].
    pub skipped: Vec<RunRecord>,
    /// How many of them, by the reason.
    pub reasons: BTreeMap<SkipReason, u64>,
    /// What the rules would have fought with; the newest [`Rehearsal::MOST`].
    pub fights: Vec<Fight>,
    /// How many fights there would have been.
    pub fought: u64,
    /// What history does not tell.
    pub gaps: Vec<(Path, Gap)>,
}

/// A property whose past is gone through.
#[derive(Debug)]
struct LookedAt {
    path: Path,
    /// Whether a rule writes it. Most of the past is sensors, and nobody fights with those.
    is_written: bool,
}

/// A rehearsal that goes on.
#[derive(Debug)]
struct Stage {
    twin: Twin,
    /// The rules under trial.
    rules: Vec<RuleId>,
    /// What they did back then by way of scenes.
    own: Own,
    looked_at: Vec<LookedAt>,
    notebook: Notebook,
    from: Timestamp,
    events: u64,
    gaps: Vec<(Path, Gap)>,
}

/// A rule of which there is nothing but its name.
fn only_named(rule: Arc<Rule>) -> Arc<Rule> {
    let condition = Condition::All(Vec::new());
    Arc::new(Rule { enabled: false, when: Vec::new(), condition, then: Vec::new(), ..Rule::clone(&rule) })
}

impl Rehearsal {
    /// Of runs, of triggers that come to nothing and of fights, no more than this are told one by one; all are counted.
    pub const MOST: usize = 500;
}

impl Stage {
    /// Begins in a home as it was then; changes are told of the properties that are `looked_at`, by their place.
    fn new(
        rules: Vec<Arc<Rule>>,
        around: Around,
        home: Home,
        looked_at: Vec<LookedAt>,
        from: Timestamp,
        within: Duration,
    ) -> Self {
        let ids: Vec<_> = rules.iter().map(|rule| rule.id.value.clone()).collect();
        let unsaid = Unsaid::of(&rules, &home, around.calendars.clone());
        // A rule under trial acts, whether or not it does already.
        let tried = rules.into_iter().map(|rule| Arc::new(Rule { enabled: true, ..Rule::clone(&rule) }));
        let others = around.rules.into_iter().filter(|rule| !ids.contains(&rule.id.value)).map(only_named);
        let mut notebook = Notebook::new(Fights::new(within), unsaid);
        let around = Around { rules: tried.chain(others).collect(), ..around };
        let mut twin = Twin::new(home, around, from, &mut notebook);
        twin.be_brief();
        Self { twin, rules: ids, own: Own::default(), looked_at, notebook, from, events: 0, gaps: Vec::new() }
    }

    /// What a property was before the beginning.
    fn remember(&mut self, path: Path, values: Vec<(Timestamp, Value)>) {
        self.twin.remember(path, values, &mut self.notebook);
    }

    /// The next thing that was recorded.
    fn step(&mut self, recorded: Recorded) {
        self.events += 1;
        let Recorded { at, what, cause } = recorded;
        if cause.as_ref().is_some_and(|cause| self.is_own(cause)) {
            if let RecordedWhat::Run(run) = &what {
                self.own.ran(run);
            }
            return;
        }
        self.twin.pass(at, &mut self.notebook);
        let (what, device) = match what {
            RecordedWhat::Value { path, value } => {
                let Some(LookedAt { path, is_written }) = self.looked_at.get(path as usize) else { return };
                if *is_written {
                    self.notebook.fights.recorded(self.twin.home(), path, &value, at, cause.as_deref());
                }
                (What::Changed { path: path.clone(), old: Value::Unknown, new: value }, path.device)
            }
            RecordedWhat::Log(device, logged) => match *logged {
                Logged::Reachable(reachable) => (What::Reachable { device, reachable }, device),
                Logged::Occurred { endpoint, occurrence } => (What::Occurred { device, endpoint, occurrence }, device),
                _ => return,
            },
            RecordedWhat::Told(signal) => return self.told(&signal, cause.map(|cause| *cause)),
            RecordedWhat::Run(run) => return self.ran(*run),
        };
        let cause = cause.map_or_else(|| Cause::root(Actor::Device(device)), |cause| *cause);
        self.twin.happen(what, cause, &mut self.notebook);
    }

    /// Somebody said something to the rules.
    fn told(&mut self, signal: &Signal, cause: Option<Cause>) {
        let cause = cause.unwrap_or_else(|| Cause::root(Actor::Hub));
        self.twin.told(signal, cause, &mut self.notebook);
    }

    /// A scene was run, or another rule.
    fn ran(&mut self, run: RunRecord) {
        match run.of {
            RunOf::Scene(scene) => {
                self.twin.happen(What::Scene { scene, run: run.id }, run.cause, &mut self.notebook);
            }
            RunOf::Rule(rule) => self.twin.ran(&rule, run.cause, run.id, &mut self.notebook),
            RunOf::Group(_) => {}
        }
    }

    fn is_own(&self, cause: &Cause) -> bool {
        matches!(&cause.actor, Actor::Rule(id) if self.rules.contains(id)) || self.own.is_from(cause)
    }

    /// Ends at a moment, with what is due until then.
    fn end(mut self, to: Timestamp) -> Rehearsal {
        self.twin.pass(to, &mut self.notebook);
        let Self { twin, notebook, from, events, gaps, .. } = self;
        notebook.close(twin.home().clone(), (from, to), events, gaps)
    }
}
