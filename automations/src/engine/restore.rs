//! Runs that wait, and those that wait their turn behind them, as they are kept while the hub does not run, so that
//! "off in ten minutes" really comes.

use std::sync::Arc;

use hub_model::{
    Cause, Event, RuleId, RunId, Trace,
    run::{Part, Trigger},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use smol_str::SmolStr;

use super::{
    Effect, Engine, Turn,
    armed::{Armed, Slot, Spark, Start},
    signal::Body,
    thread::{Rest, Run, Thread},
    timers::Alarm,
};
use crate::{
    plan::Order,
    rule::{AfterRestart, Mode, OnFailure},
};

/// A run that waits, or one that waits its turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Its rule.
    pub rule: RuleId,
    /// What tells this program from every other.
    print: u64,
    cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trigger: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Arc<Event>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<SmolStr>,
    /// Where it is; nowhere yet while it waits its turn.
    threads: Vec<KeptThread>,
    /// What set it off, while it waits its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn: Option<Box<KeptStart>>,
}

/// What a run begins with when its turn comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptStart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trigger: Option<Trigger>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    condition: Option<Part>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptThread {
    number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<u32>,
    at: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    loops: Vec<u32>,
    #[serde(default)]
    guard: OnFailure,
    #[serde(default)]
    tries: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    again: Vec<Order>,
    rest: KeptRest,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptRest {
    /// Until then.
    Span(Timestamp),
    /// Until its condition holds, or until then.
    Until(Option<Timestamp>),
    /// For so many branches.
    Fork(usize),
    /// For outcomes that nobody will tell any more; it goes on without them.
    Deeds,
    /// Until then, to try again.
    Pause(Timestamp),
}

impl Kept {
    /// The same, as if its trigger had been told nothing.
    pub fn without_body(self) -> Self {
        Self { body: None, ..self }
    }
}

impl Engine {
    /// The runs that wait, where they are others than when last asked. Of rules that drop them, none.
    pub fn waiting_runs(&mut self) -> Option<Vec<Kept>> {
        if !std::mem::take(&mut self.other_runs) {
            return None;
        }
        let resuming = self.slots.iter().flatten().filter(|armed| armed.rule.after_restart == AfterRestart::Resume);
        let kept = resuming.flat_map(|armed| {
            let queued = armed.queue.iter().filter_map(|start| kept_start(armed, start));
            armed.runs.iter().map(|run| self.kept(armed, run)).chain(queued)
        });
        Some(kept.chain(self.unplanned.iter().cloned()).collect())
    }

    fn kept(&self, armed: &Armed, run: &Run) -> Kept {
        Kept {
            rule: armed.rule.id.value.clone(),
            print: run.plan.print(),
            cause: run.cause.clone(),
            before: run.before,
            trigger: run.trigger,
            body: run.body.as_ref().map(|body| (*body.0).clone()),
            event: run.event.clone(),
            entry: run.entry.clone(),
            threads: run.threads.iter().map(|thread| self.kept_thread(thread)).collect(),
            turn: None,
        }
    }

    fn kept_thread(&self, thread: &Thread) -> KeptThread {
        let due = || thread.alarm.and_then(|alarm| self.timers.due(alarm)).unwrap_or(Timestamp::UNIX_EPOCH);
        let rest = match &thread.rest {
            Rest::None | Rest::Span => KeptRest::Span(due()),
            Rest::Until(until) => KeptRest::Until(*until),
            Rest::Fork(left) => KeptRest::Fork(*left),
            Rest::Deeds(_) => KeptRest::Deeds,
            Rest::Pause(_) => KeptRest::Pause(due()),
        };
        let guard = if let Rest::Pause(guard) = thread.rest { guard } else { thread.guard };
        let Thread { number, parent, at, loops, tries, again, .. } = thread;
        let (loops, again) = (loops.clone(), again.clone());
        KeptThread { number: *number, parent: *parent, at: *at, loops, guard, tries: *tries, again, rest }
    }

