//! Triggers that wait for something to stay as it is, and those that wait for a condition to begin to hold.

use std::{collections::BTreeSet, sync::Arc};

use hub_model::{Event, Path, Value};
use jiff::Timestamp;

use super::{
    Engine, Turn,
    armed::Spark,
    check::Asking,
    index::Hook,
    spans::settled_at,
    timers::{Alarm, AlarmId, Subject},
    trigger::sparked_by,
};
use crate::{
    plan::{Check, Watch},
    rule::{Change, Test},
};

impl Engine {
    /// Sets the alarm of a trigger for which something has to stay as it is.
    pub(super) fn hold(&mut self, hook: Hook, subject: Subject, due: Timestamp, spark: Spark) {
        let alarm = self.timers.set(due, Alarm::Held { hook, subject: subject.clone(), spark: Box::new(spark) });
        self.hold_by(hook, subject, alarm);
    }

    /// The same where the moment is true whatever the clock says.
    pub(super) fn hold_fixed(&mut self, hook: Hook, subject: Subject, due: Timestamp, spark: Spark) {
        let alarm = self.timers.set_fixed(due, Alarm::Held { hook, subject: subject.clone(), spark: Box::new(spark) });
        self.hold_by(hook, subject, alarm);
    }

    fn hold_by(&mut self, hook: Hook, subject: Subject, alarm: AlarmId) {
        self.other_spans = true;
        let Some(Some(armed)) = self.slots.get_mut(hook.slot.index()) else { return self.timers.cancel(alarm) };
        if let Some(before) = armed.holding.insert((hook.watch, subject), alarm) {
            self.timers.cancel(before);
        }
    }

    /// It did not stay.
    pub(super) fn let_go(&mut self, hook: Hook, subject: &Subject) {
        let Some(Some(armed)) = self.slots.get_mut(hook.slot.index()) else { return };
        if let Some(alarm) = armed.holding.remove(&(hook.watch, subject.clone())) {
            self.other_spans = true;
            self.timers.cancel(alarm);
        }
    }

    /// It stayed as it was for its span.
    pub(super) fn held_due(&mut self, hook: Hook, subject: Subject, spark: Spark, turn: &mut Turn<'_>) {
        self.other_spans = true;
        if let Some(armed) = self.armed_mut(hook.slot) {
            armed.holding.remove(&(hook.watch, subject));
            self.fire(hook.slot, |_| spark, turn);
        }
    }

    /// What is already as a trigger wants it goes on lasting, after a start as well. Where the span is over already,
    /// it has triggered before, or else it never will: nobody saw it begin. Only what fell due while the hub was away comes,
    /// when devices have had time to say otherwise. Of what the trigger meant `before` already, all
    /// was seen.
    pub(super) fn hold_on(&mut self, hook: Hook, before: &BTreeSet<Subject>, turn: &Turn<'_>) {
        let Some(watch) = self.watch(hook).cloned() else { return };
        match watch {
            Watch::Property { paths, from, change, by, held, hysteresis } => {
                let is_new = |path: &Path| !before.contains(&Subject::Path(path.clone()));
                for path in paths.into_iter().filter(is_new) {
                    let Some(reading) = turn.home.reading(&path) else { continue };
                    let is_as_wanted = match &change {
                        Change::Any => true,
                        Change::Becomes(test) => test.holds(&reading.value),
                    };
                    let holds = is_as_wanted && from.as_ref().is_none_or(|from| came_from(from, &reading.value));
                    // Who it was that changed it before is not known.
                    let since = reading.changed_at.filter(|_| holds && by.is_empty());
                    if holds
                        && hysteresis > 0.0
                        && let Some(armed) = self.armed_mut(hook.slot)
                    {
                        armed.tripped.insert((hook.watch, path.clone()));
                    }
                    self.hold_since(hook, Subject::Path(path), since, held, turn);
                }
            }
            Watch::Reachable { devices, is, held } => {
                for device in devices.into_iter().filter(|device| !before.contains(&Subject::Device(*device))) {
                    let known = turn.home.device(device).filter(|known| known.reachable == is);
                    // When it fell silent is not known; it was heard at that moment last.
                    let last_seen = known.and_then(|known| known.last_seen);
                    let since = match held {
                        Some(held) if !is => last_seen.and_then(|seen| self.silent_since(seen, held, turn.now)),
                        _ => last_seen,
                    };
                    self.hold_since(hook, Subject::Device(device), since, held, turn);
                }
            }
            Watch::Holds { check, held } => {
                let holds = self.facts(Asking::default(), turn).holds(&check);
                let held_before = before.contains(&Subject::Condition) && self.held_before(hook);
                self.note(hook, &check, holds, turn);
                if !holds {
                    self.let_go(hook, &Subject::Condition);
                }
                let since = if holds && !held_before { self.settled(&check, turn) } else { None };
                self.hold_since(hook, Subject::Condition, since, held, turn);
            }
            _ => {}
        }
    }

