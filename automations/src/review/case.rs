//! A case: a home in some state, a moment, and something that happens; and what the engine makes of it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use hub_model::{
    AccountId, Actor, Cause, Cursor, Event, Home, Message, Outcome, Path, Qos, Reading, RuleId, RunId, RunOf,
    SkipReason, Source, Trace, Value, What,
};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{Aside, Stimulus, Write, subject::Subject};
use crate::{
    calendar::{Calendars, Entry},
    engine::Effect,
    plan::Watch,
    rule::{ByWhom, Edge},
    twin::{Around, Twin, Witness, asked, wanted_by},
};

/// No case goes on for more turns of the engine than this: times of day come again and again.
const TURNS: usize = 500;
/// What has lasted has lasted for so long, and what has not, for no longer than so.
const LONG: SignedDuration = SignedDuration::from_hours(48);
const SHORT: SignedDuration = SignedDuration::from_secs(2);
/// So long before and after, what is going on in a calendar begins and ends.
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How a property is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) value: Value,
    /// Whether it has been so for long.
    pub(super) lasted: bool,
}

/// How a home is, as far as it matters.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct State {
    pub(super) given: BTreeMap<Path, Given>,
    pub(super) aside: Aside,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub(super) at: Timestamp,
    pub(super) state: State,
    pub(super) happens: Stimulus,
}

/// What came of a case.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// What was written, in its order.
    pub(super) writes: Vec<Write>,
    /// Rules that did something.
    pub(super) acted: Vec<RuleId>,
    /// The rules at which the engine cut a chain, or stopped a circle, each with what set it off and which of the two it was.
    pub(super) cut: Vec<(RuleId, Option<Source>, SkipReason)>,
    /// What people are told, by which rule and when.
    pub(super) notices: Vec<(Timestamp, RuleId, hub_model::Notice)>,
    /// The runs that began, each with what set it off.
    pub(super) runs: HashMap<RunId, (RuleId, Option<Source>)>,
    /// The events that rules brought about, each with the run that did.
    pub(super) events: HashMap<Cursor, Option<Source>>,
}

/// The way to where the engine cut.
#[derive(Debug, PartialEq)]
pub(super) enum Trail {
    /// Each of these sets off the next, and the last one the first.
    Round(Vec<RuleId>),
    /// Each of these sets off the next, but for the last, at which it was cut; none comes twice.
    Chain(Vec<RuleId>),
    /// It can't be told.
    Unknown,
}

impl Case {
    /// Lets it happen in a home with these rules, and follows it as long as any of them may still act.
    pub(super) fn run(&self, home: &Home, subjects: &[&Subject]) -> Course {
        let spans = subjects.iter().map(|subject| subject.span);
        // Of two that meet, the one that takes longer decides; among more, one may set off the next only at its end.
        let span = if subjects.len() > 2 { spans.sum() } else { spans.max().unwrap_or_default() };
        self.run_for(home, subjects, span)
    }

    /// The same for a span.
    pub(super) fn run_for(&self, home: &Home, subjects: &[&Subject], span: Duration) -> Course {
        let mut course = Course::default();
        let rules = subjects.iter().map(|subject| subject.rule.clone()).collect();
        let home = self.set(home);
        // Rules that are there a moment before see the clock come to the time.
        let is_moment = matches!(self.happens, Stimulus::Clock(_) | Stimulus::Entry { .. });
        let begin = if is_moment { self.at - SignedDuration::from_secs(1) } else { self.at };
        let around = Around { rules, calendars: self.calendars(), ran: self.ran() };
        let mut twin = Twin::new(home, around, begin, &mut course).echoing();
        self.happens_in(&mut twin, self.cause(subjects), &mut course);
        let end = self.at.saturating_add(span).unwrap_or(self.at);
        for _ in 0..TURNS {
            if !twin.pass_a_little(end, &mut course) {
                break;
            }
        }
        course
    }

    /// Who begins it: where a rule asks who changed a property, one of those that it asks for.
    fn cause(&self, subjects: &[&Subject]) -> Cause {
        let Stimulus::Change { path: changed, .. } = &self.happens else { return Cause::root(Actor::Hub) };
        let mut asked = subjects.iter().flat_map(|subject| &subject.plan.watches).filter_map(|watch| match watch {
            Watch::Property { paths, by, .. } if paths.contains(changed) => by.first(),
            _ => None,
        });
        let person = |name: &SmolStr| Actor::Person { account: AccountId::named(name), name: name.clone() };
        Cause::root(asked.next().map_or(Actor::Hub, |by| match by {
            ByWhom::Person => Actor::Voice(None),
            ByWhom::Named(name) => person(name),
            ByWhom::Device => Actor::Device(changed.device),
            ByWhom::Program => Actor::Program("some".into()),
            // What rules and scenes change comes of them in the case itself.
            ByWhom::Rule | ByWhom::Scene | ByWhom::Hub => Actor::Hub,
        }))
    }

