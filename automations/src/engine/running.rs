//! Runs of rules: they begin, act, wait and end.

use std::time::Duration;

use hub_model::{
    Cause, Notice, RunEnd, RunId, RunOf, RunRecord, RunStep, Severity, SkipReason, Source, Trace, run::Taken,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Effect, Engine, Turn,
    armed::{Armed, Run, RunNumber, Slot, Spark, Start},
    check::Facts,
    timers::Alarm,
};
use crate::{
    plan::{Check, Step},
    rule::{Mode, Rule},
};

/// More starts of one rule than this within [`WITHIN`] are a circle through the physical world.
const MOST_STARTS: usize = 20;
const WITHIN: SignedDuration = SignedDuration::from_secs(10);
/// People are told of a chain that was cut once in this time for each rule.
const TELL_AGAIN: SignedDuration = SignedDuration::from_mins(10);

/// What became of a run when it went on.
enum Progress {
    Waits,
    Ended,
}

impl Engine {
    /// A rule was triggered: if its condition holds, it runs as its mode says.
    pub(super) fn fire(&mut self, slot: Slot, spark: impl FnOnce(&Rule) -> Spark, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed(slot) else { return };
        let Some(plan) = armed.plan.clone() else { return };
        let spark = spark(&armed.rule);
        let condition = (!plan.condition.is_always()).then(|| self.facts(turn).look(&plan.condition));
        let start = Start { spark, condition };
        if start.condition.as_ref().is_some_and(|condition| !condition.holds) {
            self.skip(slot, start, SkipReason::Condition, turn);
            return;
        }
        let Some(armed) = self.armed_mut(slot) else { return };
        let why = if armed.paused {
            Some(SkipReason::Paused)
        } else if start.spark.cause.is_too_deep() {
            armed.tell_of_depth(&start.spark.cause, turn);
            Some(SkipReason::TooDeep)
        } else {
            armed.drops()
        };
        if let Some(why) = why {
            self.skip(slot, start, why, turn);
            return;
        }
        if !armed.starts_in_time(turn.now) {
            self.pause(slot, start, turn);
            return;
        }
        match armed.rule.mode {
            Mode::Queued if !armed.runs.is_empty() => armed.queue.push_back(start),
            Mode::Restart => {
                self.end_runs(slot, RunEnd::Restarted, turn);
                self.start(slot, start, turn);
            }
            _ => self.start(slot, start, turn),
        }
    }

    /// Remembers that a trigger came to nothing.
    fn skip(&mut self, slot: Slot, start: Start, why: SkipReason, turn: &mut Turn<'_>) {
        if let Some((_, mut record)) = self.record(slot, start, turn) {
            record.end = Some(RunEnd::Skipped(why));
            record.ended = Some(turn.now);
            turn.effects.push(Effect::Trace(Trace::Began(record)));
        }
    }

    /// The record of a run that begins, or would have; its number names it.
    fn record(&mut self, slot: Slot, start: Start, turn: &Turn<'_>) -> Option<(RunNumber, Box<RunRecord>)> {
        let rule = self.armed(slot)?.rule.clone();
        self.runs += 1;
        // No clock and no chance: the epoch grows with every start of the hub, and the number within it.
        let id = RunId::named(&format!("rule-run/{}/{}", turn.home.cursor.epoch, self.runs));
        let Start { spark: Spark { cause, trigger }, condition } = start;
        let of = RunOf::Rule(rule.id.value.clone());
        let record = RunRecord::new(id, of, rule.name.clone(), turn.now, cause);
        Some((self.runs, Box::new(RunRecord { trigger: Some(trigger), condition, ..record })))
    }

    /// Begins a run, and those that waited for it where it ends at once.
    fn start(&mut self, slot: Slot, start: Start, turn: &mut Turn<'_>) {
        let mut next = Some(start);
        while let Some(start) = next.take() {
            let Some(plan) = self.armed(slot).and_then(|armed| armed.plan.clone()) else { return };
            let Some((number, record)) = self.record(slot, start, turn) else { return };
            let id = record.id;
            let cause = Cause { from: Some(Source::Run(id)), ..record.cause.clone() };
            turn.effects.push(Effect::Trace(Trace::Began(record)));
            let run = Run { number, id, cause, plan, at: 0, alarm: None, waits: false, until: None };
            next = self.go_on(slot, run, turn);
        }
    }

