//! Runs of rules: they begin as their mode says, and end.

use std::collections::VecDeque;

use hub_model::{
    Cause, Notice, RuleId, RunEnd, RunId, RunOf, RunRecord, Severity, SkipReason, Source, Trace, run::Part,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Effect, Engine, Pending, Turn,
    armed::{Armed, RunNumber, Slot, Spark, Start},
    check::{Asking, Facts},
    stepping::Progress,
    thread::{Rest, Run},
    timers::Alarm,
    trigger::after_run,
};
use crate::{
    plan::Check,
    rule::{Mode, Rule},
};

/// More starts of one rule than this within [`WITHIN`] are a circle through the physical world, or a burst that is as bad.
const MOST_STARTS: usize = 20;
const WITHIN: SignedDuration = SignedDuration::from_secs(10);
/// A rule that runs in a circle rests for so long. It may have been a burst, or what is wrong may have been put right.
const RESTS: SignedDuration = SignedDuration::from_mins(5);
/// That it rests is told once in this time, and so is that a rule runs too often.
const TELL_OF_REST: SignedDuration = SignedDuration::from_hours(1);
/// People are told of a chain that was cut once in this time for each rule.
const TELL_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// That a disabled rule was triggered is put on record once in this time.
const SAY_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Of one event, for no more rules than this; the others say it with their next trigger.
const MOST_PASSED_OVER: usize = 64;
/// What one run does at one moment, in steps and commands. A loop that never waits ends here.
const MOST_AT_ONCE: usize = 20_000;

impl Engine {
    /// A rule was triggered: if its condition holds, it runs as its mode says.
    pub(super) fn fire(&mut self, slot: Slot, spark: impl FnOnce(&Rule) -> Spark, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed(slot) else { return };
        let Some(plan) = armed.plan.clone() else { return };
        if !armed.rule.enabled {
            return self.pass_over(slot, spark, turn);
        }
        let spark = spark(&armed.rule);
        if armed.rule.active.is_some_and(|active| !self.facts(Asking::default(), turn).holds(&Check::within(active))) {
            let start = Start { spark, condition: None };
            return self.skip(slot, start, (SkipReason::Inactive, 1), turn);
        }
        let before = self.begun.get(&armed.rule.id.value).copied();
        let trigger = spark.trigger.as_ref().and_then(|trigger| trigger.number);
        let asking = Asking { before, trigger, body: spark.body.as_ref() };
        let facts = self.facts(asking, turn);
        let condition = (!plan.condition.is_always()).then(|| {
            let says_nothing = self.is_brief && plan.condition.is_plain() && !facts.holds(&plan.condition);
            if says_nothing { Part::unsaid(false) } else { facts.look(&plan.condition) }
        });
        let start = Start { spark, condition };
        if let Some(why) = self.drops(slot, &start, turn) {
            return self.skip(slot, start, (why, 1), turn);
        }
        let Some(armed) = self.armed_mut(slot) else { return };
        if !armed.starts_in_time(turn.now) {
            return if plan.may_set_off_itself() {
                self.pause(slot, start, turn);
            } else {
                self.leave_out(slot, start, turn);
            };
        }
        match armed.rule.mode {
            Mode::Queued if !armed.runs.is_empty() => {
                armed.queue.push_back(start);
                self.other_runs = true;
            }
            Mode::Restart => {
                self.end_runs(slot, RunEnd::Restarted, turn);
                self.start(slot, start, turn);
            }
            _ => self.start(slot, start, turn),
        }
    }

    /// Why a triggered rule does not run; `None` where it does.
    fn drops(&mut self, slot: Slot, start: &Start, turn: &mut Turn<'_>) -> Option<SkipReason> {
        if start.condition.as_ref().is_some_and(|condition| !condition.holds) {
            return Some(SkipReason::Condition);
        }
        let armed = self.armed_mut(slot)?;
        if armed.paused.is_some() {
            Some(SkipReason::Paused)
        } else if start.spark.cause.is_too_deep() {
            armed.tell_of_depth(&start.spark.cause, turn);
            Some(SkipReason::TooDeep)
        } else {
            armed.drops()
        }
    }

    /// A rule was triggered that does not act. That is put on record the first time, and then once in a while with how
    /// often it was, so that thousands of rules that are off cost next to nothing.
    fn pass_over(&mut self, slot: Slot, spark: impl FnOnce(&Rule) -> Spark, turn: &mut Turn<'_>) {
        // One without actions is there for its name alone.
        let Some(armed) = self.armed_mut(slot).filter(|armed| !armed.rule.then.is_empty()) else { return };
        armed.passed_over = armed.passed_over.saturating_add(1);
        let is_due = armed.said_at.is_none_or(|said| turn.now.duration_since(said) >= SAY_AGAIN);
        if !is_due || turn.passed_over >= MOST_PASSED_OVER {
            return;
        }
        turn.passed_over += 1;
        armed.said_at = Some(turn.now);
        let times = std::mem::take(&mut armed.passed_over);
        let start = Start { spark: spark(&armed.rule), condition: None };
        self.skip(slot, start, (SkipReason::Disabled, times), turn);
    }