    /// Goes on with runs that waited when the hub ended, where their rule still does the same. What was due meanwhile
    /// is done now.
    pub(super) fn restore(&mut self, kept: Vec<Kept>, turn: &mut Turn<'_>) {
        for kept in kept {
            let Some(slot) = self.by_id.get(&kept.rule).copied() else { continue };
            let Some(armed) = self.armed(slot) else { continue };
            if armed.plan.is_none() {
                self.unplanned.push(kept);
                self.other_runs = true;
                continue;
            }
            let goes_on = armed.rule.enabled
                && armed.rule.after_restart == AfterRestart::Resume
                && armed.runs.len() + armed.queue.len() < armed.rule.most
                && armed.plan.as_deref().is_some_and(|plan| plan.print() == kept.print);
            match kept.turn {
                _ if !goes_on => {}
                Some(_) => self.resume_turn(slot, kept, turn),
                None => self.resume_run(slot, kept, turn),
            }
        }
    }

    /// Goes on with runs whose rule had no plan before, and may have one now.
    pub(super) fn restore_unplanned(&mut self, turn: &mut Turn<'_>) {
        let kept = std::mem::take(&mut self.unplanned);
        self.restore(kept, turn);
    }

    /// Lets a run wait its turn again. It is its turn where none of those before it goes on.
    fn resume_turn(&mut self, slot: Slot, kept: Kept, turn: &mut Turn<'_>) {
        let Kept { cause, body, turn: Some(start), .. } = kept else { return };
        let KeptStart { trigger, condition } = *start;
        let spark = Spark { cause, trigger, body: body.map(|body| Body(body.into())) };
        let Some(armed) = self.armed_mut(slot).filter(|armed| armed.rule.mode == Mode::Queued) else { return };
        let start = Start { spark, condition };
        if armed.runs.is_empty() {
            self.start(slot, start, turn);
        } else {
            armed.queue.push_back(start);
            self.other_runs = true;
        }
    }

    fn resume_run(&mut self, slot: Slot, kept: Kept, turn: &mut Turn<'_>) {
        let Some(plan) = self.armed(slot).and_then(|armed| armed.plan.clone()) else { return };
        let Kept { cause, before, trigger, body, event, entry, threads, .. } = kept;
        let spark = Spark { cause: cause.clone(), trigger: None, body: None };
        let Some((number, record)) = self.record(slot, Start { spark, condition: None }, turn) else { return };
        let id: RunId = record.id;
        turn.effects.push(Effect::Trace(Trace::Began(record)));
        let body = body.map(|body| Body(body.into()));
        let next = threads.iter().map(|thread| thread.number.saturating_add(1)).max().unwrap_or(0);
        let mut run = Run { number, id, cause, plan, before, trigger, body, event, entry, threads: Vec::new(), next };
        turn.did(&run, "goes on after the hub has started again".into());
        for kept in threads {
            let mut thread = Thread {
                parent: kept.parent,
                loops: kept.loops,
                tries: kept.tries,
                again: kept.again,
                guard: OnFailure::Continue,
                is_kept: true,
                ..Thread::new(kept.number, kept.at)
            };
            let (rest, due) = match kept.rest {
                KeptRest::Span(due) => (Rest::Span, Some(due)),
                KeptRest::Deeds => (Rest::Span, Some(turn.now)),
                KeptRest::Until(until) => (Rest::Until(until), Some(turn.now)),
                KeptRest::Pause(due) => (Rest::Pause(kept.guard), Some(due)),
                KeptRest::Fork(left) => (Rest::Fork(left), None),
            };
            thread.rest = rest;
            let id = run.thread_id(slot, &thread);
            thread.alarm = due.map(|due| self.timers.set_fixed(due.max(turn.now), Alarm::Thread(id)));
            run.threads.push(thread);
        }
        self.other_runs = true;
        if let Some(armed) = self.armed_mut(slot) {
            armed.runs.push(run);
        }
    }
}

fn kept_start(armed: &Armed, Start { spark, condition }: &Start) -> Option<Kept> {
    let trigger = spark.trigger.clone();
    Some(Kept {
        rule: armed.rule.id.value.clone(),
        print: armed.plan.as_deref()?.print(),
        cause: spark.cause.clone(),
        before: None,
        trigger: None,
        body: spark.body.as_ref().map(|body| (*body.0).clone()),
        event: None,
        entry: None,
        threads: Vec::new(),
        turn: Some(Box::new(KeptStart { trigger, condition: condition.clone() })),
    })
}