    fn happens_in(&self, twin: &mut Twin, root: Cause, course: &mut Course) {
        match &self.happens {
            Stimulus::Change { path, old, new } => {
                let what = What::Changed { path: path.clone(), old: old.clone(), new: new.clone() };
                twin.happen(what, root, course);
            }
            Stimulus::Occurs { device, endpoint, occurrence } => {
                let what =
                    What::Occurred { device: *device, endpoint: endpoint.clone(), occurrence: occurrence.clone() };
                twin.happen(what, root, course);
            }
            Stimulus::Reach { device, reachable } => {
                twin.happen(What::Reachable { device: *device, reachable: *reachable }, root, course);
            }
            Stimulus::Scene(scene) => twin.run_scene(*scene, course),
            Stimulus::Message { topic, payload } => {
                let (topic, payload, retain) = (topic.clone(), payload.clone(), false);
                twin.hear(&Message { topic, payload, retain, qos: Qos::default() }, &root, course);
            }
            Stimulus::Told(signal) => twin.told(signal, root, course),
            Stimulus::Clock(_) | Stimulus::Entry { .. } => {}
        }
    }

    /// The home in the state of this case, just before it happens.
    fn set(&self, home: &Home) -> Home {
        let mut home = home.clone();
        let put = |home: &mut Home, path: &Path, value: &Value, since: SignedDuration| {
            let since = Some(self.at - since);
            home.put_reading(path, Reading { value: value.clone(), changed_at: since, reported_at: since });
        };
        for (path, given) in &self.state.given {
            put(&mut home, path, &given.value, if given.lasted { LONG } else { SHORT });
        }
        match &self.happens {
            Stimulus::Change { path, old, .. } => put(&mut home, path, old, LONG),
            Stimulus::Reach { device, reachable } => {
                home.device_mut(*device).into_iter().for_each(|known| known.reachable = !reachable);
            }
            _ => {}
        }
        home
    }

    /// What stands in the calendars: what is going on, and what begins or ends just now.
    fn calendars(&self) -> Calendars {
        let mut entries: BTreeMap<SmolStr, Vec<Entry>> = BTreeMap::new();
        for (calendar, title) in &self.state.aside.going_on {
            let entry = Entry { title: title.to_string(), start: self.at - AN_HOUR, end: self.at + AN_HOUR };
            entries.entry(calendar.clone()).or_default().push(entry);
        }
        if let Stimulus::Entry { calendar, title, edge, offset } = &self.happens
            && let Ok(turn) = self.at.checked_sub(*offset)
        {
            let start = if *edge == Edge::Start { turn } else { turn - AN_HOUR };
            let entry = Entry { title: title.to_string(), start, end: start + AN_HOUR };
            entries.entry(calendar.clone()).or_default().push(entry);
        }
        entries.into_iter().map(|(calendar, entries)| (calendar, entries.into())).collect()
    }

    /// When rules ran before.
    fn ran(&self) -> BTreeMap<RuleId, Timestamp> {
        let ran = self.state.aside.ran.iter();
        ran.filter_map(|(rule, ago)| Some((rule.clone(), self.at.checked_sub(*ago).ok()?))).collect()
    }
}

impl Course {
    /// What the engine cut, if it did: the rules in the order in which each sets off the next.
    pub(super) fn trail(&self) -> Option<Trail> {
        let (rule, from, why) = self.cut.first()?;
        let (mut back, mut next) = (vec![rule], *from);
        let in_order = |back: &[&RuleId]| back.iter().rev().map(|rule| (*rule).clone()).collect();
        while let Some(from) = next {
            let run = match from {
                Source::Event(cursor) => match self.events.get(&cursor) {
                    Some(run) => *run,
                    // That is how the case began.
                    None => break,
                },
                source => Some(source),
            };
            let Some((rule, before)) = run.and_then(|run| self.run_of(run)) else { return Some(Trail::Unknown) };
            if let Some(begin) = back.iter().position(|known| *known == rule) {
                return Some(Trail::Round(in_order(&back[begin..])));
            }
            back.push(rule);
            next = *before;
        }
        // What ran too often did so by ways that its causes don't tell.
        Some(if *why == SkipReason::TooDeep { Trail::Chain(in_order(&back)) } else { Trail::Unknown })
    }

    fn run_of(&self, source: Source) -> Option<&(RuleId, Option<Source>)> {
        if let Source::Run(run) = source { self.runs.get(&run) } else { None }
    }
}

impl Witness for Course {
    fn event(&mut self, _: &Home, event: &Event) {
        if matches!(event.cause.actor, Actor::Rule(_) | Actor::Scene(_)) {
            self.events.insert(event.cursor, event.cause.from);
        }
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
                let RunOf::Rule(rule) = &record.of else { return };
                match record.skipped() {
                    None => drop(self.runs.insert(record.id, (rule.clone(), record.cause.from))),
                    Some(why @ (SkipReason::TooDeep | SkipReason::Paused)) => {
                        self.cut.push((rule.clone(), record.cause.from, why));
                    }
                    Some(_) => {}
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