    /// Remembers that a trigger came to nothing, so often.
    fn skip(&mut self, slot: Slot, start: Start, (why, times): (SkipReason, u32), turn: &mut Turn<'_>) {
        if let Some((_, mut record)) = self.record(slot, start, turn) {
            record.end = Some(RunEnd::Skipped(why));
            record.ended = Some(turn.now);
            record.times = times;
            turn.effects.push(Effect::Trace(Trace::Began(record)));
        }
    }

    /// The record of a run that begins, or would have; its number names it.
    pub(super) fn record(&mut self, slot: Slot, start: Start, turn: &Turn<'_>) -> Option<(RunNumber, Box<RunRecord>)> {
        let rule = self.armed(slot)?.rule.clone();
        self.runs += 1;
        // No clock and no chance: the epoch grows with every start of the hub, and the number within it.
        let kind = if self.is_of_twin { "twin-run" } else { "rule-run" };
        let id = RunId::named(&format!("{kind}/{}/{}", turn.home.cursor.epoch, self.runs));
        let Start { spark: Spark { cause, trigger, .. }, condition } = start;
        let of = RunOf::Rule(rule.id.value.clone());
        let record = RunRecord::new(id, of, rule.name.clone(), turn.now, cause);
        Some((self.runs, Box::new(RunRecord { trigger, condition, ..record })))
    }

    /// Begins a run, and those that waited for it where it ends at once.
    pub(super) fn start(&mut self, slot: Slot, start: Start, turn: &mut Turn<'_>) {
        let mut next = Some(start);
        while let Some(start) = next.take() {
            let Some(armed) = self.armed(slot) else { return };
            let (Some(plan), rule) = (armed.plan.clone(), armed.rule.id.value.clone()) else { return };
            let trigger = start.spark.trigger.as_ref().and_then(|trigger| trigger.number);
            let event = start.spark.trigger.as_ref().and_then(|trigger| trigger.event.clone());
            let entry = start.spark.trigger.as_ref().and_then(|trigger| trigger.entry.clone());
            let body = start.spark.body.clone();
            let Some((number, record)) = self.record(slot, start, turn) else { return };
            let id = record.id;
            let cause = Cause { from: Some(Source::Run(id)), ..record.cause.clone() };
            turn.effects.push(Effect::Trace(Trace::Began(record)));
            let before = self.begins(&rule, turn.now);
            turn.pending.push_back(Pending::Began { rule, cause: cause.clone(), run: id });
            let mut run =
                Run { number, id, cause, plan, before, trigger, body, event, entry, threads: Vec::new(), next: 0 };
            let first = run.spawn(0, None);
            next = self.go_on(slot, run, first, turn);
        }
    }

    /// Lets a run go on at one of its places until it waits or ends; then it returns the run whose turn it is.
    pub(super) fn go_on(&mut self, slot: Slot, mut run: Run, first: u32, turn: &mut Turn<'_>) -> Option<Start> {
        let mut ready = VecDeque::from([first]);
        let mut left = MOST_AT_ONCE;
        while let Some(number) = ready.pop_front() {
            let Some(at) = run.threads.iter().position(|thread| thread.number == number) else { continue };
            let mut thread = run.threads.remove(at);
            match self.advance(slot, &run, &mut thread, &mut left, turn) {
                Progress::Waits => run.threads.push(thread),
                Progress::Forks(branches) => {
                    thread.rest = Rest::Fork(branches.len());
                    run.threads.push(thread);
                    ready.extend(branches.into_iter().map(|at| run.spawn(at, Some(number))));
                }
                Progress::Joins => ready.extend(thread.parent.filter(|parent| run.is_joined(*parent))),
                Progress::Ends(end) => {
                    self.end_run(slot, run, end, turn);
                    let armed = self.armed_mut(slot)?;
                    return if armed.runs.is_empty() { armed.queue.pop_front() } else { None };
                }
            }
        }
        self.put_back(slot, run, turn);
        None
    }

    /// Ends a run where it is.
    pub(super) fn end_run(&mut self, slot: Slot, mut run: Run, why: RunEnd, turn: &mut Turn<'_>) {
        for mut thread in std::mem::take(&mut run.threads) {
            self.stop_waiting(slot, &run, &mut thread);
        }
        self.other_runs = true;
        turn.effects.push(Effect::Trace(Trace::Ended(run.id, why)));
    }

    /// Ends a run of which something failed, and begins the one whose turn it is.
    pub(super) fn fail(&mut self, slot: Slot, run: Run, turn: &mut Turn<'_>) {
        self.end_run(slot, run, RunEnd::Failed, turn);
        let Some(armed) = self.armed_mut(slot) else { return };
        let next = if armed.runs.is_empty() { armed.queue.pop_front() } else { None };
        if let Some(start) = next {
            self.start(slot, start, turn);
        }
    }

