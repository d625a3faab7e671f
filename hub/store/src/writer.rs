//! The thread that owns both databases: what it does next, and what it does when a disk fails.
//!
//! Each database is a lane of its own. When one can't be written, its work goes back into the inbox and is tried again,
//! less and less often; the other lane, and everybody who hands work in, notices nothing.

mod lane;
mod purge;
mod rows;
mod state;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
    time::{Duration, Instant},
};

use hub_model::{Notice, Severity};
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::rows::series_id;
use self::{lane::Lane, purge::Purge, rows::HistoryLane, state::HubLane};
use crate::{
    Change, CommitError, Health, Options,
    database::{self, Safety, Trouble, transact},
    folder::Folder,
    inbox::{BATCH, Inbox, LINGER, Mailbox},
    registry,
    vault::{Seal, Vault},
};

/// How long a hub runs until its start counts as good; the copying is then in nobody's way.
const GOOD_START: Duration = Duration::from_secs(5);

/// Where the answer goes.
type Reply = oneshot::Sender<Result<(), CommitError>>;

/// What a caller waits for.
#[derive(Debug)]
pub(crate) enum Request {
    /// These changes, all or none, durable.
    Commit(Vec<Write>, Reply),
    /// Everything that was journaled before, durable.
    Flush(Reply),
    /// Everything of history that was journaled before, where readers see it.
    Show(oneshot::Sender<()>),
    /// The end.
    Close,
}

/// One change of the registry lane.
#[derive(Debug)]
pub(crate) enum Write {
    /// To the registry.
    Change(Change),
    /// To secrets and notes.
    Seal(Seal),
}

/// The thread's own things.
pub(crate) struct Writer {
    mailbox: Arc<Mailbox>,
    health: Arc<Mutex<Health>>,
    /// Bounded; when it is full a warning is dropped, as it is in the log too.
    warnings: mpsc::Sender<Notice>,
    vault: Vault,
    options: Options,
    hub: HubLane,
    history: HistoryLane,
    purge: Purge,
    warned_of_drops: bool,
    /// When `hub.db.good` is replaced after the start. Not after one that had to repair, as it may be the better one.
    good_copy_due: Option<Instant>,
    /// Last, so that the folder is free only when the databases are closed.
    folder: Folder,
}

/// What a writer is made of.
pub(crate) struct Parts {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) health: Arc<Mutex<Health>>,
    pub(crate) warnings: mpsc::Sender<Notice>,
    pub(crate) vault: Vault,
    pub(crate) options: Options,
    pub(crate) hub: rusqlite::Connection,
    pub(crate) history: rusqlite::Connection,
    pub(crate) folder: Folder,
    /// Whether this start was a good one.
    pub(crate) copy_at_start: bool,
}

/// Tells everybody who asks from now on that nobody listens, also when the thread panics.
struct Closing(Arc<Mailbox>);

impl Drop for Closing {
    fn drop(&mut self) {
        let mut inbox = self.0.lock();
        inbox.closed = true;
        inbox.requests.clear();
    }
}

