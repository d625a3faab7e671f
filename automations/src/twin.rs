//! A home that is not there: rules run in it as they do in the real one, and what they do is done to it alone.
//!
//! The engine is the very one that runs live; only what stands around it is played. Devices that can be reached do at once
//! what they are asked, and say so; others do nothing. Nobody is told anything, and nothing leaves the hub.

mod obey;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use hub_model::{
    Actor, Cause, Event, Home, Message, Outcome, Path, RuleId, RunId, SceneId, Signal, Source, Value, What,
};
use jiff::Timestamp;

pub(crate) use self::obey::{asked, wanted_by};
use crate::{
    calendar::Calendars,
    engine::{By, Effect, Engine, Input, Told},
    rule::Rule,
};

/// A home with rules, at a moment of its own.
#[derive(Debug)]
pub struct Twin {
    home: Home,
    engine: Engine,
    rules: Vec<Arc<Rule>>,
    now: Timestamp,
    /// Whether messages that rules publish come back.
    echoes: bool,
}

/// What is around a home.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    /// Its rules. Those that are not tried do nothing in a rehearsal: what they did back then is recorded.
    pub rules: Vec<Arc<Rule>>,
    /// What stands in the calendars.
    pub calendars: Calendars,
    /// When rules ran last before the beginning; [`rehearse`](crate::rehearse::rehearse) asks the hub.
    pub ran: BTreeMap<RuleId, Timestamp>,
}

/// Who sees what comes about in a twin, in its order.
pub trait Witness {
    /// Something was told to the rules: from outside, or because a device did what a rule asked.
    fn event(&mut self, _home: &Home, _event: &Event) {}

    /// The rules want something; `outcome` is what devices made of it.
    fn effect(&mut self, _home: &Home, _at: Timestamp, _effect: &Effect, _outcome: Outcome) {}
}

impl Twin {
    /// A twin of a home with what is around it, at a moment. The rules find the home as it is, and what is going on in the
    /// calendars as having begun before; nothing is said to have happened.
    pub fn new(home: Home, around: Around, now: Timestamp, witness: &mut impl Witness) -> Self {
        let Around { rules, calendars, ran } = around;
        let mut twin = Self { home, engine: Engine::of_twin(), rules: rules.clone(), now, echoes: false };
        twin.tell(Input::Calendars(calendars), witness);
        twin.tell(Input::Ran(ran), witness);
        twin.tell(Input::Rules(rules), witness);
        twin
    }

    /// From now on, what rules publish comes back to those that wait for it, as from a broker. Not where messages come
    /// from elsewhere, such as the past: then it would come twice.
    pub(crate) fn echoing(mut self) -> Self {
        self.echoes = true;
        self
    }

    /// See [`Engine::new_means`].
    pub(crate) fn new_means(&mut self) -> Vec<(Path, Duration)> {
        self.engine.new_means().unwrap_or_default()
    }

    /// What a property was before; see [`Input::Past`].
    pub(crate) fn remember(&mut self, path: Path, values: Vec<(Timestamp, Value)>, witness: &mut impl Witness) {
        self.tell(Input::Past(vec![(path, values)]), witness);
    }

    /// The home as it is now.
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The rules.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// See [`Engine::be_brief`].
    pub(crate) const fn be_brief(&mut self) {
        self.engine.be_brief();
    }

    /// What time it is.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets time pass until a moment: what is due until then comes about, one thing after the other.
    pub fn pass(&mut self, until: Timestamp, witness: &mut impl Witness) {
        while let Some(wake) = self.engine.wakes_at().filter(|wake| *wake <= until) {
            self.now = wake.max(self.now);
            self.tell(Input::Time, witness);
        }
        self.now = until.max(self.now);
    }

    /// Lets time pass until something comes about by time alone, at the latest until a moment. Whether anything did.
    pub fn pass_a_little(&mut self, until: Timestamp, witness: &mut impl Witness) -> bool {
        let Some(wake) = self.engine.wakes_at().filter(|wake| *wake <= until) else { return false };
        self.now = wake.max(self.now);
        self.tell(Input::Time, witness);
        true
    }

    /// Something happens now, from outside of the rules.
    pub fn happen(&mut self, what: What, cause: Cause, witness: &mut impl Witness) {
        if let Some(event) = self.apply(what, cause) {
            self.tell_of(&[event], witness);
        }
    }

    /// Somebody says something to the rules now.
    pub fn told(&mut self, signal: &Signal, cause: Cause, witness: &mut impl Witness) {
        self.tell(Input::Told(Told { signal, cause }), witness);
    }

