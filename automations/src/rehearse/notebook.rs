//! What is written down of a rehearsal: runs, step by step, and what they would have fought with.

use std::collections::{BTreeMap, HashMap, VecDeque};

use hub_core::{Gap, describe};
use hub_model::{
    Home, Outcome, Path, RuleId, RunEnd, RunId, RunOf, RunRecord, RunStep, SkipReason, Trace,
    run::{Given, Taken},
};
use jiff::Timestamp;

use super::{
    Rehearsal,
    fights::Fights,
    unsaid::{Sight, Unsaid},
};
use crate::{
    engine::{Effect, called, said_aloud},
    twin::{Witness, asked, wanted_by},
};

/// The notes.
#[derive(Debug)]
pub(super) struct Notebook {
    pub(super) fights: Fights,
    /// The newest of them.
    runs: VecDeque<RunRecord>,
    /// How many older ones are left out.
    older: usize,
    /// Which runs go on, each by its number counted from the first.
    places: HashMap<RunId, usize>,
    ran: BTreeMap<RuleId, u64>,
    skipped: VecDeque<(RunRecord, Option<Sight>)>,
    unsaid: Unsaid,
    reasons: BTreeMap<SkipReason, u64>,
}

impl Notebook {
    pub(super) fn new(fights: Fights, unsaid: Unsaid) -> Self {
        Self {
            fights,
            runs: VecDeque::new(),
            older: 0,
            places: HashMap::new(),
            ran: BTreeMap::new(),
            skipped: VecDeque::new(),
            unsaid,
            reasons: BTreeMap::new(),
        }
    }

    /// What was found; the home is only for words.
    pub(super) fn close(
        self,
        mut home: Home,
        (from, to): (Timestamp, Timestamp),
        events: u64,
        gaps: Vec<(Path, Gap)>,
    ) -> Rehearsal {
        let Self { fights, runs, ran, skipped, unsaid, reasons, .. } = self;
        let (fights, fought) = fights.close();
        let said = |(mut record, sight): (RunRecord, Option<Sight>)| {
            if let Some(part) = sight.and_then(|sight| unsaid.say(&mut home, &record, sight)) {
                record.condition = Some(part);
            }
            record
        };
        let (runs, skipped) = (runs.into(), skipped.into_iter().map(said).collect());
        Rehearsal { from, to, events, runs, ran, skipped, reasons, fights, fought, gaps }
    }

    fn trace(&mut self, home: &Home, trace: &Trace, at: Timestamp) {
        match trace {
            Trace::Began(record) => self.began(home, record),
            Trace::Step(run, step) => self.push(*run, step.clone()),
            Trace::Over(run, at, part) => self.over(*run, *at, part.clone()),
            Trace::Ended(run, end) => self.ended(*run, *end, at),
        }
    }

    fn began(&mut self, home: &Home, record: &RunRecord) {
        if let Some(why) = record.skipped() {
            *self.reasons.entry(why).or_default() += u64::from(record.times);
            if self.skipped.len() == Rehearsal::MOST {
                self.skipped.pop_front();
            }
            self.skipped.push_back((record.clone(), self.unsaid.look(home, record)));
            return;
        }
        if let RunOf::Rule(rule) = &record.of {
            *self.ran.entry(rule.clone()).or_default() += 1;
        }
        if self.runs.len() == Rehearsal::MOST {
            if let Some(oldest) = self.runs.pop_front() {
                self.places.remove(&oldest.id);
            }
            self.older += 1;
        }
        self.places.insert(record.id, self.older + self.runs.len());
        self.runs.push_back(record.clone());
    }

    fn run(&mut self, run: RunId) -> Option<&mut RunRecord> {
        let place = self.places.get(&run)?.checked_sub(self.older)?;
        self.runs.get_mut(place)
    }

    fn push(&mut self, run: RunId, step: RunStep) {
        let Some(record) = self.run(run) else { return };
        if record.steps.len() < record.of.most_steps() {
            record.steps.push(step);
        } else {
            record.more_steps += 1;
        }
    }

    /// A wait is over.
    fn over(&mut self, run: RunId, at: Timestamp, part: Option<hub_model::run::Part>) {
        let waiting = self.run(run).and_then(|record| record.steps.iter_mut().rev().find(|step| step.took.is_none()));
        if let Some(step) = waiting {
            step.took = at.duration_since(step.at).try_into().ok();
            if let (Taken::Looked(looked), Some(part)) = (&mut step.what, part) {
                *looked = part;
            }
        }
    }

    fn ended(&mut self, run: RunId, end: RunEnd, at: Timestamp) {
        if let Some(record) = self.run(run) {
            (record.end, record.ended) = (Some(end), Some(at));
            self.places.remove(&run);
        }
    }
}

impl Witness for Notebook {
    fn effect(&mut self, home: &Home, at: Timestamp, effect: &Effect, outcome: Outcome) {
        if let Effect::Trace(trace) = effect {
            return self.trace(home, trace, at);
        }
        if let Some((run, what)) = said(effect) {
            return self.push(run, RunStep { at, took: Some(std::time::Duration::ZERO), what: Taken::Did(what) });
        }
        let Some((rule, run)) = wanted_by(effect) else { return };
        let values = asked(home, effect);
        for (path, value) in &values {
            self.fights.wanted(home, path, value, at, (rule, run));
        }
        let what = match effect {
            Effect::Control { order, .. } => {
                let text = describe(&order.target.endpoint, &order.set, order.invoke.as_ref(), order.transition);
                Taken::Command(Given {
                    target: order.target.clone(),
                    text,
                    set: order.set.clone(),
                    before: Vec::new(),
                    id: None,
                    tries: 1,
                    outcome: Some(outcome),
                    reason: None,
                })
            }
            Effect::Scene { scene, .. } => Taken::Scene { scene: *scene, run, outcome: Some(outcome) },
            _ => return,
        };
        self.push(run, RunStep { at, took: Some(std::time::Duration::ZERO), what });
    }
}

/// What would have left the hub otherwise than as a command, in words. Notices and messages are among the engine's own.
fn said(effect: &Effect) -> Option<(RunId, String)> {
    match effect {
        Effect::Speak { by, text, .. } => Some((by.run, said_aloud(text))),
        Effect::Call { by, call, body } => Some((by.run, called(call, body.as_deref()))),
        _ => None,
    }
}