impl Writer {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { mailbox, health, warnings, vault, options, hub, history, folder, copy_at_start } = parts;
        let (hub, history) = (HubLane::new(hub), HistoryLane::new(history));
        let good_copy_due = copy_at_start.then(|| Instant::now() + GOOD_START);
        let purge = Purge::new(options.keep);
        Self {
            mailbox,
            health,
            warnings,
            vault,
            options,
            hub,
            history,
            purge,
            warned_of_drops: false,
            good_copy_due,
            folder,
        }
    }

    /// Grows when another file takes the place of `history.db`.
    pub(crate) fn history_file_number(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.history.file_number)
    }

    /// Works until it is asked to close.
    pub(crate) fn run(mut self) {
        let closing = Closing(Arc::clone(&self.mailbox));
        while self.turn() {}
        self.end();
        // The databases are closed and the folder is free before anybody learns that this is over.
        drop(self);
        drop(closing);
    }

    /// One round: what was asked, then what is due. `false` at the end.
    fn turn(&mut self) -> bool {
        let requests = {
            let (hub, history, flush) = (&self.hub.lane, &self.history.lane, self.options.flush);
            let upkeep = self.good_copy_due.unwrap_or(self.purge.due()).min(self.purge.due());
            self.mailbox.wait(|inbox| {
                let state = state_due(inbox, hub);
                let rows = rows_due(inbox, history, flush);
                [state, rows].into_iter().flatten().fold(upkeep, Instant::min)
            })
        };
        if !self.answer(requests) {
            return false;
        }
        self.write_state_if_due();
        let now = Instant::now();
        let rows = rows_due(&self.mailbox.lock(), &self.history.lane, self.options.flush);
        if rows.is_some_and(|due| due <= now) {
            let _ = self.write_batch(Safety::Journal);
        } else if self.good_copy_due.is_some_and(|due| due <= now) {
            self.good_copy_due = None;
            self.keep_good_copy();
        } else if self.purge.due() <= now {
            self.purge_slice();
        }
        true
    }

    fn answer(&mut self, requests: VecDeque<Request>) -> bool {
        let mut commits = Vec::new();
        let mut open = true;
        for request in requests {
            match request {
                Request::Commit(writes, reply) => commits.push((writes, reply)),
                Request::Flush(reply) => {
                    self.commit(std::mem::take(&mut commits));
                    let _ = reply.send(self.flush());
                }
                Request::Show(reply) => {
                    // A disk that fails has its own times to be tried again; until then readers see what is there.
                    if !self.history.lane.is_failing() {
                        let _ = self.write_rows(Safety::Journal);
                    }
                    let _ = reply.send(());
                }
                Request::Close => open = false,
            }
        }
        self.commit(commits);
        open
    }

    /// Commits that wait together share one transaction, and so one wait for the disk.
    fn commit(&mut self, commits: Vec<(Vec<Write>, Reply)>) {
        if commits.is_empty() {
            return;
        }
        let mut writes = Vec::new();
        let mut replies = Vec::new();
        for (more, reply) in commits {
            writes.extend(more);
            replies.push(reply);
        }
        // A device that goes must not come back in part through readings from before.
        if writes.iter().any(|write| matches!(write, Write::Change(Change::RemoveDevice(..)))) {
            let _ = self.write_state(Safety::Journal);
        }
        let result = self.commit_writes(&writes);
        if result.is_ok() {
            self.health().commits += replies.len() as u64;
            writes.into_iter().for_each(|write| self.remember(write));
        }
        for reply in replies {
            let _ = reply.send(result.clone());
        }
    }

    fn commit_writes(&mut self, writes: &[Write]) -> Result<(), CommitError> {
        let done = transact(&mut self.hub.connection, Safety::Durable, |database| {
            writes.iter().try_for_each(|write| match write {
                Write::Change(change) => registry::apply(database, change),
                Write::Seal(seal) => seal.write(database),
            })
        });
        done.map_err(|error| {
            tracing::error!(%error, "The registry could not be written.");
            self.health().last_error = Some(format!("hub.db: {error}"));
            CommitError::sql("hub.db", &error)
        })
    }

    fn remember(&mut self, write: Write) {
        match write {
            Write::Change(Change::RemoveDevice(id, _)) => self.hub.forget(id),
            Write::Change(_) => {}
            Write::Seal(seal) => self.vault.apply(seal),
        }
    }

    fn flush(&mut self) -> Result<(), CommitError> {
        let state = self.write_state(Safety::Durable).and_then(|()| database::sync(&self.hub.connection));
        let rows = self.write_rows(Safety::Durable).and_then(|()| database::sync(&self.history.connection));
        state.map_err(|error| CommitError::sql("hub.db", &error))?;
        rows.map_err(|error| CommitError::sql("history.db", &error))
    }

    fn write_state_if_due(&mut self) {
        let due = state_due(&self.mailbox.lock(), &self.hub.lane);
        if due.is_some_and(|due| due <= Instant::now()) {
            // A failure is handled there, and the state is back in the inbox.
            let _ = self.write_state(Safety::Journal);
        }
    }

    fn write_state(&mut self, safety: Safety) -> rusqlite::Result<()> {
        let state = self.mailbox.lock().take_state();
        if state.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        let done = self.hub.write(&state, safety);
        match &done {
            Ok(()) => {
                self.hub.lane.works();
                let mut health = self.health();
                health.state_stopped = false;
                health.state_written += state.readings.len() as u64;
            }
            Err(error) => {
                self.mailbox.lock().put_back_state(state, now);
                self.state_failed(error, now);
            }
        }
        done
    }

    fn state_failed(&mut self, error: &rusqlite::Error, now: Instant) {
        {
            let mut health = self.health();
            health.state_stopped = true;
            health.last_error = Some(format!("hub.db: {error}"));
        }
        if self.hub.lane.fails(now) {
            tracing::error!(%error, "The current state can't be written; it is kept in memory.");
            self.warn(
                "The hub can't save its state",
                format!("{error}. The last values are kept in memory until it can."),
            );
        }
        if !matches!(Trouble::of(error), Trouble::Full) {
            self.hub.reopen(&self.folder);
        }
    }

    /// Everything that waits, batch by batch.
    fn write_rows(&mut self, safety: Safety) -> rusqlite::Result<()> {
        // What is handed in meanwhile is not waited for, or a busy home would never let go.
        let batches = self.mailbox.lock().rows.len().div_ceil(BATCH);
        (0..batches).try_for_each(|_| {
            self.write_state_if_due();
            self.write_batch(safety)
        })
    }

    fn write_batch(&mut self, safety: Safety) -> rusqlite::Result<()> {
        let rows = self.mailbox.lock().take_rows();
        if rows.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        let done = self.history.write(&rows, safety);
        match &done {
            Ok(()) => {
                if self.history.lane.works() {
                    tracing::info!("History is written again.");
                }
                let mut health = self.health();
                health.history_stopped = false;
                health.history_written += rows.len() as u64;
            }
            Err(error) => {
                self.mailbox.lock().put_back_rows(rows, now);
                self.rows_failed(error, now);
            }
        }
        self.warn_of_drops();
        done
    }

    fn rows_failed(&mut self, error: &rusqlite::Error, now: Instant) {
        {
            let mut health = self.health();
            health.history_stopped = true;
            health.last_error = Some(format!("history.db: {error}"));
        }
        if self.history.lane.fails(now) {
            tracing::error!(%error, "History can't be written; it waits in memory.");
            self.warn(
                "History has stopped",
                format!("history.db: {error}. It goes on by itself when the disk allows it."),
            );
        }
        match Trouble::of(error) {
            Trouble::Full => {}
            Trouble::Damaged => {
                if let Some(notice) = self.history.start_anew(&self.folder) {
                    let _ = self.warnings.try_send(notice);
                }
            }
            Trouble::ReadOnly | Trouble::Failed => self.history.reopen(&self.folder),
        }
    }

    fn warn_of_drops(&mut self) {
        let dropped = self.mailbox.lock().dropped;
        if dropped > 0 && !self.warned_of_drops {
            self.warned_of_drops = true;
            self.warn(
                "History has gaps",
                "The disk could not keep up, so that the oldest waiting rows were dropped.".into(),
            );
        }
    }

    fn purge_slice(&mut self) {
        let done = self.purge.slice(&mut self.history.connection, jiff::Timestamp::now(), Instant::now());
        if let Err(error) = done {
            tracing::warn!(%error, "Old history could not be removed; it is tried again later.");
        }
        let oldest = self.purge.oldest_command(jiff::Timestamp::now());
        if let Err(error) = self.hub.purge_commands(oldest) {
            tracing::warn!(%error, "Old command keys could not be removed; it is tried again later.");
        }
    }

    fn keep_good_copy(&self) {
        if let Err(error) = crate::backup::keep_good_copy(&self.hub.connection, &self.folder) {
            tracing::warn!(%error, "No good copy of hub.db could be kept.");
        }
    }

    /// A clean stop: everything written, the logs of both databases folded in.
    fn end(&mut self) {
        let flushed = self.flush();
        let settled = database::settle(&self.hub.connection).and_then(|()| database::settle(&self.history.connection));
        match (flushed, settled) {
            (Ok(()), Ok(())) => self.keep_good_copy(),
            (Err(error), _) => tracing::error!(%error, "Not everything could be written at the end."),
            (_, Err(error)) => tracing::warn!(%error, "The databases could not be folded at the end; nothing is lost."),
        }
    }

    fn warn(&self, title: &str, text: String) {
        let notice = Notice { severity: Severity::Warning, title: title.to_owned(), text, to: Vec::new() };
        let _ = self.warnings.try_send(notice);
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn state_due(inbox: &Inbox, lane: &Lane) -> Option<Instant> {
    inbox.state_since.map(|since| lane.not_before(since + LINGER))
}

fn rows_due(inbox: &Inbox, lane: &Lane, flush: Duration) -> Option<Instant> {
    let patience = if inbox.rows.len() >= BATCH { Duration::ZERO } else { flush };
    inbox.rows_since.map(|since| lane.not_before(since + patience))
}
