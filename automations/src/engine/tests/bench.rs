//! An engine with a home and a clock of its own, and no runtime.

use std::{path::Path as FilePath, sync::Arc};

use hub_model::{Actor, Cause, Cursor, Event, Home, RuleId, Signal, SkipReason, TopicFilter, Trace, Value, What};
use jiff::{SignedDuration, Timestamp};

use super::super::{Deed, Effect, Engine, Input, Told};
use crate::{
    parse::parse,
    rule::Rule,
    sample::{home, path, put},
};

pub(super) struct Bench {
    pub(super) home: Home,
    pub(super) engine: Engine,
    pub(super) now: Timestamp,
    /// What was to be remembered.
    pub(super) traces: Vec<Trace>,
    /// What runs wait for.
    pub(super) deeds: Vec<Deed>,
    /// What the engine last wanted to hear of.
    pub(super) topics: Vec<TopicFilter>,
}

/// The rules of a text, all of which have to be whole.
pub(super) fn rules(text: &str) -> Vec<Arc<Rule>> {
    let parsed = parse(&FilePath::new("rules.toml").into(), text);
    assert_eq!(parsed.broken, [], "{text}");
    parsed.rules.into_iter().map(Arc::new).collect()
}

impl Bench {
    /// Monday noon in Berlin, with these rules.
    pub(super) fn new(text: &str) -> Self {
        Self::at("2026-11-23T11:00:00Z", "Europe/Berlin", text)
    }

    pub(super) fn at(now: &str, zone: &str, text: &str) -> Self {
        let mut bench = Self {
            home: home(zone),
            engine: Engine::new(),
            now: now.parse().unwrap(),
            traces: Vec::new(),
            deeds: Vec::new(),
            topics: Vec::new(),
        };
        assert_eq!(bench.load(text), [""; 0]);
        bench
    }

    pub(super) fn load(&mut self, text: &str) -> Vec<String> {
        self.tell(Input::Rules(rules(text)))
    }

    pub(super) fn tell(&mut self, input: Input<'_>) -> Vec<String> {
        let effects = self.engine.handle(input, self.now, &self.home);
        let said = effects.iter().filter_map(|effect| shown(&self.home, effect)).collect();
        self.deeds.extend(effects.iter().filter_map(deed));
        self.traces.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Trace(trace) => Some(trace),
            _ => None,
        }));
        said
    }

    /// A property changes; what the rules do then.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) -> Vec<String> {
        self.put_because(name, value, Cause::root(Actor::Hub))
    }

    pub(super) fn put_because(&mut self, name: &str, value: impl Into<Value>, cause: Cause) -> Vec<String> {
        let path = path(&self.home, name);
        let new: Value = value.into();
        let old = put(&mut self.home, &path, new.clone(), self.now);
        self.event(What::Changed { path, old, new }, cause)
    }

    /// A button is pressed or the like.
    pub(super) fn occurs(&mut self, handle: &str, what: &str) -> Vec<String> {
        let device = self.home.by_handle(handle).unwrap().device.clone();
        let endpoint = device.endpoints[0].id.clone();
        let occurrence = what.parse().unwrap();
        self.event(What::Occurred { device: device.id, endpoint, occurrence }, Cause::root(Actor::Device(device.id)))
    }

    pub(super) fn event(&mut self, what: What, cause: Cause) -> Vec<String> {
        self.home.cursor = self.home.cursor.next();
        let event = Event { cursor: Cursor { epoch: 1, ..self.home.cursor }, at: self.now, cause, what };
        self.tell(Input::Events(&[Arc::new(event)]))
    }

    /// Somebody says something to the rules.
    pub(super) fn signal(&mut self, signal: &Signal) -> Vec<String> {
        self.tell(Input::Told(Told { signal, cause: Cause::root(Actor::Voice(None)) }))
    }

    /// A message comes from the broker, once for each of the engine's topics that it fits, as adapters hand them on.
    pub(super) fn hears(&mut self, topic: &str, payload: &str) -> Vec<String> {
        if let Some(topics) = self.engine.topics() {
            self.topics = topics;
        }
        let mut topics: Vec<_> = self.topics.iter().filter(|filter| filter.matches(topic)).cloned().collect();
        topics.sort();
        let signal = |filter| Signal::Message { filter, payload: payload.as_bytes().into() };
        topics.into_iter().flat_map(|filter| self.signal(&signal(filter))).collect()
    }

    /// A device can be reached, or no longer.
    pub(super) fn reach(&mut self, handle: &str, reachable: bool) -> Vec<String> {
        let device = self.home.by_handle(handle).unwrap().device.id;
        let (now, known) = (self.now, self.home.device_mut(device).unwrap());
        known.reachable = reachable;
        known.last_seen = Some(now);
        self.event(What::Reachable { device, reachable }, Cause::root(Actor::Device(device)))
    }

    /// What runs wait for came to its end: every deed that was asked for since this was last called.
    pub(super) fn outcomes(&mut self, outcome: Result<(), String>) -> Vec<String> {
        let deeds = std::mem::take(&mut self.deeds);
        deeds.into_iter().flat_map(|deed| self.tell(Input::Outcome(deed, outcome.clone()))).collect()
    }

    /// Time passes, and the engine is told whenever it wants to be.
    pub(super) fn pass(&mut self, span: &str) -> Vec<String> {
        let end = self.now + span.parse::<SignedDuration>().unwrap();
        let mut effects = Vec::new();
        while let Some(wake) = self.engine.wakes_at().filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            effects.extend(self.tell(Input::Time));
        }
        self.now = end;
        effects
    }

    /// The clock on the wall is set; the engine is told of that, and then that it is later or earlier.
    pub(super) fn set_clock(&mut self, to: &str) -> Vec<String> {
        let to: Timestamp = to.parse().unwrap();
        let by = to.duration_since(self.now);
        self.now = to;
        self.tell(Input::ClockSet(by))
    }

    pub(super) fn problem(&self, id: &str) -> Option<String> {
        self.engine.problem(&RuleId(id.into())).map(|fault| fault.to_string())
    }
}

