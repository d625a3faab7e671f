//! Events, signals and moments become triggers of rules.

use std::{collections::BTreeSet, sync::Arc};

use hub_model::{
    Actor, Cause, DeviceId, Event, Path, RuleId, RunId, Signal, Source, Value, What,
    run::{Prompt, Prompted, Trigger},
};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{
    Engine, Turn,
    armed::{Slot, Spark},
    index::{Hook, Topic},
    signal::{Body, Told},
    timers::Subject,
};
use crate::{
    message::Payload,
    plan::Watch,
    rule::{Change, Rule},
    schedule,
};

/// A moment that is later than this by the clock was not missed: the clock was wrong and has been set.
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
            self.restore_unplanned(turn);
        }
        for event in events {
            // What was due before an event comes before it.
            self.fire_due(event.at.min(turn.now), turn);
            self.event(event, turn);
            self.fire_pending(turn);
        }
    }

    fn event(&mut self, event: &Arc<Event>, turn: &mut Turn<'_>) {
        match &event.what {
            What::Changed { path, old, new } => self.changed(event, path, old, new, turn),
            What::Occurred { device, endpoint, occurrence } => {
                let topic = Topic::Occurrence(*device, endpoint.clone(), occurrence.clone());
                self.fire_hooked(&topic, event, turn);
            }
            What::Scene { scene, .. } => self.fire_hooked(&Topic::Scene(*scene), event, turn),
            What::Reachable { device, reachable } => self.reached(event, *device, *reachable, turn),
            What::Device(_) | What::Home | What::Rules | What::Command { .. } | What::Notice(_) => {}
        }
    }

    fn fire_hooked(&mut self, topic: &Topic, event: &Arc<Event>, turn: &mut Turn<'_>) {
        for hook in self.index.hooked(topic) {
            self.fire(hook.slot, |rule| sparked_by(event, hook, event.at, rule), turn);
        }
    }

    fn changed(&mut self, event: &Arc<Event>, path: &Path, old: &Value, new: &Value, turn: &mut Turn<'_>) {
        let at = event.at.min(turn.now);
        self.lasting.change(path, new, at);
        self.windows.change(path, new, at);
        let topic = Topic::Path(path.clone());
        for thread in self.index.waiting(&topic) {
            self.wake(thread, turn);
        }
        for hook in self.index.hooked(&topic) {
            match self.watch(hook) {
                Some(Watch::Property { from, change, by, held, hysteresis, .. }) => {
                    let is_by = by.is_empty() || by.iter().any(|by| by.is(&event.cause));
                    let left = from.as_ref().map(|from| (from.holds(old), from.holds(new)));
                    let (change, held, hysteresis) = (change.clone(), *held, *hysteresis);
                    let (mut began, mut lasts) = self.turned(hook, path, &change, hysteresis, (old, new));
                    if let Some((was, is)) = left {
                        began &= was && !is;
                        // What has left a value stays away from it, whatever else it becomes.
                        lasts |= change == Change::Any && !is && *new != Value::Unknown;
                    }
                    began &= is_by;
                    let subject = Subject::Path(path.clone());
                    self.begin_or_hold((hook, subject), (began, lasts), held, (event, at), turn);
                }
                Some(Watch::Holds { .. }) => self.look_again(hook, Some(event), turn),
                _ => {}
            }
        }
    }

    /// Whether a change is one that a trigger waits for, and whether what it waits for lasts.
    fn turned(
        &mut self,
        hook: Hook,
        path: &Path,
        change: &Change,
        hysteresis: f64,
        (old, new): (&Value, &Value),
    ) -> (bool, bool) {
        let Change::Becomes(test) = change else {
            return (*old != Value::Unknown && *new != Value::Unknown, false);
        };
        let (was, is) = (test.holds(old), test.holds(new));
        if hysteresis == 0.0 {
            return (is && !was, is);
        }
        // What goes back by less than the hysteresis stays as it is.
        let lasts = test.widened(hysteresis).holds(new);
        let Some(armed) = self.armed_mut(hook.slot) else { return (false, lasts) };
        let key = (hook.watch, path.clone());
        // What is not known says nothing about how far it went back; but what it ends before its span is over has not
        // triggered, and may begin again.
        let is_pending = armed.holding.contains_key(&(hook.watch, Subject::Path(path.clone())));
        let mut is_other = false;
        if !lasts && (*new != Value::Unknown || is_pending) {
            is_other |= armed.tripped.remove(&key);
        }
        let began = is && armed.tripped.insert(key);
        self.other_spans |= is_other || began;
        (began, lasts)
    }

    fn reached(&mut self, event: &Arc<Event>, device: DeviceId, reachable: bool, turn: &mut Turn<'_>) {
        let at = event.at.min(turn.now);
        let topic = Topic::Reach(device);
        for thread in self.index.waiting(&topic) {
            self.wake(thread, turn);
        }
        for hook in self.index.hooked(&topic) {
            match self.watch(hook) {
                Some(Watch::Reachable { is, held, .. }) => {
                    let (begins, held) = (*is == reachable, *held);
                    let subject = Subject::Device(device);
                    self.begin_or_hold((hook, subject), (begins, begins), held, (event, at), turn);
                }
                Some(Watch::Holds { .. }) => self.look_again(hook, Some(event), turn),
                _ => {}
            }
        }
    }

    /// Something that a trigger waits for began, or ended: it fires, or begins to be held.
    fn begin_or_hold(
        &mut self,
        (hook, subject): (Hook, Subject),
        (began, lasts): (bool, bool),
        held: Option<std::time::Duration>,
        (event, at): (&Arc<Event>, Timestamp),
        turn: &mut Turn<'_>,
    ) {
        if !lasts {
            self.let_go(hook, &subject);
        }
        if !began {
            return;
        }
        let Some(held) = held else {
            return self.fire(hook.slot, |rule| sparked_by(event, hook, at, rule), turn);
        };
        if let (Ok(due), Some(armed)) = (at.checked_add(held), self.armed(hook.slot)) {
            let spark = sparked_by(event, hook, due, &armed.rule);
            self.hold(hook, subject, due, spark);
        }
    }

    /// A trigger of a rule.
    pub(super) fn watch(&self, hook: Hook) -> Option<&Watch> {
        self.armed(hook.slot)?.plan.as_ref()?.watches.get(hook.watch)
    }

    /// Somebody said something to the rules.
    pub(super) fn told(&mut self, told: &Told<'_>, turn: &mut Turn<'_>) {
        let (concerned, what) = self.concerned(told.signal);
        if concerned.is_empty() {
            return;
        }
        let body = match told.signal {
            Signal::Webhook { body, .. } => body.clone(),
            Signal::Message { payload, .. } => Payload::new(payload).into_json(),
            _ => None,
        };
        let body = body.map(|json| Body(Arc::new(json)));
        let prompt = Arc::new(Prompt { what, cause: told.cause.clone() });
        for one in concerned {
            let cause = |rule: &Rule| Cause {
                actor: Actor::Rule(rule.id.value.clone()),
                from: told.cause.from,
                depth: told.cause.depth.saturating_add(1),
            };
            self.fire_prompted(one, &prompt, cause, body.clone(), turn);
        }
    }

    /// The rules that a signal concerns, each with the trigger that waits for it, and what is said to them.
    fn concerned(&self, signal: &Signal) -> (Vec<(Slot, Option<usize>)>, Prompted) {
        let (hooks, what) = match signal {
            Signal::Phrase { words, language } => {
                let mut hooks = self.index.hooked(&Topic::Words(words.clone()));
                hooks.retain(|hook| {
                    let watch = self.watch(*hook);
                    matches!(watch, Some(Watch::Phrase(all)) if all.iter().any(|phrase| phrase.is(words, language)))
                });
                (hooks, Prompted::Phrase(words.clone()))
            }
            Signal::Webhook { rule, trigger, .. } => {
                let hook = self.by_id.get(rule).map(|slot| Hook { slot: *slot, watch: *trigger });
                let hook = hook.filter(|hook| matches!(self.watch(*hook), Some(Watch::Webhook(_))));
                (hook.into_iter().collect(), Prompted::Call)
            }
            Signal::Message { filter, payload } => {
                let payload = Payload::new(payload);
                let fits = |watch: Option<&Watch>| matches!(watch, Some(Watch::Message { wording, .. }) if wording.fits(&payload));
                let mut hooks = self.index.hooked(&Topic::Message(filter.clone()));
                hooks.retain(|hook| fits(self.watch(*hook)));
                (hooks, Prompted::Message(filter.clone()))
            }
            Signal::Answer(id) => (self.index.hooked(&Topic::Answer(id.clone())), Prompted::Answer(id.clone())),
            Signal::Started => (self.index.hooked(&Topic::Started), Prompted::Started),
            // None of its triggers waits for that.
            Signal::ByHand(rule) => {
                let rule = self.by_id.get(rule).map(|slot| (*slot, None));
                return (rule.into_iter().collect(), Prompted::ByHand);
            }
        };
        (hooks.into_iter().map(Hook::of_rule).collect(), what)
    }

    /// A rule began to run; others may wait for that.
    pub(super) fn fire_on_run(&mut self, rule: &RuleId, cause: &Cause, run: RunId, turn: &mut Turn<'_>) {
        let of_run = Cause { from: Some(Source::Run(run)), ..cause.clone() };
        let prompt = Arc::new(Prompt { what: Prompted::Run(rule.clone()), cause: of_run });
        let topic = Topic::Rule(rule.clone());
        for thread in self.index.waiting(&topic) {
            self.wake(thread, turn);
        }
        for hook in self.index.hooked(&topic) {
            if matches!(self.watch(hook), Some(Watch::Holds { .. })) {
                self.look_again(hook, None, turn);
                continue;
            }
            self.fire_prompted(hook.of_rule(), &prompt, |rule| after_run(cause, run, rule), None, turn);
        }
    }

    fn fire_prompted(
        &mut self,
        (slot, number): (Slot, Option<usize>),
        prompt: &Arc<Prompt>,
        cause: impl FnOnce(&Rule) -> Cause,
        body: Option<Body>,
        turn: &mut Turn<'_>,
    ) {
        let (due, prompt) = (turn.now, Some(Arc::clone(prompt)));
        let trigger = Some(Trigger { number, due, event: None, prompt, entry: None });
        self.fire(slot, |rule| Spark { cause: cause(rule), trigger, body }, turn);
    }

    /// A moment has come, or was passed over by a clock that was set forward.
    pub(super) fn timed_due(&mut self, hook: Hook, due: Timestamp, turn: &mut Turn<'_>) {
        let Some(timed) = self.armed_mut(hook.slot).and_then(|armed| armed.timed.get_mut(hook.watch)) else { return };
        let Some((mark, _)) = timed.next.take() else { return };
        let in_time = turn.now.duration_since(due) < LATEST;
        if in_time {
            timed.done = Some(mark);
        }
        self.plan_moment(hook, turn);
        if !in_time {
            return;
        }
        let entries = self.entries_of(hook, due);
        if entries.is_empty() {
            return self.fire(hook.slot, |rule| Spark::without_event(rule, hook.watch, due), turn);
        }
        for entry in entries {
            self.fire(hook.slot, |rule| Spark::without_event(rule, hook.watch, due).of_entry(entry), turn);
        }
    }

    /// The entries of a trigger's calendar that begin or end at a moment; each triggers by itself.
    fn entries_of(&self, hook: Hook, due: Timestamp) -> Vec<SmolStr> {
        let Some(Watch::Timed { timing, .. }) = self.watch(hook) else { return Vec::new() };
        schedule::entries(timing, due, &self.calendars)
    }
}

