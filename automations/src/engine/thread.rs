//! A run of a rule: a program, and the places in it at which it is. It is at one place, but for branches that go on at
//! the same time.

use std::{collections::BTreeSet, sync::Arc};

use hub_model::{Cause, RunId};
use jiff::{SignedDuration, Timestamp};

use super::{
    armed::RunNumber,
    check::Asking,
    effect::Deed,
    signal::Body,
    timers::{AlarmId, shifted},
};
use crate::{plan::Plan, rule::OnFailure};

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
    pub(super) rest: Rest,
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
    Deeds { left: BTreeSet<Deed>, failed: Option<String>, guard: OnFailure },
    /// The pause before another try.
    Pause(OnFailure),
    /// So many branches.
    Fork(usize),
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
        for thread in &mut self.threads {
            if let Rest::Until(Some(until)) = &mut thread.rest {
                *until = shifted(*until, by);
            }
        }
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
            rest: Rest::None,
            alarm: None,
        }
    }
}
