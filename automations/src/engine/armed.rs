//! A rule in the engine, and its runs.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use hub_model::{
    Cause, Path, RunId,
    run::{Part, Trigger},
};
use jiff::{SignedDuration, Timestamp, civil::Date};

use super::timers::{AlarmId, shifted};
use crate::{fault::Fault, plan::Plan, rule::Rule};

/// A rule's place in the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Slot(pub(super) u32);

/// The number of a run, counted from the engine's start.
pub(super) type RunNumber = u64;

/// A rule with its plan for the home of now.
#[derive(Debug)]
pub(super) struct Armed {
    pub(super) rule: Arc<Rule>,
    /// Nothing while a name of the rule is not to be found.
    pub(super) plan: Option<Arc<Plan>>,
    pub(super) faults: Vec<Fault>,
    /// Alarms of triggers whose property has to stay so, by trigger and property.
    pub(super) holding: BTreeMap<(usize, Path), AlarmId>,
    /// For each trigger, when it is a time of day, what of it was and comes.
    pub(super) daily: Vec<Daily>,
    pub(super) runs: Vec<Run>,
    /// Runs that wait their turn.
    pub(super) queue: VecDeque<Start>,
    /// When it was started, within the last seconds.
    pub(super) starts: VecDeque<Timestamp>,
    /// It ran in a circle.
    pub(super) paused: bool,
    /// When people were last told that a chain to it was cut.
    pub(super) told_of_depth: Option<Timestamp>,
}

/// A time of day that triggers a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Daily {
    /// The last day for which it has triggered.
    pub(super) done: Option<Date>,
    /// The day that its alarm is for.
    pub(super) next: Option<(Date, AlarmId)>,
}

/// What sets a rule off.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spark {
    pub(super) cause: Cause,
    pub(super) trigger: Trigger,
}

/// A run that may begin: what set it off, and what its condition saw then.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) spark: Spark,
    pub(super) condition: Option<Part>,
}

/// A run of a rule: a program and a place in it.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) number: RunNumber,
    pub(super) id: RunId,
    /// Of what it does.
    pub(super) cause: Cause,
    /// As it was when the run began.
    pub(super) plan: Arc<Plan>,
    /// The next step.
    pub(super) at: usize,
    /// What wakes it.
    pub(super) alarm: Option<AlarmId>,
    /// Whether it waits until the condition of its next step holds.
    pub(super) waits: bool,
    /// When that waiting ends at the latest.
    pub(super) until: Option<Timestamp>,
}

impl Slot {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Armed {
    pub(super) fn new(rule: Arc<Rule>) -> Self {
        let daily = vec![Daily::default(); rule.when.len()];
        Self {
            rule,
            plan: None,
            faults: Vec::new(),
            holding: BTreeMap::new(),
            daily,
            runs: Vec::new(),
            queue: VecDeque::new(),
            starts: VecDeque::new(),
            paused: false,
            told_of_depth: None,
        }
    }

    pub(super) fn problem(&self) -> Option<Fault> {
        const PAUSED: &str = "paused, for it ran more than 20 times in 10 seconds: change it, or enable it anew";
        let paused = || self.paused.then(|| Fault::new(&self.rule.file, self.rule.id.spot, PAUSED));
        self.faults.first().cloned().or_else(paused)
    }

    /// Moves all that waits for a span with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for run in &mut self.runs {
            run.until = run.until.map(|until| shifted(until, by));
        }
        for start in &mut self.starts {
            *start = shifted(*start, by);
        }
        self.told_of_depth = None;
    }
}
