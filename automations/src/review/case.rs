//! A case: a home in some state, a moment, and something that happens; and what the engine makes of it.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{Actor, Cause, Event, Home, Outcome, Path, Reading, RuleId, RunOf, SkipReason, Trace, Value, What};
use jiff::{SignedDuration, Timestamp};

use super::{Stimulus, Write, subject::Subject};
use crate::{
    engine::Effect,
    twin::{Twin, Witness, asked, wanted_by},
};

/// No case goes on for more turns of the engine than this: times of day come again and again.
const TURNS: usize = 500;
/// What has lasted has lasted for so long, and what has not, for no longer than so.
const LONG: SignedDuration = SignedDuration::from_hours(48);
const SHORT: SignedDuration = SignedDuration::from_secs(2);

/// How a property is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) value: Value,
    /// Whether it has been so for long.
    pub(super) lasted: bool,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub(super) at: Timestamp,
    pub(super) given: BTreeMap<Path, Given>,
    pub(super) happens: Stimulus,
}

/// What came of a case.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// What was written, in its order.
    pub(super) writes: Vec<Write>,
    /// Rules that did something.
    pub(super) acted: Vec<RuleId>,
    /// The rules at which the engine cut a chain, or stopped a circle.
    pub(super) cut: Vec<RuleId>,
    /// What people are told, by which rule and when.
    pub(super) notices: Vec<(Timestamp, RuleId, hub_model::Notice)>,
    /// The events that rules brought about.
    pub(super) events: usize,
}

impl Case {
    /// Lets it happen in a home with these rules, and follows it as long as any of them may still act.
    pub(super) fn run(&self, home: &Home, subjects: &[&Subject]) -> Course {
        let span = subjects.iter().map(|subject| subject.span).max().unwrap_or_default();
        self.run_for(home, subjects, span)
    }

    /// The same for a span.
    pub(super) fn run_for(&self, home: &Home, subjects: &[&Subject], span: Duration) -> Course {
        let mut course = Course::default();
        let rules = subjects.iter().map(|subject| subject.rule.clone()).collect();
        let home = self.set(home);
        let is_clock = matches!(self.happens, Stimulus::Clock(_));
        // Rules that are there a moment before see the clock come to the time.
        let begin = if is_clock { self.at - SignedDuration::from_secs(1) } else { self.at };
        let mut twin = Twin::new(home, rules, begin, &mut course);
        let what = match &self.happens {
            Stimulus::Change { path, old, new } => {
                Some(What::Changed { path: path.clone(), old: old.clone(), new: new.clone() })
            }
            Stimulus::Occurs { device, endpoint, occurrence } => {
                Some(What::Occurred { device: *device, endpoint: endpoint.clone(), occurrence: occurrence.clone() })
            }
            Stimulus::Clock(_) => None,
        };
        if let Some(what) = what {
            twin.happen(what, Cause::root(Actor::Hub), &mut course);
        }
        let end = self.at.saturating_add(span).unwrap_or(self.at);
        for _ in 0..TURNS {
            if !twin.pass_a_little(end, &mut course) {
                break;
            }
        }
        course
    }

    /// The home in the state of this case, just before it happens.
    fn set(&self, home: &Home) -> Home {
        let mut home = home.clone();
        let put = |home: &mut Home, path: &Path, value: &Value, since: SignedDuration| {
            let since = Some(self.at - since);
            home.put_reading(path, Reading { value: value.clone(), changed_at: since, reported_at: since });
        };
        for (path, given) in &self.given {
            put(&mut home, path, &given.value, if given.lasted { LONG } else { SHORT });
        }
        if let Stimulus::Change { path, old, .. } = &self.happens {
            put(&mut home, path, old, LONG);
        }
        home
    }
}

impl Witness for Course {
    fn event(&mut self, _: &Home, event: &Event) {
        self.events += usize::from(matches!(event.cause.actor, Actor::Rule(_) | Actor::Scene(_)));
    }

    fn effect(&mut self, home: &Home, at: Timestamp, effect: &Effect, _: Outcome) {
        match effect {
            Effect::Notify { notice, cause, .. } => {
                if let Actor::Rule(rule) = &cause.actor {
                    self.acted.push(rule.clone());
                    self.notices.push((at, rule.clone(), notice.clone()));
                }
            }
            Effect::Trace(Trace::Began(record)) => {
                let cut = matches!(record.skipped(), Some(SkipReason::TooDeep | SkipReason::Paused));
                if let (RunOf::Rule(rule), true) = (&record.of, cut) {
                    self.cut.push(rule.clone());
                }
            }
            _ => {}
        }
        let Some((rule, _)) = wanted_by(effect) else { return };
        self.acted.push(rule.clone());
        for (path, value) in asked(home, effect) {
            self.writes.push(Write { at, rule: rule.clone(), path, value });
        }
    }
}