/// The cause of what a rule does because another one ran.
pub(super) fn after_run(cause: &Cause, run: RunId, rule: &Rule) -> Cause {
    cause.then(Actor::Rule(rule.id.value.clone()), Source::Run(run))
}

/// What an event sets off.
pub(super) fn sparked_by(event: &Arc<Event>, hook: Hook, due: Timestamp, rule: &Rule) -> Spark {
    let cause = event.cause.then(Actor::Rule(rule.id.value.clone()), Source::Event(event.cursor));
    Spark {
        cause,
        trigger: Some(Trigger { number: Some(hook.watch), due, event: Some(event.clone()), prompt: None, entry: None }),
        body: None,
    }
}

impl Spark {
    /// The same, of an entry in a calendar.
    fn of_entry(mut self, entry: SmolStr) -> Self {
        if let Some(trigger) = &mut self.trigger {
            trigger.entry = Some(entry);
        }
        self
    }

    /// What time alone sets off.
    pub(super) fn without_event(rule: &Rule, watch: usize, due: Timestamp) -> Self {
        let cause = Cause::root(Actor::Rule(rule.id.value.clone()));
        Self {
            cause,
            trigger: Some(Trigger { number: Some(watch), due, event: None, prompt: None, entry: None }),
            body: None,
        }
    }
}
