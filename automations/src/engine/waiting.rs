//! What wakes a run that waits: time, a condition, or what became of what it asked for.

use std::collections::BTreeMap;

use hub_model::{RunEnd, Trace};
use jiff::{SignedDuration, Timestamp};

use super::{
    Effect, Engine, Turn,
    armed::{Slot, ThreadId},
    effect::{By, Deed},
    thread::{Deeds, Rest, Run, Thread},
    timers::Alarm,
};
use crate::{
    plan::{Order, Step},
    rule::OnFailure,
};

/// An outcome that has not come by then never will; it counts as a failure.
const LONGEST_DEED: SignedDuration = SignedDuration::from_mins(70);

impl Run {
    pub(super) const fn thread_id(&self, slot: Slot, thread: &Thread) -> ThreadId {
        ThreadId { slot, run: self.number, thread: thread.number }
    }
}

impl Engine {
    pub(super) fn wake_at(&mut self, slot: Slot, run: &Run, thread: &mut Thread, at: Option<Timestamp>) {
        let id = run.thread_id(slot, thread);
        thread.alarm = at.map(|at| self.timers.set(at, Alarm::Thread(id)));
    }

    /// Takes back what would wake a thread.
    pub(super) fn stop_waiting(&mut self, slot: Slot, run: &Run, thread: &mut Thread) {
        if let Some(alarm) = thread.alarm.take() {
            self.timers.cancel(alarm);
        }
        match &thread.rest {
            Rest::Until(_) => {
                if let Some(Step::WaitUntil(check, ..)) = run.plan.program.get(thread.at) {
                    self.index.stop_waiting(check, run.thread_id(slot, thread));
                }
            }
            Rest::Deeds(deeds) => {
                for deed in deeds.left.keys() {
                    self.deeds.remove(deed);
                }
            }
            Rest::None | Rest::Span | Rest::Pause(_) | Rest::Fork(_) => {}
        }
    }

    /// Asks for something, and waits for what becomes of it.
    pub(super) fn await_deeds(
        &mut self,
        slot: Slot,
        effects: Vec<Effect>,
        guard: OnFailure,
        run: &Run,
        thread: &mut Thread,
        turn: &mut Turn<'_>,
    ) {
        let mut left = BTreeMap::new();
        for mut effect in effects {
            let order = effect.order().cloned();
            if let Some(by) = effect.by_mut() {
                self.deed += 1;
                let deed = Deed(self.deed);
                by.deed = Some(deed);
                left.insert(deed, order);
                self.deeds.insert(deed, run.thread_id(slot, thread));
            }
            turn.effects.push(effect);
        }
        thread.rest = Rest::Deeds(Deeds { left, failed: None, again: Vec::new(), guard });
        self.wake_at(slot, run, thread, turn.now.checked_add(LONGEST_DEED).ok());
    }

    /// Wakes a thread: its span is over, or what it waits for may hold now.
    pub(super) fn wake(&mut self, id: ThreadId, turn: &mut Turn<'_>) {
        self.with_thread(id, turn, |thread, run, turn| {
            match std::mem::take(&mut thread.rest) {
                // The step looks for itself.
                rest @ Rest::Until(_) => thread.rest = rest,
                Rest::Deeds(mut deeds) => {
                    deeds.give_up();
                    thread.rest = Rest::Deeds(deeds);
                }
                Rest::Pause(guard) => thread.guard = guard,
                Rest::None | Rest::Fork(_) => {}
                Rest::Span => turn.effects.push(Effect::Trace(Trace::Over(run.id, turn.now, None))),
            }
        });
    }

