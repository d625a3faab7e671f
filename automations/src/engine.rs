//! The engine: inputs and time in, effects out. It does no I/O, reads no clock and draws no random numbers, so that
//! the same inputs give the same effects, live, in tests and over recorded history.
//!
//! An event is looked up by its path or occurrence, so that it costs what it touches and not what is loaded.

mod armed;
mod check;
mod effect;
mod index;
mod lasting;
mod load;
mod look;
mod running;
mod timers;
mod trigger;

use std::{collections::BTreeMap, sync::Arc};

use hub_core::Heard;
use hub_model::{Event, Home, RuleId, TopicFilter};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

pub use self::effect::Effect;
use self::{
    armed::{Armed, Slot},
    index::Index,
    lasting::Lasting,
    timers::{Alarm, Timers},
};
use crate::{fault::Fault, rule::Rule};

/// What the engine is told.
#[derive(Debug)]
pub enum Input<'a> {
    /// These are all the rules, from now on; ids stand once. Runs of rules that did not change go on, those of others
    /// end where they are.
    Rules(Vec<Arc<Rule>>),
    /// These events happened, in this order; the home that comes with them has them all.
    Events(&'a [Arc<Event>]),
    /// A message came, for one of [`Engine::topics`].
    Message(&'a Heard),
    /// Nothing but time has passed; to be said at [`Engine::wakes_at`].
    Time,
    /// The clock on the wall was set, forward or back, by this much; what waits for a span still waits as long.
    ClockSet(SignedDuration),
    /// A rule that was paused for running in a circle may run again.
    Resume(&'a RuleId),
}

/// The rules with all that they wait for.
#[derive(Debug, Default)]
pub struct Engine {
    slots: Vec<Option<Armed>>,
    free: Vec<Slot>,
    by_id: BTreeMap<RuleId, Slot>,
    index: Index,
    timers: Timers,
    lasting: Lasting,
    /// The number of the latest run; it makes their ids.
    runs: u64,
    zone: Option<TimeZone>,
    revision: u64,
}

/// One call of [`Engine::handle`]: what it is given and what it brings about.
struct Turn<'a> {
    now: Timestamp,
    home: &'a Home,
    effects: Vec<Effect>,
}

impl Engine {
    /// An engine without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the engine something at a moment, with the home as it is then. It returns what is to be done, in order.
    pub fn handle(&mut self, input: Input<'_>, now: Timestamp, home: &Home) -> Vec<Effect> {
        let mut turn = Turn { now, home, effects: Vec::new() };
        match input {
            Input::Rules(rules) => self.load(rules, &mut turn),
            Input::Events(events) => self.events(events, &mut turn),
            Input::Message(heard) => self.message(heard, &mut turn),
            Input::ClockSet(by) => self.clock_set(by, &turn),
            Input::Resume(id) => self.resume(id),
            Input::Time => {}
        }
        self.fire_due(now, &mut turn);
        turn.effects
    }

    /// When the engine wants to be told [`Input::Time`] next; `None` while it waits for events only.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    /// What is wrong with a rule just now: a name that the home doesn't have, or that it ran in a circle.
    pub fn problem(&self, id: &RuleId) -> Option<Fault> {
        self.armed(*self.by_id.get(id)?)?.problem()
    }

    /// A number that grows whenever [`Engine::problem`] of any rule may be another.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The topics that rules wait for messages on, where they are others than when last asked.
    pub fn topics(&mut self) -> Option<Vec<TopicFilter>> {
        self.index.topics()
    }

    fn armed(&self, slot: Slot) -> Option<&Armed> {
        self.slots.get(slot.index())?.as_ref()
    }

    fn armed_mut(&mut self, slot: Slot) -> Option<&mut Armed> {
        self.slots.get_mut(slot.index())?.as_mut()
    }

    /// Does what is due until a moment. Every alarm that this sets lies beyond now, so that it ends.
    fn fire_due(&mut self, until: Timestamp, turn: &mut Turn<'_>) {
        while let Some((due, alarm)) = self.timers.pop(until) {
            match alarm {
                Alarm::Daily { slot, watch } => self.daily_due(slot, watch, due, turn),
                Alarm::Held { slot, watch, path, mut spark } => {
                    spark.trigger.due = due;
                    self.held_due(slot, watch, path, spark, turn);
                }
                Alarm::Run { slot, run } => self.wake(slot, run, turn),
            }
        }
    }

    fn clock_set(&mut self, by: SignedDuration, turn: &Turn<'_>) {
        self.timers.shift(by);
        self.lasting.shift(by);
        for armed in self.slots.iter_mut().flatten() {
            armed.shift(by);
        }
        // A clock set forward leaves what is due behind it, which then comes late; one set back makes it come again.
        if by.is_negative() {
            self.plan_days(turn);
        }
    }

    fn resume(&mut self, id: &RuleId) {
        let slot = self.by_id.get(id).copied();
        if let Some(armed) = slot.and_then(|slot| self.armed_mut(slot)) {
            armed.paused = false;
            armed.starts.clear();
            self.revision += 1;
        }
    }
}

#[cfg(test)]
mod tests;