    /// Lets a run go on until it waits or ends; then it returns the run whose turn it is.
    fn go_on(&mut self, slot: Slot, mut run: Run, turn: &mut Turn<'_>) -> Option<Start> {
        match self.advance(slot, &mut run, turn) {
            Progress::Waits => {
                self.armed_mut(slot)?.runs.push(run);
                None
            }
            Progress::Ended => {
                turn.effects.push(Effect::Trace(Trace::Ended(run.id, RunEnd::Finished)));
                let armed = self.armed_mut(slot)?;
                if armed.runs.is_empty() { armed.queue.pop_front() } else { None }
            }
        }
    }

    /// Wakes a run: its span is over, or what it waits for may hold now.
    pub(super) fn wake(&mut self, slot: Slot, number: RunNumber, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed_mut(slot) else { return };
        let Some(at) = armed.runs.iter().position(|run| run.number == number) else { return };
        let mut run = armed.runs.remove(at);
        self.stop_waiting(slot, &mut run);
        if !run.waits {
            turn.effects.push(Effect::Trace(Trace::Over(run.id, turn.now, None)));
        }
        if let Some(start) = self.go_on(slot, run, turn) {
            self.start(slot, start, turn);
        }
    }

    /// Takes the steps of a run until one of them waits.
    fn advance(&mut self, slot: Slot, run: &mut Run, turn: &mut Turn<'_>) -> Progress {
        let plan = run.plan.clone();
        let Some(rule) = self.armed(slot).map(|armed| armed.rule.id.value.clone()) else { return Progress::Ended };
        while let Some(step) = plan.program.get(run.at) {
            run.at += 1;
            match step {
                Step::Control(orders) => turn.effects.extend(orders.iter().map(|order| Effect::Control {
                    rule: rule.clone(),
                    run: run.id,
                    order: order.clone(),
                    cause: run.cause.clone(),
                })),
                Step::Scene(scene) => {
                    let (rule, cause) = (rule.clone(), run.cause.clone());
                    turn.effects.push(Effect::Scene { rule, run: run.id, scene: *scene, cause });
                }
                Step::Notify(notice) => {
                    turn.effects.push(Effect::Notify { notice: notice.clone(), cause: run.cause.clone() });
                    turn.step(run.id, Some(Duration::ZERO), Taken::Did(format!("said: {}", notice.title)));
                }
                Step::Publish(message) => {
                    turn.effects.push(Effect::Publish { rule: rule.clone(), run: run.id, message: message.clone() });
                    turn.step(run.id, Some(Duration::ZERO), Taken::Did(format!("published: {}", message.topic)));
                }
                Step::Jump(to) => run.at = *to,
                Step::Unless(check, to) => {
                    let part = self.facts(turn).look(check);
                    if !part.holds {
                        run.at = *to;
                    }
                    turn.step(run.id, Some(Duration::ZERO), Taken::Looked(part));
                }
                Step::Wait(span) => {
                    self.wake_at(slot, run, turn.now.checked_add(*span).ok());
                    turn.step(run.id, None, Taken::Waited(*span));
                    return Progress::Waits;
                }
                Step::WaitUntil(check, at_most) => {
                    let until = at_most.and_then(|most| turn.now.checked_add(most).ok());
                    if !self.is_over(slot, run, check, until, turn) {
                        return Progress::Waits;
                    }
                }
            }
        }
        Progress::Ended
    }

