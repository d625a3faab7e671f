//! Runs of rules and scenes while they go on, the latest that ended, and how fast rules are. What is here is in the
//! journal too, which has all the older ones.

mod pace;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hub_model::{
    CommandKey, RunEnd, RunId, RunOf, RunRecord, RunStep, Trace,
    run::{Given, Taken},
};
use hub_store::{Entry, RunQuery, Store};
use jiff::Timestamp;
use tokio::sync::Notify;

pub use self::pace::Pace;
use self::pace::{COUNTED, Paces};

/// How many runs are followed at once. One more goes on unrecorded, which the log says.
const LIVE: usize = 4096;
/// How many that ended are at hand, for when the disk is slow; the oldest go, and stay in the journal.
const RECENT: usize = 512;
/// Of how many rules the latest trigger that came to nothing is remembered; beyond that all begin anew.
const STREAKS: usize = 4096;

/// The runs.
#[derive(Debug)]
pub struct Runs {
    store: Store,
    /// Runs that began before are in the journal only.
    since: Timestamp,
    board: Mutex<Board>,
    /// Whenever a run has ended.
    ends: Notify,
}

/// Why a run was not begun.
#[derive(Debug)]
pub enum NotBegun {
    /// Its key was used before, by this one.
    Known(Arc<RunRecord>),
    /// Too many runs go on.
    Full,
}

#[derive(Debug, Default)]
struct Board {
    live: HashMap<RunId, Live>,
    recent: VecDeque<Arc<RunRecord>>,
    /// The latest trigger of each rule that came to nothing, while nothing else of it came after.
    streaks: HashMap<RunOf, RunId>,
    paces: Paces,
}

/// A run that goes on.
#[derive(Debug)]
struct Live {
    record: RunRecord,
    /// Commands and scenes of it that have no outcome yet.
    awaited: usize,
}

/// A step whose outcome comes later. One that is dropped without it leaves none.
#[derive(Debug)]
pub struct OpenStep {
    runs: Arc<Runs>,
    run: RunId,
    /// Its place; nothing where the record is full.
    at: Option<usize>,
}

impl Runs {
    /// No runs yet, with a journal to keep them.
    pub fn new(store: Store) -> Self {
        Self { store, since: Timestamp::now(), board: Mutex::default(), ends: Notify::new() }
    }

    /// Takes in what a rule engine says.
    pub fn trace(&self, trace: Trace) {
        match trace {
            Trace::Began(record) if record.skipped().is_some() => self.skipped(*record),
            Trace::Began(record) => {
                if let Err(NotBegun::Full) = self.begin(*record) {
                    tracing::warn!("More runs go on than can be followed; this one is not recorded.");
                }
            }
            Trace::Step(run, step) => self.change(run, |live| {
                live.push(step);
            }),
            Trace::Over(run, at, part) => self.change(run, |live| live.step_over(at, part)),
            Trace::Ended(run, end) => self.end(run, end),
        }
    }

    /// A run begins, unless one with its key has begun before.
    pub fn begin(&self, record: RunRecord) -> Result<(), NotBegun> {
        let mut board = self.board();
        if let Some(known) = record.key.as_ref().and_then(|key| board.by_key(key)) {
            return Err(NotBegun::Known(known));
        }
        board.streaks.remove(&record.of);
        if board.live.len() >= LIVE {
            return Err(NotBegun::Full);
        }
        let begun = Arc::new(record.clone());
        board.live.insert(record.id, Live { record, awaited: 0 });
        drop(board);
        self.keep(begun);
        Ok(())
    }

    /// A run is at its end; it is over when its commands are.
    pub fn end(&self, run: RunId, end: RunEnd) {
        self.change(run, |live| live.record.end = Some(end));
    }

    /// A step begins whose outcome comes later.
    pub fn open(self: &Arc<Self>, run: RunId, what: Taken) -> Option<OpenStep> {
        let mut board = self.board();
        let live = board.live.get_mut(&run)?;
        live.awaited += 1;
        let at = live.push(RunStep { at: Timestamp::now(), took: None, what });
        Some(OpenStep { runs: Arc::clone(self), run, at })
    }

    /// A command of a run was handed to its device just now.
    pub fn handed_over(&self, run: RunId, now: Timestamp) {
        let mut board = self.board();
        let Some(Live { record, .. }) = board.live.get_mut(&run) else { return };
        let Some(trigger) = &record.trigger else { return };
        let waited = record.steps.iter().any(|step| step.took != Some(Duration::ZERO) && !step.what.is_command());
        if record.latency.is_some() || waited {
            return;
        }
        let latency = Duration::try_from(now.duration_since(trigger.due)).unwrap_or_default();
        record.latency = Some(latency);
        let of = record.of.clone();
        board.paces.add(of, latency);
    }

    /// How long a rule takes from what triggers it to its first command, also at earlier starts of the hub: these are
    /// read when it is first asked for.
    pub async fn pace(&self, of: &RunOf) -> Option<Pace> {
        let lacks_past = self.board().paces.lacks_past(of);
        if lacks_past {
            // Where history can't be read, what is at hand has to do.
            if let Ok(past) = self.store.latencies(of.clone(), self.since, COUNTED).await {
                self.board().paces.add_past(of.clone(), past);
            }
        }
        self.board().paces.of(of)
    }

    /// The run of that id, where it is at hand.
    pub fn get(&self, id: RunId) -> Option<Arc<RunRecord>> {
        let board = self.board();
        let live = board.live.get(&id).map(|live| Arc::new(live.record.clone()));
        live.or_else(|| board.recent.iter().rev().find(|record| record.id == id).cloned())
    }

