//! Runs of rules: they begin, act, wait and end.

use hub_model::{Cause, Notice, RuleId, RunId, Severity};
use jiff::{SignedDuration, Timestamp};

use super::{
    Dropped, Effect, Engine, Turn,
    armed::{Armed, Run, RunNumber, Slot},
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
    pub(super) fn fire(&mut self, slot: Slot, cause: impl FnOnce(&Rule) -> Cause, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed(slot) else { return };
        let Some(plan) = armed.plan.clone() else { return };
        let (id, cause) = (armed.rule.id.value.clone(), cause(&armed.rule));
        if !self.holds(&plan.condition, turn) {
            return;
        }
        let Some(armed) = self.armed_mut(slot) else { return };
        let why = if armed.paused {
            Some(Dropped::Paused)
        } else if cause.is_too_deep() {
            armed.tell_of_depth(&cause, turn);
            Some(Dropped::TooDeep)
        } else {
            armed.drops()
        };
        if let Some(why) = why {
            turn.effects.push(Effect::Dropped { rule: id, why });
            return;
        }
        if !armed.starts_in_time(turn.now) {
            self.pause(slot, &id, cause, turn);
            return;
        }
        match armed.rule.mode {
            Mode::Queued if !armed.runs.is_empty() => armed.queue.push_back(cause),
            Mode::Restart => {
                self.end_runs(slot);
                self.start(slot, cause, turn);
            }
            _ => self.start(slot, cause, turn),
        }
    }

    /// Begins a run, and those that waited for it where it ends at once.
    fn start(&mut self, slot: Slot, cause: Cause, turn: &mut Turn<'_>) {
        let mut next = Some(cause);
        while let Some(cause) = next.take() {
            let Some(plan) = self.armed(slot).and_then(|armed| armed.plan.clone()) else { return };
            self.runs += 1;
            // No clock and no chance: the epoch grows with every start of the hub, and the number within it.
            let id = RunId::named(&format!("rule-run/{}/{}", turn.home.cursor.epoch, self.runs));
            let run = Run { number: self.runs, id, cause, plan, at: 0, alarm: None, waits: false, until: None };
            next = self.go_on(slot, run, turn);
        }
    }

    /// Lets a run go on until it waits or ends; then it returns the cause of the run whose turn it is.
    fn go_on(&mut self, slot: Slot, mut run: Run, turn: &mut Turn<'_>) -> Option<Cause> {
        match self.advance(slot, &mut run, turn) {
            Progress::Waits => {
                self.armed_mut(slot)?.runs.push(run);
                None
            }
            Progress::Ended => {
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
        if let Some(cause) = self.go_on(slot, run, turn) {
            self.start(slot, cause, turn);
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
                }
                Step::Jump(to) => run.at = *to,
                Step::Unless(check, to) => {
                    if !self.holds(check, turn) {
                        run.at = *to;
                    }
                }
                Step::Wait(span) => {
                    self.wake_at(slot, run, turn.now.checked_add(*span).ok());
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
    fn is_over(&mut self, slot: Slot, run: &mut Run, check: &Check, until: Option<Timestamp>, turn: &Turn<'_>) -> bool {
        if !run.waits {
            run.until = until;
        }
        let facts = Facts { home: turn.home, now: turn.now, lasting: &self.lasting };
        let is_late = run.until.is_some_and(|until| until <= turn.now);
        run.waits = !is_late && !facts.holds(check);
        if !run.waits {
            run.until = None;
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
    pub(super) fn end_runs(&mut self, slot: Slot) {
        let Some(armed) = self.armed_mut(slot) else { return };
        armed.queue.clear();
        for mut run in std::mem::take(&mut armed.runs) {
            self.stop_waiting(slot, &mut run);
        }
    }

    fn holds(&self, check: &Check, turn: &Turn<'_>) -> bool {
        check.is_always() || Facts { home: turn.home, now: turn.now, lasting: &self.lasting }.holds(check)
    }

    /// Stops a rule that runs in a circle, and says so.
    fn pause(&mut self, slot: Slot, id: &RuleId, cause: Cause, turn: &mut Turn<'_>) {
        self.end_runs(slot);
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
        turn.effects.push(Effect::Notify { notice, cause });
        turn.effects.push(Effect::Dropped { rule: id.clone(), why: Dropped::Paused });
    }
}

impl Armed {
    /// Why its mode allows no further run; `None` where it does.
    fn drops(&self) -> Option<Dropped> {
        match self.rule.mode {
            Mode::Single if !self.runs.is_empty() => Some(Dropped::Running),
            Mode::Queued | Mode::Parallel if self.runs.len() + self.queue.len() >= Mode::MOST => Some(Dropped::Full),
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