    /// Whether a wait is over; if not, the run stays at its step, and will be woken. `until` is when a wait that
    /// begins now ends at the latest.
    fn is_over(
        &mut self,
        slot: Slot,
        run: &mut Run,
        check: &Check,
        until: Option<Timestamp>,
        turn: &mut Turn<'_>,
    ) -> bool {
        if !run.waits {
            run.until = until;
            let part = self.facts(turn).look(check);
            turn.step(run.id, None, Taken::Looked(part));
        }
        let facts = self.facts(turn);
        let is_late = run.until.is_some_and(|until| until <= turn.now);
        run.waits = !is_late && !facts.holds(check);
        if !run.waits {
            run.until = None;
            let part = facts.look(check);
            turn.effects.push(Effect::Trace(Trace::Over(run.id, turn.now, Some(part))));
            return true;
        }
        let turns = facts.turns_at(check);
        let wakes = [run.until, turns].into_iter().flatten().min();
        run.at -= 1;
        self.index.wait(check, slot, run.number);
        self.wake_at(slot, run, wakes);
        false
    }

    fn wake_at(&mut self, slot: Slot, run: &mut Run, at: Option<Timestamp>) {
        run.alarm = at.map(|at| self.timers.set(at, Alarm::Run { slot, run: run.number }));
    }

    /// Takes back what would wake a run.
    fn stop_waiting(&mut self, slot: Slot, run: &mut Run) {
        if let Some(alarm) = run.alarm.take() {
            self.timers.cancel(alarm);
        }
        if let (true, Some(Step::WaitUntil(check, _))) = (run.waits, run.plan.program.get(run.at)) {
            self.index.stop_waiting(check, slot, run.number);
        }
    }

    /// Ends all runs of a rule where they are, and forgets those that wait their turn.
    pub(super) fn end_runs(&mut self, slot: Slot, why: RunEnd, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed_mut(slot) else { return };
        armed.queue.clear();
        for mut run in std::mem::take(&mut armed.runs) {
            self.stop_waiting(slot, &mut run);
            turn.effects.push(Effect::Trace(Trace::Ended(run.id, why)));
        }
    }

    const fn facts<'a>(&'a self, turn: &Turn<'a>) -> Facts<'a> {
        Facts { home: turn.home, now: turn.now, lasting: &self.lasting }
    }

    /// Stops a rule that runs in a circle, and says so.
    fn pause(&mut self, slot: Slot, start: Start, turn: &mut Turn<'_>) {
        self.end_runs(slot, RunEnd::Paused, turn);
        self.revision += 1;
        let Some(armed) = self.armed_mut(slot) else { return };
        armed.paused = true;
        let text = format!(
            "`{}` ran more than {MOST_STARTS} times in {} seconds, as if it set itself off. It is paused until it is \
             changed or enabled anew.",
            armed.rule.name,
            WITHIN.as_secs()
        );
        let notice = Notice { severity: Severity::Warning, title: "A rule was paused".into(), text, to: Vec::new() };
        turn.effects.push(Effect::Notify { notice, cause: start.spark.cause.clone() });
        self.skip(slot, start, SkipReason::Paused, turn);
    }
}

impl Armed {
    /// Why its mode allows no further run; `None` where it does.
    fn drops(&self) -> Option<SkipReason> {
        match self.rule.mode {
            Mode::Single if !self.runs.is_empty() => Some(SkipReason::Running),
            Mode::Queued | Mode::Parallel if self.runs.len() + self.queue.len() >= Mode::MOST => Some(SkipReason::Full),
            _ => None,
        }
    }

    /// Notes a start, and returns whether there were not too many of them lately.
    fn starts_in_time(&mut self, now: Timestamp) -> bool {
        while self.starts.front().is_some_and(|start| now.duration_since(*start) > WITHIN) {
            self.starts.pop_front();
        }
        self.starts.push_back(now);
        self.starts.len() <= MOST_STARTS
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
        let title = "A chain of rules was cut".into();
        let notice = Notice { severity: Severity::Warning, title, text, to: Vec::new() };
        turn.effects.push(Effect::Notify { notice, cause: cause.clone() });
    }
}

impl Turn<'_> {
    /// Remembers a step; `took` is nothing while the run waits in it.
    fn step(&mut self, run: RunId, took: Option<Duration>, what: Taken) {
        self.effects.push(Effect::Trace(Trace::Step(run, RunStep { at: self.now, took, what })));
    }
}