fn deed(effect: &Effect) -> Option<Deed> {
    match effect {
        Effect::Control { by, .. } | Effect::Scene { by, .. } | Effect::Speak { by, .. } | Effect::Call { by, .. } => {
            by.deed
        }
        _ => None,
    }
}

/// An effect in a few words; nothing of what is only to be remembered, except that a run came to nothing although its
/// condition held.
fn shown(home: &Home, effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Control { order, .. } => {
            let handle = &home.device(order.target.device).unwrap().device.handle;
            let set = order.set.iter().map(|(property, value)| format!("{property}={value}"));
            let invoke = order.invoke.iter().map(|invoke| invoke.action.to_string());
            format!("{handle} {}", set.chain(invoke).collect::<Vec<_>>().join(" "))
        }
        Effect::Scene { scene, .. } => format!("scene {}", home.scenes[scene].handle),
        Effect::Publish { message, .. } => {
            let kept = if message.retain { " kept" } else { "" };
            format!("{} {}{kept}", message.topic, String::from_utf8_lossy(&message.payload))
        }
        Effect::Notify { notice, .. } => format!("notice {}", notice.title),
        Effect::Trace(Trace::Began(record)) => match record.skipped()? {
            SkipReason::Running => "dropped, running".into(),
            SkipReason::Full => "dropped, full".into(),
            SkipReason::TooDeep => "dropped, too deep".into(),
            SkipReason::Paused => "dropped, paused".into(),
            SkipReason::Condition | SkipReason::Inactive | SkipReason::Disabled => return None,
        },
        Effect::Trace(_) => return None,
        Effect::Speak { text, .. } => format!("says {text}"),
        Effect::Call { call, body, .. } => {
            format!("{} {} {}", call.method.word(), call.url, body.as_deref().unwrap_or_default()).trim().to_owned()
        }
        Effect::Enable { rule, enabled, .. } => format!("{} {rule}", if *enabled { "enables" } else { "disables" }),
    })
}
