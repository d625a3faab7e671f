//! What is due when.

use std::collections::{BTreeMap, HashMap, HashSet};

use hub_model::{DeviceId, Path};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    armed::{Slot, Spark, ThreadId},
    index::Hook,
};

/// What an alarm is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Alarm {
    /// A moment that triggers a rule.
    Timed(Hook),
    /// Something that was to stay so for a span.
    Held { hook: Hook, subject: Subject, spark: Box<Spark> },
    /// A condition that triggers a rule may turn by time alone.
    Turns(Hook),
    /// A run that waits.
    Thread(ThreadId),
    /// A rule that was paused has rested.
    Rested(Slot),
}

/// What stays so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Subject {
    /// A property.
    Path(Path),
    /// Whether a device can be reached.
    Device(DeviceId),
    /// A condition as a whole.
    Condition,
}

/// Names an alarm, so that it can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct AlarmId(u64);

/// Alarms in the order in which they are due; those of one moment in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: BTreeMap<(Timestamp, AlarmId), Alarm>,
    due: HashMap<AlarmId, Timestamp>,
    /// Those whose moment is true whatever the clock says.
    fixed: HashSet<AlarmId>,
    latest: u64,
}

impl Timers {
    pub(super) fn set(&mut self, due: Timestamp, alarm: Alarm) -> AlarmId {
        self.latest += 1;
        let id = AlarmId(self.latest);
        self.queue.insert((due, id), alarm);
        self.due.insert(id, due);
        id
    }

    /// The same at a moment that an earlier start has left, which stays where it is when the clock is set.
    pub(super) fn set_fixed(&mut self, due: Timestamp, alarm: Alarm) -> AlarmId {
        let id = self.set(due, alarm);
        self.fixed.insert(id);
        id
    }

    /// Takes an alarm back; one that has gone off already is no matter.
    pub(super) fn cancel(&mut self, id: AlarmId) {
        if let Some(due) = self.due.remove(&id) {
            self.fixed.remove(&id);
            self.queue.remove(&(due, id));
        }
    }

    /// An alarm, and when it is due.
    pub(super) fn get(&self, id: AlarmId) -> Option<(Timestamp, &Alarm)> {
        let due = self.due(id)?;
        Some((due, self.queue.get(&(due, id))?))
    }

    /// The trigger for which something was to stay so has another number in its rule.
    pub(super) fn renumber(&mut self, id: AlarmId, watch: usize) {
        let alarm = self.due.get(&id).and_then(|due| self.queue.get_mut(&(*due, id)));
        if let Some(Alarm::Held { hook, spark, .. }) = alarm {
            hook.watch = watch;
            if let Some(trigger) = &mut spark.trigger {
                trigger.number = Some(watch);
            }
        }
    }

    /// When an alarm is due.
    pub(super) fn due(&self, id: AlarmId) -> Option<Timestamp> {
        self.due.get(&id).copied()
    }

    /// Whether an alarm is about to go off at a moment.
    pub(super) fn is_due(&self, id: AlarmId, now: Timestamp) -> bool {
        self.due(id).is_some_and(|due| due <= now)
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.queue.first_key_value().map(|((due, _), _)| *due)
    }

    /// The first alarm that is due until a moment.
    pub(super) fn pop(&mut self, until: Timestamp) -> Option<(Timestamp, Alarm)> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= until)?;
        let ((due, id), alarm) = entry.remove_entry();
        self.due.remove(&id);
        self.fixed.remove(&id);
        Some((due, alarm))
    }

    /// Moves all that waits for a span with the clock. Times of day stay where they are, and so does what is true anyway.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let moved = std::mem::take(&mut self.queue).into_iter().map(|((due, id), alarm)| {
            let stays = matches!(alarm, Alarm::Timed(_)) || self.fixed.contains(&id);
            let due = if stays { due } else { shifted(due, by) };
            ((due, id), alarm)
        });
        self.queue = moved.collect();
        self.due = self.queue.keys().map(|(due, id)| (*id, *due)).collect();
    }
}

/// A moment by the clock that was set, within what the calendar can show.
pub(super) fn shifted(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}
