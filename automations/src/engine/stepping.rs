//! The steps of a run: what each does, and whether the run goes on.

use std::time::Duration;

use hub_model::{Notice, Path, RunEnd, RunStep, Severity, Trace, Value, run::Taken};

use super::{
    Effect, Engine, Pending, Turn,
    armed::Slot,
    effect::By,
    thread::{Rest, Run, Thread},
};
use crate::{
    plan::{Check, Nudge, Order, Step},
    rule::{OnFailure, Times},
};

/// What became of a thread when it went on.
pub(super) enum Progress {
    /// It waits.
    Waits,
    /// It goes on at these steps at the same time.
    Forks(Vec<usize>),
    /// It was a branch, and came to its end.
    Joins,
    /// It ended the run.
    Ends(RunEnd),
}

impl Engine {
    /// Takes the steps of a thread until one of them waits.
    pub(super) fn advance(
        &mut self,
        slot: Slot,
        run: &Run,
        thread: &mut Thread,
        left: &mut usize,
        turn: &mut Turn<'_>,
    ) -> Progress {
        let plan = run.plan.clone();
        while let Some(step) = plan.program.get(thread.at) {
            thread.at += 1;
            let size = if let Step::Control(orders) = step { orders.len().max(1) } else { 1 };
            let Some(rest) = left.checked_sub(size) else {
                return self.gives_up(slot, run, turn);
            };
            *left = rest;
            if let Some(progress) = self.take(slot, step, run, thread, turn) {
                return progress;
            }
        }
        Progress::Ends(RunEnd::Finished)
    }

    /// Takes one step; nothing where the thread goes on with the next one.
    fn take(
        &mut self,
        slot: Slot,
        step: &Step,
        run: &Run,
        thread: &mut Thread,
        turn: &mut Turn<'_>,
    ) -> Option<Progress> {
        match step {
            Step::Guard(guard) => thread.guard = *guard,
            Step::Jump(to) => thread.at = *to,
            Step::Loop(times) => thread.loops.push(*times),
            Step::Leave => drop(thread.loops.pop()),
            Step::Again { to, is_too_often } => {
                let times = thread.loops.last_mut()?;
                *times = times.saturating_sub(1);
                if *times > 0 {
                    thread.at = *to;
                } else if *is_too_often {
                    return Some(self.gives_up(slot, run, turn));
                }
            }
            Step::Unless(check, to) => {
                let part = self.facts(run.asking(), turn).look(check);
                if !part.holds {
                    thread.at = *to;
                }
                turn.step(run, Some(Duration::ZERO), Taken::Looked(part));
            }
            Step::Fork { branches, join } => {
                thread.at = *join;
                return Some(Progress::Forks(branches.clone()));
            }
            Step::Join => return Some(Progress::Joins),
            Step::Stop(why) => {
                turn.did(run, format!("stopped: {why}"));
                return Some(Progress::Ends(RunEnd::Stopped));
            }
            Step::Wait(span) => {
                let due = turn.now.checked_add(*span).ok();
                thread.rest = Rest::Span;
                self.wake_at(slot, run, thread, due);
                turn.step(run, None, Taken::Waited(*span));
                return Some(Progress::Waits);
            }
            Step::WaitUntil(check, at_most, late) => {
                return self.wait_until(slot, (check, *at_most, *late), run, thread, turn);
            }
            Step::Run(rule) => {
                turn.did(run, format!("runs the rule `{rule}`"));
                turn.pending.push_back(Pending::Run { rule: rule.clone(), cause: run.cause.clone(), run: run.id });
            }
            _ => return self.act(slot, step, run, thread, turn),
        }
        None
    }

    /// Takes a step that is felt outside.
    fn act(
        &mut self,
        slot: Slot,
        step: &Step,
        run: &Run,
        thread: &mut Thread,
        turn: &mut Turn<'_>,
    ) -> Option<Progress> {
        let by =
            By { rule: self.armed(slot)?.rule.id.value.clone(), run: run.id, cause: run.cause.clone(), deed: None };
        let control = |order| Effect::Control { by: by.clone(), order };
        let again = std::mem::take(&mut thread.again);
        let effects: Vec<_> = match step {
            _ if !again.is_empty() => again.into_iter().map(control).collect(),
            Step::Control(orders) => orders.iter().cloned().map(control).collect(),
            Step::Nudge(nudges) => nudges.iter().filter_map(|nudge| nudge.order(run, turn)).map(control).collect(),
            Step::Toggle(paths) => toggled(paths, turn).map(control).collect(),
            Step::Scene(scene) => vec![Effect::Scene { by: by.clone(), scene: *scene }],
            Step::Publish(message) => {
                turn.did(run, format!("published: {}", message.topic));
                vec![Effect::Publish { by: by.clone(), message: message.clone() }]
            }
            Step::Speak { room, text } => {
                vec![Effect::Speak { by: by.clone(), room: *room, text: turn.worded(run, text) }]
            }
            Step::Call(call) => {
                let body = turn.body(run, call);
                vec![Effect::Call { by: by.clone(), call: call.clone(), body }]
            }
            Step::Enable(rule, enabled) => {
                let what = if *enabled { "enables" } else { "disables" };
                turn.did(run, format!("{what} the rule `{rule}`"));
                vec![Effect::Enable { by: by.clone(), rule: rule.clone(), enabled: *enabled }]
            }
            Step::Notify(telling) => {
                let notice = turn.notice(run, telling);
                turn.did(run, format!("said: {}", notice.title));
                vec![Effect::Notify { by: Some(by.clone()), notice, cause: run.cause.clone() }]
            }
            _ => return None,
        };
        let guard = std::mem::take(&mut thread.guard);
        if guard == OnFailure::Continue || effects.is_empty() {
            turn.effects.extend(effects);
            return None;
        }
        self.await_deeds(slot, effects, guard, run, thread, turn);
        Some(Progress::Waits)
    }