    /// The run with a caller's mark, where it is at hand.
    pub fn by_key(&self, key: &CommandKey) -> Option<Arc<RunRecord>> {
        self.board().by_key(key)
    }

    /// The run of that id when it has ended, which is waited for; nothing where it is not at hand.
    pub async fn ended(&self, id: RunId) -> Option<Arc<RunRecord>> {
        loop {
            // Heard from before it is looked at, so that no end is missed in between.
            let ended = self.ends.notified();
            let run = self.get(id)?;
            if run.ended.is_some() || !self.board().live.contains_key(&id) {
                return Some(run);
            }
            ended.await;
        }
    }

    /// The runs at hand that a query asks for, in no order.
    pub fn at_hand(&self, query: &RunQuery) -> Vec<Arc<RunRecord>> {
        let wanted = |record: &RunRecord| {
            query.of.as_ref().is_none_or(|of| *of == record.of)
                && query.before.is_none_or(|before| record.began < before)
                && query.skipped.is_none_or(|skipped| skipped == record.skipped().is_some())
        };
        let board = self.board();
        let live = board.live.values().filter(|live| wanted(&live.record)).map(|live| Arc::new(live.record.clone()));
        live.chain(board.recent.iter().filter(|record| wanted(record)).cloned()).collect()
    }

    /// A trigger came to nothing. The same again in a row only counts; it is journaled anew whenever it has doubled.
    fn skipped(&self, record: RunRecord) {
        let mut board = self.board();
        let last = board.streaks.get(&record.of).copied();
        let last = last.and_then(|id| board.recent.iter_mut().rev().find(|known| known.id == id));
        if let Some(last) = last.filter(|last| is_alike(last, &record)) {
            let again = Arc::make_mut(last);
            let before = again.times;
            again.times = again.times.saturating_add(record.times);
            (again.ended, again.condition) = (record.ended, record.condition);
            let has_doubled = again.times.ilog2() > before.ilog2();
            let doubled = has_doubled.then(|| Arc::clone(last));
            drop(board);
            return doubled.into_iter().for_each(|record| self.keep(record));
        }
        if board.streaks.len() >= STREAKS {
            board.streaks.clear();
        }
        board.streaks.insert(record.of.clone(), record.id);
        let record = Arc::new(record);
        board.remember(Arc::clone(&record));
        drop(board);
        self.keep(record);
    }

    fn change(&self, run: RunId, change: impl FnOnce(&mut Live)) {
        let mut board = self.board();
        let Some(live) = board.live.get_mut(&run) else { return };
        change(live);
        if live.awaited > 0 || live.record.end.is_none() {
            return;
        }
        let Some(Live { mut record, .. }) = board.live.remove(&run) else { return };
        record.ended = Some(Timestamp::now());
        let record = Arc::new(record);
        board.remember(Arc::clone(&record));
        drop(board);
        self.keep(record);
        self.ends.notify_waiters();
    }

    fn keep(&self, record: Arc<RunRecord>) {
        self.store.journal(vec![Entry::Run(record)]);
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether two triggers came to nothing for the same reason.
fn is_alike(one: &RunRecord, other: &RunRecord) -> bool {
    let culprit = |record: &RunRecord| record.condition.as_ref().map(|condition| condition.culprit().text.clone());
    one.end == other.end && culprit(one) == culprit(other)
}

impl Board {
    fn by_key(&self, key: &CommandKey) -> Option<Arc<RunRecord>> {
        let has = |record: &RunRecord| record.key.as_ref() == Some(key);
        let live = self.live.values().find(|live| has(&live.record)).map(|live| Arc::new(live.record.clone()));
        live.or_else(|| self.recent.iter().rev().find(|record| has(record)).cloned())
    }

    fn remember(&mut self, record: Arc<RunRecord>) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(record);
    }
}

impl Live {
    /// Adds a step while there is room, and says where it is.
    fn push(&mut self, step: RunStep) -> Option<usize> {
        if self.record.steps.len() >= self.record.of.most_steps() {
            self.record.more_steps = self.record.more_steps.saturating_add(1);
            return None;
        }
        self.record.steps.push(step);
        Some(self.record.steps.len() - 1)
    }

    fn step_over(&mut self, at: Timestamp, part: Option<hub_model::run::Part>) {
        let Some(step) = self.record.steps.iter_mut().rev().find(|step| step.is_waiting()) else { return };
        step.took = Some(Duration::try_from(at.duration_since(step.at)).unwrap_or_default());
        if let (Taken::Looked(looked), Some(part)) = (&mut step.what, part) {
            *looked = part;
        }
    }
}

impl OpenStep {
    /// The outcome is there, or something of it; the step stays open until this is dropped.
    pub fn change_command(&self, change: impl FnOnce(&mut Given)) {
        self.change(|step| {
            if let Taken::Command(given) = &mut step.what {
                change(given);
            }
        });
    }

    /// Changes the step.
    pub fn change(&self, change: impl FnOnce(&mut RunStep)) {
        let Some(at) = self.at else { return };
        self.runs.change(self.run, |live| {
            if let Some(step) = live.record.steps.get_mut(at) {
                change(step);
            }
        });
    }
}

impl Drop for OpenStep {
    fn drop(&mut self) {
        let now = Timestamp::now();
        self.runs.change(self.run, |live| {
            live.awaited = live.awaited.saturating_sub(1);
            if let Some(step) = self.at.and_then(|at| live.record.steps.get_mut(at)) {
                step.took = Some(Duration::try_from(now.duration_since(step.at)).unwrap_or_default());
            }
        });
    }
}

#[cfg(test)]
mod tests;