    /// Something that a run waits for came to its end.
    pub(super) fn outcome(&mut self, deed: Deed, outcome: Result<(), String>, turn: &mut Turn<'_>) {
        let Some(id) = self.deeds.remove(&deed) else { return };
        let Some(armed) = self.armed_mut(id.slot) else { return };
        let Some(run) = armed.runs.iter_mut().find(|run| run.number == id.run) else { return };
        let Some(Thread { rest: Rest::Deeds(deeds), .. }) = run.thread_mut(id.thread) else { return };
        deeds.come(deed, outcome);
        if deeds.left.is_empty() {
            self.with_thread(id, turn, |_, _, _| {});
        }
    }

    /// Takes a thread out of its wait, and lets the run go on.
    fn with_thread(
        &mut self,
        id: ThreadId,
        turn: &mut Turn<'_>,
        change: impl FnOnce(&mut Thread, &Run, &mut Turn<'_>),
    ) {
        let slot = id.slot;
        let Some(armed) = self.armed_mut(slot) else { return };
        let Some(at) = armed.runs.iter().position(|run| run.number == id.run) else { return };
        let mut run = armed.runs.remove(at);
        let Some(at) = run.threads.iter().position(|thread| thread.number == id.thread) else {
            return self.put_back(slot, run, turn);
        };
        let mut thread = run.threads.remove(at);
        self.stop_waiting(slot, &run, &mut thread);
        change(&mut thread, &run, turn);
        let goes_on = self.judge(slot, &run, &mut thread, turn);
        let number = thread.number;
        run.threads.push(thread);
        match goes_on {
            Judged::GoesOn => {
                if let Some(start) = self.go_on(slot, run, number, turn) {
                    self.start(slot, start, turn);
                }
            }
            Judged::Waits => self.put_back(slot, run, turn),
            Judged::Ends => self.fail(slot, run, turn),
        }
    }

    /// A run waits. One whose rule was disabled meanwhile, by itself for one, ends where it would.
    pub(super) fn put_back(&mut self, slot: Slot, run: Run, turn: &mut Turn<'_>) {
        if self.armed(slot).is_some_and(|armed| !armed.rule.enabled) {
            return self.end_run(slot, run, RunEnd::RuleChanged, turn);
        }
        self.other_runs = true;
        if let Some(armed) = self.armed_mut(slot) {
            armed.runs.push(run);
        }
    }

    /// What follows from outcomes that a thread has waited for.
    fn judge(&mut self, slot: Slot, run: &Run, thread: &mut Thread, turn: &mut Turn<'_>) -> Judged {
        let Deeds { failed, again, guard, .. } = match std::mem::take(&mut thread.rest) {
            Rest::Deeds(deeds) => deeds,
            rest => {
                thread.rest = rest;
                return Judged::GoesOn;
            }
        };
        let Some(why) = failed else {
            thread.tries = 0;
            return Judged::GoesOn;
        };
        thread.tries += 1;
        if guard == OnFailure::Stop || thread.tries >= OnFailure::TRIES {
            turn.did(run, format!("failed: {why}"));
            return Judged::Ends;
        }
        turn.did(run, format!("failed, and is tried again: {why}"));
        let pause = OnFailure::PAUSE * 2_u32.pow(u32::from(thread.tries) - 1);
        thread.at -= 1;
        thread.again = again;
        thread.rest = Rest::Pause(guard);
        self.wake_at(slot, run, thread, turn.now.checked_add(pause).ok());
        Judged::Waits
    }
}

/// What a thread does when its outcomes are known.
enum Judged {
    GoesOn,
    Waits,
    Ends,
}

impl Effect {
    /// What it asks of an endpoint.
    const fn order(&self) -> Option<&Order> {
        if let Self::Control { order, .. } = self { Some(order) } else { None }
    }

    /// Who wants it, where its outcome can be waited for.
    const fn by_mut(&mut self) -> Option<&mut By> {
        match self {
            Self::Control { by, .. }
            | Self::Scene { by, .. }
            | Self::Publish { by, .. }
            | Self::Speak { by, .. }
            | Self::Call { by, .. } => Some(by),
            Self::Notify { .. } | Self::Enable { .. } | Self::Trace(_) => None,
        }
    }
}
