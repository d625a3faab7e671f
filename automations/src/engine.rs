//! The engine: inputs and time in, effects out. It does no I/O, reads no clock and draws no random numbers, so that
//! the same inputs give the same effects, live, in tests and over recorded history.
//!
//! An event is looked up by its path or occurrence, so that it costs what it touches and not what is loaded.

mod armed;
mod check;
mod effect;
mod holding;
mod index;
mod lasting;
mod leap;
mod load;
mod look;
mod rearm;
mod restore;
mod reword;
mod running;
mod signal;
mod spans;
mod stepping;
mod thread;
mod timers;
mod trigger;
mod waiting;
mod window;
mod wording;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use hub_model::{Cause, Event, Home, Path, RuleId, RunId, TopicFilter, Value};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

pub(crate) use self::check::{holds_at, seen_at};
pub(crate) use self::effect::{called, said_aloud};
use self::{
    armed::{Armed, Slot, ThreadId},
    index::{Hook, Index, Topic},
    lasting::Lasting,
    thread::Rest,
    timers::{Alarm, Timers},
    window::Windows,
};
pub use self::{
    effect::{By, Deed, Effect},
    restore::Kept,
    signal::{Body, Told, news},
    spans::KeptSpans,
};
use crate::{calendar::Calendars, fault::Fault, plan::Watch, rule::Rule};

