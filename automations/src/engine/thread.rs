//! A run of a rule: a program, and the places in it at which it is. It is at one place, but for branches that go on at
//! the same time.

use std::{collections::BTreeMap, sync::Arc};

use hub_model::{Cause, Event, RunId};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{
    armed::RunNumber,
    check::Asking,
    effect::Deed,
    signal::Body,
    timers::{AlarmId, shifted},
};
use crate::{
    plan::{Order, Plan},
    rule::OnFailure,
};

/// A run of a rule.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) number: RunNumber,
    pub(super) id: RunId,
    /// Of what it does.
    pub(super) cause: Cause,
    /// As it was when the run began.
    pub(super) plan: Arc<Plan>,
    /// When the run before it began.
    pub(super) before: Option<Timestamp>,
    /// Which trigger began it.
    pub(super) trigger: Option<usize>,
    /// What the trigger was told.
    pub(super) body: Option<Body>,
    /// What happened then, where an event was the trigger.
    pub(super) event: Option<Arc<Event>>,
    /// What the entry is called, where one of a calendar was the trigger.
    pub(super) entry: Option<SmolStr>,
    pub(super) threads: Vec<Thread>,
    /// The number of the next thread.
    pub(super) next: u32,
}

/// A place at which a run is.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) number: u32,
    /// The thread that waits for this one.
    pub(super) parent: Option<u32>,
    /// The next step.
    pub(super) at: usize,
    /// How often the loops that it is in go round yet, the innermost last.
    pub(super) loops: Vec<u32>,
    /// What happens when the next step fails.
    pub(super) guard: OnFailure,
    /// How often the step was tried.
    pub(super) tries: u8,
    /// What of the next step has failed, and is asked again as it was: what was turned over or added to is not anew.
    pub(super) again: Vec<Order>,
    pub(super) rest: Rest,
    /// Whether what it waits for is from an earlier start, so that its end stays where it is when the clock is set.
    pub(super) is_kept: bool,
    /// What wakes it.
    pub(super) alarm: Option<AlarmId>,
}

/// What a thread waits for.
#[derive(Debug, Default)]
pub(super) enum Rest {
    /// Nothing: it goes on.
    #[default]
    None,
    /// A span to be over.
    Span,
    /// The condition of its next step, until then at the latest.
    Until(Option<Timestamp>),
    /// What becomes of what it asked for.
    Deeds(Deeds),
    /// The pause before another try.
    Pause(OnFailure),
    /// So many branches.
    Fork(usize),
}

/// Outcomes that a thread waits for.
#[derive(Debug)]
pub(super) struct Deeds {
    /// Those that have not come, with what was asked of an endpoint.
    pub(super) left: BTreeMap<Deed, Option<Order>>,
    /// Why the first that failed did.
    pub(super) failed: Option<String>,
    /// What was asked of endpoints and failed.
    pub(super) again: Vec<Order>,
    /// What happens then.
    pub(super) guard: OnFailure,
}

impl Run {
    pub(super) fn thread_mut(&mut self, number: u32) -> Option<&mut Thread> {
        self.threads.iter_mut().find(|thread| thread.number == number)
    }

    /// Adds a place at which the run is, and returns its number.
    pub(super) fn spawn(&mut self, at: usize, parent: Option<u32>) -> u32 {
        let number = self.next;
        self.next += 1;
        self.threads.push(Thread { parent, ..Thread::new(number, at) });
        number
    }

    pub(super) const fn asking(&self) -> Asking<'_> {
        Asking { before: self.before, trigger: self.trigger, body: self.body.as_ref() }
    }

    /// Moves all that waits for a span with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for thread in self.threads.iter_mut().filter(|thread| !thread.is_kept) {
            if let Rest::Until(Some(until)) = &mut thread.rest {
                *until = shifted(*until, by);
            }
        }
    }
}

impl Deeds {
    /// One of them came.
    pub(super) fn come(&mut self, deed: Deed, outcome: Result<(), String>) {
        let order = self.left.remove(&deed).flatten();
        if let Err(why) = outcome {
            self.failed.get_or_insert(why);
            self.again.extend(order);
        }
    }

    /// None of those that are left will come.
    pub(super) fn give_up(&mut self) {
        self.failed.get_or_insert_with(|| "nobody said what became of it".to_owned());
        self.again.extend(std::mem::take(&mut self.left).into_values().flatten());
    }
}

impl Thread {
    pub(super) const fn new(number: u32, at: usize) -> Self {
        Self {
            number,
            parent: None,
            at,
            loops: Vec::new(),
            guard: OnFailure::Continue,
            tries: 0,
            again: Vec::new(),
            rest: Rest::None,
            is_kept: false,
            alarm: None,
        }
    }
}
