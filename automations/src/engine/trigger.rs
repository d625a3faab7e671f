//! Events and times of day become triggers of rules.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use hub_core::Heard;
use hub_model::{Actor, Cause, Event, Path, Source, Value, What, run::Trigger};
use jiff::{SignedDuration, Timestamp};

use super::{
    Engine, Turn,
    armed::{Slot, Spark},
    index::Hook,
    timers::Alarm,
};
use crate::{
    message::Payload,
    plan::Watch,
    rule::{Change, Rule},
};

/// A time of day that is later than this by the clock was not missed: the clock was wrong and has been set.
const LATEST: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    pub(super) fn events(&mut self, events: &[Arc<Event>], turn: &mut Turn<'_>) {
        // The home that comes with the events has them all, so that plans follow it before any of them triggers.
        let mut stale = BTreeSet::new();
        for event in events {
            match &event.what {
                What::Device(device) => self.index.described(*device, &mut stale),
                What::Home => self.index.rearranged(&mut stale),
                _ => {}
            }
        }
        let rearranged = events.iter().any(|event| event.what == What::Home);
        if rearranged || !stale.is_empty() {
            self.follow_home(&stale, turn);
        }
        for event in events {
            // What was due before an event comes before it.
            self.fire_due(event.at.min(turn.now), turn);
            self.event(event, turn);
        }
    }

    fn event(&mut self, event: &Arc<Event>, turn: &mut Turn<'_>) {
        match &event.what {
            What::Changed { path, old, new } => self.changed(event, path, old, new, turn),
            What::Occurred { device, endpoint, occurrence } => {
                let key = (*device, endpoint.clone(), occurrence.clone());
                for hook in self.index.at_occurrence(&key) {
                    self.fire(hook.slot, |rule| sparked_by(event, hook, event.at, rule), turn);
                }
            }
            What::Reachable { .. }
            | What::Device(_)
            | What::Home
            | What::Rules
            | What::Command { .. }
            | What::Scene { .. }
            | What::Notice(_) => {}
        }
    }

    fn changed(&mut self, event: &Arc<Event>, path: &Path, old: &Value, new: &Value, turn: &mut Turn<'_>) {
        let at = event.at.min(turn.now);
        self.lasting.change(path, new, at);
        for (slot, run) in self.index.waiting_at(path) {
            self.wake(slot, run, turn);
        }
        for hook in self.index.at_path(path) {
            let Some((change, held, rule)) = self.property_watch(hook) else { continue };
            let (began, lasts) = match &change {
                Change::Any => (*old != Value::Unknown && *new != Value::Unknown, false),
                Change::Becomes(test) => (test.holds(new) && !test.holds(old), test.holds(new)),
            };
            if !lasts {
                self.let_go(hook, path);
            }
            match held {
                _ if !began => {}
                None => self.fire(hook.slot, |rule| sparked_by(event, hook, at, rule), turn),
                Some(held) => {
                    if let Ok(due) = at.checked_add(held) {
                        self.hold(hook, path, sparked_by(event, hook, due, &rule));
                    }
                }
            }
        }
    }

    /// A message came. What the broker had kept from earlier is no news.
    pub(super) fn message(&mut self, heard: &Heard, turn: &mut Turn<'_>) {
        if heard.message.retain {
            return;
        }
        let (payload, now) = (Payload::new(&heard.message.payload), turn.now);
        for hook in self.index.at_topic(&heard.filter) {
            let plan = self.armed(hook.slot).and_then(|armed| armed.plan.clone());
            if let Some(Watch::Message { wording, .. }) = plan.as_deref().and_then(|plan| plan.watches.get(hook.watch))
                && wording.fits(&payload)
            {
                self.fire(hook.slot, |rule| Spark::without_event(rule, hook.watch, now), turn);
            }
        }
    }

    fn property_watch(&self, hook: Hook) -> Option<(Change, Option<Duration>, Arc<Rule>)> {
        let armed = self.armed(hook.slot)?;
        match armed.plan.as_ref()?.watches.get(hook.watch)? {
            Watch::Property { change, held, .. } => Some((change.clone(), *held, armed.rule.clone())),
            _ => None,
        }
    }

    /// Sets the alarm of a trigger whose property has to stay as it is.
    pub(super) fn hold(&mut self, hook: Hook, path: &Path, spark: Spark) {
        let Hook { slot, watch } = hook;
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let alarm = self.timers.set(spark.trigger.due, Alarm::Held { slot, watch, path: path.clone(), spark });
        if let Some(before) = armed.holding.insert((watch, path.clone()), alarm) {
            self.timers.cancel(before);
        }
    }

    /// The property did not stay.
    fn let_go(&mut self, hook: Hook, path: &Path) {
        let Some(Some(armed)) = self.slots.get_mut(hook.slot.index()) else { return };
        if let Some(alarm) = armed.holding.remove(&(hook.watch, path.clone())) {
            self.timers.cancel(alarm);
        }
    }

    /// A property stayed as it was for its span.
    pub(super) fn held_due(&mut self, slot: Slot, watch: usize, path: Path, spark: Spark, turn: &mut Turn<'_>) {
        if let Some(armed) = self.armed_mut(slot) {
            armed.holding.remove(&(watch, path));
            self.fire(slot, |_| spark, turn);
        }
    }

    /// A time of day has come, or was passed over by a clock that was set forward.
    pub(super) fn daily_due(&mut self, slot: Slot, watch: usize, due: Timestamp, turn: &mut Turn<'_>) {
        let Some(daily) = self.armed_mut(slot).and_then(|armed| armed.daily.get_mut(watch)) else { return };
        let Some((date, _)) = daily.next.take() else { return };
        let in_time = turn.now.duration_since(due) < LATEST;
        if in_time {
            daily.done = Some(date);
        }
        self.plan_day(slot, watch, turn.now, turn.home);
        if in_time {
            self.fire(slot, |rule| Spark::without_event(rule, watch, due), turn);
        }
    }
}

/// What an event sets off.
fn sparked_by(event: &Arc<Event>, hook: Hook, due: Timestamp, rule: &Rule) -> Spark {
    let cause = event.cause.then(Actor::Rule(rule.id.value.clone()), Source::Event(event.cursor));
    Spark { cause, trigger: Trigger { number: hook.watch, due, event: Some(event.clone()) } }
}

impl Spark {
    /// What no event of the home sets off: time, or a message.
    pub(super) fn without_event(rule: &Rule, watch: usize, due: Timestamp) -> Self {
        let cause = Cause::root(Actor::Rule(rule.id.value.clone()));
        Self { cause, trigger: Trigger { number: watch, due, event: None } }
    }
}