/// What the engine is told.
#[derive(Debug)]
pub enum Input<'a> {
    /// These are all the rules, from now on; ids stand once. Runs of rules that did not change go on, those of others
    /// end where they are.
    Rules(Vec<Arc<Rule>>),
    /// These events happened, in this order; the home that comes with them has them all.
    Events(&'a [Arc<Event>]),
    /// Somebody said something to the rules: a phrase, a call, an answer, a message for one of [`Engine::topics`].
    Told(Told<'a>),
    /// What became of something that a run waits for; where it failed, why.
    Outcome(Deed, Result<(), String>),
    /// What stands in the calendars, from now on.
    Calendars(Calendars),
    /// What properties were before [`Engine::new_means`] began: each value and when it came, the oldest first.
    Past(Vec<(Path, Vec<(Timestamp, Value)>)>),
    /// The last moment of which it is known that the hub was alive before this start; to be said before the rules.
    Alive(Timestamp),
    /// When rules last ran before they came here; to be said before the rules. What is known already stays.
    Ran(BTreeMap<RuleId, Timestamp>),
    /// A rule that does not run here began to run, where it does.
    Began {
        /// Which one.
        rule: &'a RuleId,
        /// Why.
        cause: Cause,
        /// Its run.
        run: RunId,
    },
    /// Runs that waited when the hub ended; to be said after the rules.
    Restore(Vec<Kept>),
    /// What lasted for triggers when the hub ended; to be said after the rules.
    RestoreSpans(Vec<KeptSpans>),
    /// Nothing but time has passed; to be said at [`Engine::wakes_at`].
    Time,
    /// The clock on the wall was set, forward or back, by this much. What waits for a span still waits as long; what an
    /// earlier start has left stays where it is.
    ClockSet(SignedDuration),
    /// A rule that was paused for running in a circle may run again at once.
    Resume(&'a RuleId),
    /// A rule acts from now on, or no longer; its triggers go on as they are.
    Switch(&'a RuleId, bool),
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
    windows: Windows,
    calendars: Calendars,
    /// When each rule last began to run.
    begun: BTreeMap<RuleId, Timestamp>,
    /// Those of which an earlier start tells it.
    recalled: BTreeSet<RuleId>,
    /// The last moment of an earlier start.
    alive: Option<Timestamp>,
    /// Until then, devices may not have said yet how they are since this start.
    settles: Option<Timestamp>,
    /// Who waits for what becomes of something.
    deeds: HashMap<Deed, ThreadId>,
    /// Runs that waited when the hub ended, of rules that name what is not there yet: calendars are read after the rules.
    unplanned: Vec<Kept>,
    /// The number of the latest deed.
    deed: u64,
    /// The number of the latest run; it makes their ids.
    runs: u64,
    /// Whether the runs that wait are others than when last asked.
    other_runs: bool,
    /// Whether what lasts for triggers is something else than when last asked.
    other_spans: bool,
    zone: Option<TimeZone>,
    revision: u64,
    /// Whether what comes to nothing is told without words.
    is_brief: bool,
    /// Whether it runs in a home that is not there, so that its runs bear no real one's id.
    is_of_twin: bool,
}

/// One call of [`Engine::handle`]: what it is given and what it brings about.
struct Turn<'a> {
    now: Timestamp,
    home: &'a Home,
    effects: Vec<Effect>,
    /// How many triggers of disabled rules were put on record.
    passed_over: usize,
    /// Rules that other rules set off, and that have not run yet.
    pending: VecDeque<Pending>,
}

/// What a rule sets off in another one.
enum Pending {
    /// It wants the other one to run.
    Run { rule: RuleId, cause: Cause, run: RunId },
    /// It began to run, and the other one may wait for that.
    Began { rule: RuleId, cause: Cause, run: RunId },
}

impl Engine {
    /// An engine without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the engine something at a moment, with the home as it is then. It returns what is to be done, in order.
    pub fn handle(&mut self, input: Input<'_>, now: Timestamp, home: &Home) -> Vec<Effect> {
        let mut turn = Turn { now, home, effects: Vec::new(), passed_over: 0, pending: VecDeque::new() };
        match input {
            Input::Rules(rules) => {
                // What is due by the rules that were comes before those that are.
                self.fire_due(now, &mut turn);
                self.load(rules, &mut turn);
            }
            Input::Events(events) => self.events(events, &mut turn),
            Input::Told(told) => self.told(&told, &mut turn),
            Input::Outcome(deed, outcome) => self.outcome(deed, outcome, &mut turn),
            Input::Calendars(calendars) => self.take_calendars(calendars, &mut turn),
            Input::Past(past) => self.remember(past, &turn),
            Input::Alive(at) => (self.alive, self.settles) = (Some(at), Some(spans::settled_at(now))),
            Input::Ran(last) => last.into_iter().for_each(|(rule, at)| self.recall(rule, at)),
            Input::Began { rule, cause, run } => {
                self.begins(rule, now);
                turn.pending.push_back(Pending::Began { rule: rule.clone(), cause, run });
            }
            Input::Restore(kept) => self.restore(kept, &mut turn),
            Input::RestoreSpans(kept) => self.restore_spans(kept, &turn),
            Input::ClockSet(by) => self.clock_set(by, &mut turn),
            Input::Resume(id) => self.resume(id),
            Input::Switch(id, enabled) => self.switch(id, enabled, &mut turn),
            Input::Time => {}
        }
        self.fire_pending(&mut turn);
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

    /// Whether what waits or lasts is something else than when last asked.
    pub const fn has_other_waits(&self) -> bool {
        self.other_runs || self.other_spans
    }

    /// The topics that rules wait for messages on, where they are others than when last asked.
    pub fn topics(&mut self) -> Option<Vec<TopicFilter>> {
        let slots = &self.slots;
        let acts =
            |slot: Slot| slots.get(slot.index()).and_then(Option::as_ref).is_some_and(|armed| armed.rule.enabled);
        self.index.messages(acts)
    }

    /// Those of the topics on which rules wait for messages that a message comes by, of rules that don't act as well.
    pub(crate) fn filters_of(&self, topic: &str) -> Vec<TopicFilter> {
        self.index.filters_of(topic)
    }

    /// Properties of which rules want to know the mean, each with the span that it is over, where there are others than
    /// when last asked. Until [`Input::Past`] tells what was before, a mean begins when it is first wanted.
    pub fn new_means(&mut self) -> Option<Vec<(Path, Duration)>> {
        self.windows.new_means()
    }

    /// From now on, a trigger that comes to nothing is told without what its condition saw, which is most of its cost, where
    /// that can be told later: see [`Check::is_plain`](crate::plan::Check::is_plain).
    pub(crate) const fn be_brief(&mut self) {
        self.is_brief = true;
    }

    /// An engine for a home that is not there.
    pub(crate) fn of_twin() -> Self {
        Self { is_of_twin: true, ..Self::default() }
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
                Alarm::Timed(hook) => self.timed_due(hook, due, turn),
                Alarm::Held { hook, subject, mut spark } => {
                    if let Some(trigger) = &mut spark.trigger {
                        trigger.due = due;
                    }
                    self.held_due(hook, subject, *spark, turn);
                }
                Alarm::Turns(hook) => self.look_again(hook, None, turn),
                Alarm::Thread(thread) => self.wake(thread, turn),
                Alarm::Rested(slot) => self.unpause(slot),
            }
            self.fire_pending(turn);
        }
    }

    /// Runs what rules have set off in others. Chains end by their depth, circles by how often a rule may begin.
    fn fire_pending(&mut self, turn: &mut Turn<'_>) {
        while let Some(pending) = turn.pending.pop_front() {
            match pending {
                Pending::Run { rule, cause, run } => self.run_rule(&rule, &cause, run, turn),
                Pending::Began { rule, cause, run } => self.fire_on_run(&rule, &cause, run, turn),
            }
        }
    }

    /// Tells means of the past. A condition that holds because of it began to then, and triggers nothing now.
    fn remember(&mut self, past: Vec<(Path, Vec<(Timestamp, Value)>)>, turn: &Turn<'_>) {
        for (path, values) in past {
            self.windows.remember(&path, &values);
            for hook in self.index.hooked(&Topic::Path(path)) {
                if matches!(self.watch(hook), Some(Watch::Holds { .. })) {
                    self.hold_on(hook, &BTreeSet::new(), turn);
                }
            }
        }
    }

    /// Looks again at all that hangs on the time of day: conditions that trigger, and those that runs wait for.
    fn look_at_all(&mut self, turn: &mut Turn<'_>) {
        let hooks: Vec<Hook> = self.all_hooks();
        for hook in hooks {
            self.look_again(hook, None, turn);
        }
        let mut waiting = Vec::new();
        for (slot, armed) in self.by_id.values().filter_map(|slot| Some((*slot, self.armed(*slot)?))) {
            for run in &armed.runs {
                let until = run.threads.iter().filter(|thread| matches!(thread.rest, Rest::Until(_)));
                waiting.extend(until.map(|thread| run.thread_id(slot, thread)));
            }
        }
        for thread in waiting {
            self.wake(thread, turn);
        }
    }

    fn resume(&mut self, id: &RuleId) {
        if let Some(slot) = self.by_id.get(id).copied() {
            self.unpause(slot);
        }
    }
}

#[cfg(test)]
mod tests;
