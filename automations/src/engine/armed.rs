//! A rule in the engine, and its runs.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use hub_model::{
    Cause, Path,
    run::{Part, Trigger},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    signal::Body,
    thread::Run,
    timers::{AlarmId, Subject, shifted},
};
use crate::{fault::Fault, plan::Plan, rule::Rule, schedule::Mark};

/// A rule's place in the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Slot(pub(super) u32);

/// The number of a run, counted from the engine's start.
pub(super) type RunNumber = u64;

/// One of the places at which a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ThreadId {
    pub(super) slot: Slot,
    pub(super) run: RunNumber,
    pub(super) thread: u32,
}

/// A rule with its plan for the home of now.
#[derive(Debug)]
pub(super) struct Armed {
    pub(super) rule: Arc<Rule>,
    /// Nothing while a name of the rule is not to be found.
    pub(super) plan: Option<Arc<Plan>>,
    /// For each trigger, its number in the plan, while that is the one of an earlier text.
    pub(super) earlier: Option<Vec<Option<usize>>>,
    pub(super) faults: Vec<Fault>,
    /// Alarms of triggers where something has to stay so, by trigger.
    pub(super) holding: BTreeMap<(usize, Subject), AlarmId>,
    /// For each trigger, when it is a moment, what of it was and comes.
    pub(super) timed: Vec<Timed>,
    /// For each trigger, when it is a condition, whether it holds and when it may turn.
    pub(super) held: Vec<Held>,
    /// Numbers that have triggered and have to go back beyond their bound first.
    pub(super) tripped: BTreeSet<(usize, Path)>,
    pub(super) runs: Vec<Run>,
    /// Runs that wait their turn.
    pub(super) queue: VecDeque<Start>,
    /// When it was started, within the last seconds.
    pub(super) starts: VecDeque<Timestamp>,
    /// It ran in a circle, and rests until this goes off.
    pub(super) paused: Option<AlarmId>,
    /// While it is disabled: how often it was triggered since that was last put on record, and when that was.
    pub(super) passed_over: u32,
    pub(super) said_at: Option<Timestamp>,
    /// When people were last told that a chain to it was cut.
    pub(super) told_of_depth: Option<Timestamp>,
    /// When people were last told that it runs too often.
    pub(super) told_of_rest: Option<Timestamp>,
}

/// A moment that triggers a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Timed {
    /// The last one that has triggered.
    pub(super) done: Option<Mark>,
    /// The one that its alarm is for.
    pub(super) next: Option<(Mark, AlarmId)>,
}

/// A condition that triggers a rule.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) holds: bool,
    /// When it may turn by time alone.
    pub(super) turns: Option<AlarmId>,
}

/// What sets a rule off.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spark {
    pub(super) cause: Cause,
    /// Which trigger; nothing where another rule wants it.
    pub(super) trigger: Option<Trigger>,
    /// What the trigger was told.
    pub(super) body: Option<Body>,
}

/// A run that may begin: what set it off, and what its condition saw then.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) spark: Spark,
    pub(super) condition: Option<Part>,
}

impl Slot {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Armed {
    pub(super) fn new(rule: Arc<Rule>) -> Self {
        let (timed, held) = (vec![Timed::default(); rule.when.len()], vec![Held::default(); rule.when.len()]);
        Self {
            rule,
            plan: None,
            earlier: None,
            faults: Vec::new(),
            holding: BTreeMap::new(),
            timed,
            held,
            tripped: BTreeSet::new(),
            runs: Vec::new(),
            queue: VecDeque::new(),
            starts: VecDeque::new(),
            paused: None,
            passed_over: 0,
            said_at: None,
            told_of_depth: None,
            told_of_rest: None,
        }
    }

    pub(super) fn problem(&self) -> Option<Fault> {
        const PAUSED: &str =
            "paused for five minutes, for it ran more than 20 times in 10 seconds: change it, or enable it anew";
        let paused = || self.paused.map(|_| Fault::new(&self.rule.file, self.rule.id.spot, PAUSED));
        self.faults.first().cloned().or_else(paused)
    }

    /// Moves all that waits for a span with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for run in &mut self.runs {
            run.shift(by);
        }
        for start in &mut self.starts {
            *start = shifted(*start, by);
        }
        (self.told_of_depth, self.told_of_rest) = (None, None);
        self.said_at = None;
    }
}
