//! What lasts for triggers, as it is kept while the hub does not run: that a door has been open for five minutes, and that
//! a number has tripped. Without it, what falls due while the hub is away would never trigger.

use std::sync::Arc;

use hub_model::{Cause, Event, Path, RuleId, run::Trigger};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Engine, Turn,
    armed::{Armed, Slot, Spark},
    check::Asking,
    index::Hook,
    timers::{Alarm, Subject},
};
use crate::{
    plan::Watch,
    rule::{AfterRestart, Change},
};

/// Devices have this long after a start to say how they are. What fell due while the hub was away counts then, where it
/// still is so.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_mins(1);

/// What lasts for the triggers of one rule. One for which nothing does is told too: what is as it wants has triggered it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptSpans {
    /// The rule.
    pub rule: RuleId,
    /// What tells its triggers from all others.
    print: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holding: Vec<KeptSpan>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tripped: Vec<(usize, Path)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptSpan {
    watch: usize,
    subject: Subject,
    due: Timestamp,
    cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Arc<Event>>,
}

impl Engine {
    /// What lasts for triggers, where it is something else than when last asked. Of rules that drop it, nothing.
    pub fn waiting_spans(&mut self) -> Option<Vec<KeptSpans>> {
        if !std::mem::take(&mut self.other_spans) {
            return None;
        }
        let resuming = self.slots.iter().flatten().filter(|armed| armed.rule.after_restart == AfterRestart::Resume);
        Some(resuming.filter_map(|armed| self.kept_spans(armed)).collect())
    }

    fn kept_spans(&self, armed: &Armed) -> Option<KeptSpans> {
        let plan = armed.plan.as_deref().filter(|plan| plan.watches.iter().any(lasts))?;
        let holding = armed.holding.iter().filter_map(|((watch, subject), alarm)| {
            let (due, Alarm::Held { spark, .. }) = self.timers.get(*alarm)? else { return None };
            let event = spark.trigger.as_ref().and_then(|trigger| trigger.event.clone());
            Some(KeptSpan { watch: *watch, subject: subject.clone(), due, cause: spark.cause.clone(), event })
        });
        Some(KeptSpans {
            rule: armed.rule.id.value.clone(),
            print: plan.print_of_watches(),
            holding: holding.collect(),
            tripped: armed.tripped.iter().cloned().collect(),
        })
    }

    /// What lasted for triggers when the hub ended goes on lasting, where it is still so and the triggers are the same.
    pub(super) fn restore_spans(&mut self, kept: Vec<KeptSpans>, turn: &Turn<'_>) {
        for KeptSpans { rule, print, holding, tripped } in kept {
            let Some(slot) = self.by_id.get(&rule).copied() else { continue };
            let is_same = self.armed(slot).is_some_and(|armed| {
                armed.rule.after_restart == AfterRestart::Resume
                    && armed.plan.as_deref().is_some_and(|plan| plan.print_of_watches() == print)
            });
            if !is_same {
                continue;
            }
            self.forget_guesses(slot);
            for span in holding {
                self.restore_span(slot, span, turn);
            }
            for (watch, path) in tripped {
                let subject = Subject::Path(path.clone());
                let still = self.still_lasts(Hook { slot, watch }, &subject, turn);
                if let Some(armed) = self.armed_mut(slot).filter(|_| still) {
                    armed.tripped.insert((watch, path));
                }
            }
        }
    }

    /// What was taken to last because of its reading alone: it is known better now. When a device fell silent is not.
    fn forget_guesses(&mut self, slot: Slot) {
        let Some(armed) = self.armed(slot) else { return };
        let guesses: Vec<_> =
            armed.holding.keys().filter(|(_, it)| !matches!(it, Subject::Device(_))).cloned().collect();
        for (watch, subject) in guesses {
            self.let_go(Hook { slot, watch }, &subject);
        }
    }

    fn restore_span(&mut self, slot: Slot, span: KeptSpan, turn: &Turn<'_>) {
        let KeptSpan { watch, subject, due, cause, event } = span;
        let hook = Hook { slot, watch };
        if !self.still_lasts(hook, &subject, turn) {
            return;
        }
        let trigger = Some(Trigger { number: Some(watch), due, event, prompt: None, entry: None });
        let spark = Spark { cause, trigger, body: None };
        if due > turn.now {
            self.hold_fixed(hook, subject, due, spark);
        } else {
            self.hold(hook, subject, settled_at(turn.now), spark);
        }
    }

    /// Whether something is as it has to stay for a trigger.
    fn still_lasts(&self, hook: Hook, subject: &Subject, turn: &Turn<'_>) -> bool {
        match (self.watch(hook), subject) {
            (Some(Watch::Property { paths, from, change, hysteresis, .. }), Subject::Path(path)) => {
                let Some(reading) = turn.home.reading(path).filter(|_| paths.contains(path)) else { return false };
                match change {
                    Change::Any => from.as_ref().is_none_or(|from| !from.holds(&reading.value)),
                    Change::Becomes(test) if *hysteresis > 0.0 => test.widened(*hysteresis).holds(&reading.value),
                    Change::Becomes(test) => test.holds(&reading.value),
                }
            }
            (Some(Watch::Reachable { devices, is, .. }), Subject::Device(device)) => {
                devices.contains(device) && turn.home.device(*device).is_some_and(|known| known.reachable == *is)
            }
            (Some(Watch::Holds { check, .. }), Subject::Condition) => self.facts(Asking::default(), turn).holds(check),
            _ => false,
        }
    }

    /// Whether a moment lies between the end of the last start and this one, of which it has just been told.
    /// What a rule drops over a restart did not.
    pub(super) fn fell_due_away(&self, hook: Hook, due: Timestamp, now: Timestamp) -> bool {
        let goes_on = self.armed(hook.slot).is_some_and(|armed| armed.rule.after_restart == AfterRestart::Resume);
        goes_on && self.is_fresh(now) && self.alive.is_some_and(|alive| alive < due && due <= now)
    }

    /// Since when a device is silent, so that a trigger that wants it to be for a span may still come. At a start none has
    /// been heard of yet: the span begins now, unless it was over when the hub ended.
    pub(super) fn silent_since(
        &self,
        last_seen: Timestamp,
        held: std::time::Duration,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let Some(alive) = self.alive.filter(|_| self.is_fresh(now)) else { return Some(last_seen) };
        let was_over = last_seen.checked_add(held).is_ok_and(|due| due <= alive);
        (!was_over).then_some(now)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.settles.is_some_and(|settles| now < settles)
    }
}

/// When devices have had time to say how they are.
pub(super) fn settled_at(now: Timestamp) -> Timestamp {
    now.saturating_add(SETTLES).unwrap_or(now)
}

/// Whether something lasts for a trigger.
fn lasts(watch: &Watch) -> bool {
    match watch {
        Watch::Property { held, hysteresis, .. } => held.is_some() || *hysteresis > 0.0,
        Watch::Reachable { held, .. } | Watch::Holds { held, .. } => held.is_some(),
        _ => false,
    }
}