    /// Ends all runs of a rule where they are, and forgets those that wait their turn.
    pub(super) fn end_runs(&mut self, slot: Slot, why: RunEnd, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed_mut(slot) else { return };
        armed.queue.clear();
        for run in std::mem::take(&mut armed.runs) {
            self.end_run(slot, run, why, turn);
        }
    }

    pub(super) const fn facts<'a>(&'a self, asking: Asking<'a>, turn: &Turn<'a>) -> Facts<'a> {
        Facts {
            home: turn.home,
            now: turn.now,
            lasting: &self.lasting,
            windows: &self.windows,
            calendars: &self.calendars,
            begun: &self.begun,
            asking,
        }
    }

    /// Runs a rule because another one wants it.
    pub(super) fn run_rule(&mut self, rule: &RuleId, cause: &Cause, run: RunId, turn: &mut Turn<'_>) {
        if let Some(slot) = self.by_id.get(rule).copied() {
            self.fire(slot, |rule| Spark { cause: after_run(cause, run, rule), trigger: None, body: None }, turn);
        }
    }

    /// Stops a rule that runs in a circle, and says so.
    fn pause(&mut self, slot: Slot, start: Start, turn: &mut Turn<'_>) {
        self.end_runs(slot, RunEnd::Paused, turn);
        self.revision += 1;
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let text = format!(
            "`{}` ran more than {MOST_STARTS} times in {} seconds, as if it set itself off. It is paused for {} minutes, \
             each time that it does; change it, or enable it anew, and it goes on at once.",
            armed.rule.name,
            WITHIN.as_secs(),
            RESTS.as_mins(),
        );
        armed.tell_of_rest("A rule was paused", text, &start, turn);
        let until = turn.now.saturating_add(RESTS).unwrap_or(turn.now);
        armed.paused = Some(self.timers.set(until, Alarm::Rested(slot)));
        self.skip(slot, start, (SkipReason::Paused, 1), turn);
    }

    /// Leaves out a run of a rule that was triggered far too often, but can't be the reason for that.
    fn leave_out(&mut self, slot: Slot, start: Start, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed_mut(slot) else { return };
        let text = format!(
            "`{}` was triggered more than {MOST_STARTS} times in {} seconds; what was more is left out.",
            armed.rule.name,
            WITHIN.as_secs()
        );
        armed.tell_of_rest("A rule runs too often", text, &start, turn);
        self.skip(slot, start, (SkipReason::Full, 1), turn);
    }

    /// A rule that was paused may run again.
    pub(super) fn unpause(&mut self, slot: Slot) {
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        armed.starts.clear();
        if let Some(alarm) = armed.paused.take() {
            self.timers.cancel(alarm);
        }
        self.revision += 1;
    }
}

impl Armed {
    /// Why its mode allows no further run; `None` where it does.
    fn drops(&self) -> Option<SkipReason> {
        match self.rule.mode {
            Mode::Single if !self.runs.is_empty() => Some(SkipReason::Running),
            Mode::Queued | Mode::Parallel if self.runs.len() + self.queue.len() >= self.rule.most => {
                Some(SkipReason::Full)
            }
            _ => None,
        }
    }

    /// Tells people of a rule that runs too often, once in a while.
    fn tell_of_rest(&mut self, title: &str, text: String, start: &Start, turn: &mut Turn<'_>) {
        if self.told_of_rest.is_some_and(|told| turn.now.duration_since(told) < TELL_OF_REST) {
            return;
        }
        self.told_of_rest = Some(turn.now);
        let notice = Notice::to_all(Severity::Warning, title, text);
        turn.effects.push(Effect::Notify { by: None, notice, cause: start.spark.cause.clone() });
    }

    /// Notes a start, unless there were too many of them lately.
    fn starts_in_time(&mut self, now: Timestamp) -> bool {
        while self.starts.front().is_some_and(|start| now.duration_since(*start) > WITHIN) {
            self.starts.pop_front();
        }
        let is_in_time = self.starts.len() < MOST_STARTS;
        if is_in_time {
            self.starts.push_back(now);
        }
        is_in_time
    }

    fn tell_of_depth(&mut self, cause: &Cause, turn: &mut Turn<'_>) {
        if self.told_of_depth.is_some_and(|told| turn.now.duration_since(told) < TELL_AGAIN) {
            return;
        }
        self.told_of_depth = Some(turn.now);
        let text = format!(
            "`{}` was set off through a chain of more than {} rules and scenes, and was not run. Look for rules that \
             set each other off.",
            self.rule.name,
            Cause::DEEPEST
        );
        let notice = Notice::to_all(Severity::Warning, "A chain of rules was cut", text);
        turn.effects.push(Effect::Notify { by: None, notice, cause: cause.clone() });
    }
}

impl Run {
    /// A branch has come to its end; whether the thread that waits for it may go on.
    fn is_joined(&mut self, parent: u32) -> bool {
        let Some(parent) = self.thread_mut(parent) else { return false };
        let Rest::Fork(left) = &mut parent.rest else { return false };
        *left = left.saturating_sub(1);
        let all = *left == 0;
        if all {
            parent.rest = Rest::None;
        }
        all
    }
}