    /// Since when a condition that holds does so at the latest: since the last of its properties changed. Of time and
    /// reachability nobody knows.
    fn settled(&self, check: &Check, turn: &Turn<'_>) -> Option<Timestamp> {
        let mut is_known = self.facts(Asking::default(), turn).turns_at(check).is_none();
        check.each_device(&mut |_| is_known = false);
        let mut since = None;
        check.each_path(&mut |path| since = since.max(turn.home.reading(path).and_then(|reading| reading.changed_at)));
        since.filter(|_| is_known)
    }

    fn hold_since(
        &mut self,
        hook: Hook,
        subject: Subject,
        since: Option<Timestamp>,
        held: Option<std::time::Duration>,
        turn: &Turn<'_>,
    ) {
        let Some((since, held)) = since.zip(held) else { return };
        let Ok(due) = since.checked_add(held) else { return };
        let Some(armed) = self.armed(hook.slot) else { return };
        let spark = Spark::without_event(&armed.rule, hook.watch, due);
        if self.fell_due_away(hook, due, turn.now) {
            self.hold(hook, subject, settled_at(turn.now), spark);
        } else if due > turn.now && self.alive.is_some_and(|alive| since <= alive) {
            self.hold_fixed(hook, subject, due, spark);
        } else if due > turn.now {
            self.hold(hook, subject, due, spark);
        }
    }

    /// Whether the condition of a trigger held when it was last looked at.
    fn held_before(&self, hook: Hook) -> bool {
        self.armed(hook.slot).and_then(|armed| armed.held.get(hook.watch)).is_some_and(|held| held.holds)
    }

    /// Looks whether the condition of a trigger holds now, because of an event or because time has passed.
    pub(super) fn look_again(&mut self, hook: Hook, event: Option<&Arc<Event>>, turn: &mut Turn<'_>) {
        let Some(Watch::Holds { check, held }) = self.watch(hook).cloned() else { return };
        let held_before = self.held_before(hook);
        let holds = self.facts(Asking::default(), turn).holds(&check);
        self.note(hook, &check, holds, turn);
        if !holds {
            self.let_go(hook, &Subject::Condition);
        }
        if !holds || held_before {
            return;
        }
        let Some(armed) = self.armed(hook.slot) else { return };
        let rule = armed.rule.clone();
        let due = held.map_or(Some(turn.now), |held| turn.now.checked_add(held).ok());
        let Some(due) = due else { return };
        let spark = match event {
            Some(event) => sparked_by(event, hook, due, &rule),
            None => Spark::without_event(&rule, hook.watch, due),
        };
        if held.is_some() {
            self.hold(hook, Subject::Condition, due, spark);
        } else {
            self.fire(hook.slot, |_| spark, turn);
        }
    }

    /// Notes whether the condition of a trigger holds, and when it may turn by time alone.
    fn note(&mut self, hook: Hook, check: &Check, holds: bool, turn: &Turn<'_>) {
        let turns = self.facts(Asking::default(), turn).turns_at(check);
        let Some(Some(armed)) = self.slots.get_mut(hook.slot.index()) else { return };
        let Some(held) = armed.held.get_mut(hook.watch) else { return };
        held.holds = holds;
        if let Some(alarm) = held.turns.take() {
            self.timers.cancel(alarm);
        }
        held.turns = turns.map(|at| self.timers.set(at, Alarm::Turns(hook)));
    }
}

/// Whether a value that nobody saw change must have been something else before: only of two it is known which.
fn came_from(from: &Test, is: &Value) -> bool {
    matches!(is, Value::Bool(is) if from.holds(&Value::Bool(!is)))
}