    /// A message comes now, to all rules that wait for it.
    pub(crate) fn hear(&mut self, message: &Message, cause: &Cause, witness: &mut impl Witness) {
        for signal in self.signals(message) {
            self.told(&signal, cause.clone(), witness);
        }
    }

    /// Somebody runs a scene now.
    pub(crate) fn run_scene(&mut self, scene: SceneId, witness: &mut impl Witness) {
        let run = RunId::named("by hand");
        let by = By { rule: RuleId("by hand".into()), run, cause: Cause::root(Actor::Hub), deed: None };
        let (_, happens) = obey::results(&self.home, &Effect::Scene { by, scene });
        let events: Vec<_> = happens.into_iter().filter_map(|(what, cause)| self.apply(what, cause)).collect();
        self.tell_of(&events, witness);
    }

    /// What a message is to the rules: a signal for each filter that wants it.
    fn signals(&self, message: &Message) -> Vec<Signal> {
        let filters = self.engine.filters_of(message.topic.as_str());
        filters.into_iter().map(|filter| Signal::Message { filter, payload: message.payload.clone() }).collect()
    }

    /// A rule that is there by its name alone runs now.
    pub(crate) fn ran(&mut self, rule: &RuleId, cause: Cause, run: RunId, witness: &mut impl Witness) {
        self.tell(Input::Began { rule, cause, run }, witness);
    }

    fn tell_of(&mut self, events: &[Arc<Event>], witness: &mut impl Witness) {
        for event in events {
            witness.event(&self.home, event);
        }
        self.tell(Input::Events(events), witness);
    }

    /// Tells the rules something and does what they want then, and what comes of that. It ends, for the engine cuts chains.
    fn tell(&mut self, input: Input<'_>, witness: &mut impl Witness) {
        let mut wanted: VecDeque<Effect> = self.engine.handle(input, self.now, &self.home).into();
        while let Some(effect) = wanted.pop_front() {
            let (outcome, happens) = obey::results(&self.home, &effect);
            witness.effect(&self.home, self.now, &effect, outcome);
            let awaited = obey::awaited(&effect).map(|deed| {
                let outcome = if outcome.is_good() { Ok(()) } else { Err(outcome.to_string()) };
                Input::Outcome(deed, outcome)
            });
            let events: Vec<_> = happens.into_iter().filter_map(|(what, cause)| self.apply(what, cause)).collect();
            if !events.is_empty() {
                events.iter().for_each(|event| witness.event(&self.home, event));
                wanted.extend(self.engine.handle(Input::Events(&events), self.now, &self.home));
            }
            if let Some(outcome) = awaited {
                wanted.extend(self.engine.handle(outcome, self.now, &self.home));
            }
            match &effect {
                Effect::Enable { rule, enabled, .. } => wanted.extend(self.switch(rule, *enabled)),
                Effect::Publish { by, message } if self.echoes => {
                    // In truth nobody can tell whose message comes back; here it is known, and a circle of them ends.
                    let cause = Cause { from: Some(Source::Run(by.run)), ..by.cause.clone() };
                    for signal in self.signals(message) {
                        let told = Told { signal: &signal, cause: cause.clone() };
                        wanted.extend(self.engine.handle(Input::Told(told), self.now, &self.home));
                    }
                }
                _ => {}
            }
        }
    }

    /// Lets a rule act, or not, from now on. One without actions is there for its name alone.
    fn switch(&mut self, id: &RuleId, enabled: bool) -> Vec<Effect> {
        if self.rules.iter().any(|rule| rule.id.value == *id && rule.then.is_empty()) {
            return Vec::new();
        }
        self.engine.handle(Input::Switch(id, enabled), self.now, &self.home)
    }

    /// Makes something so; `None` where it was so already.
    fn apply(&mut self, what: What, cause: Cause) -> Option<Arc<Event>> {
        let what = match what {
            What::Changed { path, new, .. } => {
                let (now, reading) = (Some(self.now), self.home.reading_mut(&path)?);
                reading.reported_at = now;
                if reading.value == new {
                    return None;
                }
                reading.changed_at = now;
                let old = std::mem::replace(&mut reading.value, new.clone());
                What::Changed { path, old, new }
            }
            What::Reachable { device, reachable } => {
                let known = self.home.device_mut(device)?;
                let before = std::mem::replace(&mut known.reachable, reachable);
                (before != reachable).then_some(What::Reachable { device, reachable })?
            }
            other => other,
        };
        self.home.cursor = self.home.cursor.next();
        Some(Arc::new(Event { cursor: self.home.cursor, at: self.now, cause, what }))
    }
}

#[cfg(test)]
mod tests;