    /// Waits until something holds; nothing where it does already.
    fn wait_until(
        &mut self,
        slot: Slot,
        (check, at_most, late): (&Check, Option<Duration>, usize),
        run: &Run,
        thread: &mut Thread,
        turn: &mut Turn<'_>,
    ) -> Option<Progress> {
        let until = if let Rest::Until(until) = std::mem::take(&mut thread.rest) {
            until
        } else {
            let part = self.facts(run.asking(), turn).look(check);
            turn.step(run, None, Taken::Looked(part));
            thread.is_kept = false;
            at_most.and_then(|most| turn.now.checked_add(most).ok())
        };
        let facts = self.facts(run.asking(), turn);
        let (holds, is_late) = (facts.holds(check), until.is_some_and(|until| until <= turn.now));
        if holds || is_late {
            let part = facts.look(check);
            turn.effects.push(Effect::Trace(Trace::Over(run.id, turn.now, Some(part))));
            if !holds {
                thread.at = late;
            }
            return None;
        }
        let wakes = [until, facts.turns_at(check)].into_iter().flatten().min();
        thread.rest = Rest::Until(until);
        thread.at -= 1;
        self.index.wait(check, run.thread_id(slot, thread));
        self.wake_at(slot, run, thread, wakes);
        Some(Progress::Waits)
    }

    /// A run that goes round and round ends, and people are told.
    fn gives_up(&self, slot: Slot, run: &Run, turn: &mut Turn<'_>) -> Progress {
        let name = self.armed(slot).map_or("", |armed| armed.rule.name.as_str());
        let text = format!(
            "`{name}` went round a loop more than {} times, or did far too much at once. The run was ended: look at \
             its `repeat`, and put a `wait` into it.",
            Times::MOST
        );
        let notice = Notice::to_all(Severity::Warning, "A rule went on and on", text);
        turn.effects.push(Effect::Notify { by: None, notice, cause: run.cause.clone() });
        Progress::Ends(RunEnd::TooLong)
    }
}

/// All become false where any is true.
fn toggled(paths: &[Path], turn: &Turn<'_>) -> impl Iterator<Item = Order> {
    let is_on = |path: &Path| turn.home.reading(path).is_some_and(|reading| reading.value == Value::Bool(true));
    let becomes = !paths.iter().any(is_on);
    let orders: Vec<_> = paths.iter().map(|path| Order::set(path, Value::Bool(becomes))).collect();
    orders.into_iter()
}

impl Nudge {
    /// What the endpoint is asked then; nothing where none of its numbers is known.
    fn order(&self, run: &Run, turn: &mut Turn<'_>) -> Option<Order> {
        let mut set = Vec::new();
        for (property, by, limits) in &self.by {
            let path =
                Path { device: self.target.device, endpoint: self.target.endpoint.clone(), property: property.clone() };
            let number = turn.home.reading(&path).and_then(|reading| reading.value.as_number());
            match number {
                Some(number) => {
                    set.push((property.clone(), Value::Number((number + by).clamp(limits.min, limits.max))));
                }
                None => turn.did(run, format!("{property} is not known, so that nothing can be added to it")),
            }
        }
        let Self { target, transition, .. } = self;
        (!set.is_empty()).then(|| Order { target: target.clone(), set, invoke: None, transition: *transition })
    }
}

impl Turn<'_> {
    /// Remembers a step; `took` is nothing while the run waits in it.
    pub(super) fn step(&mut self, run: &Run, took: Option<Duration>, what: Taken) {
        self.effects.push(Effect::Trace(Trace::Step(run.id, RunStep { at: self.now, took, what })));
    }

    /// Remembers a step that took no time.
    pub(super) fn did(&mut self, run: &Run, what: String) {
        self.step(run, Some(Duration::ZERO), Taken::Did(what));
    }
}
