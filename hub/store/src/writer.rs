//! The thread that owns both databases: what it does next, and what it does when a disk fails.
//!
//! Each database is a lane of its own. When one can't be written, its work goes back into the inbox and is tried again,
//! less and less often; the other lane, and everybody who hands work in, notices nothing.

mod answer;
mod journal;
mod lane;
mod purge;
mod rows;
mod state;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
    time::{Duration, Instant},
};

use hub_model::{Notice, Severity};
use tokio::sync::mpsc;

pub(crate) use self::{
    answer::{Request, Write},
    rows::series_id,
};
use self::{lane::Lane, purge::Purge, rows::HistoryLane, state::HubLane};
use crate::{
    Health, Options,
    database::{self, Safety},
    folder::Folder,
    inbox::{BATCH, Inbox, LINGER, Mailbox},
    vault::Vault,
};

/// How long a hub runs until its start counts as good; the copying is then in nobody's way.
const GOOD_START: Duration = Duration::from_secs(5);

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

    fn tell(&self, severity: Severity, title: &str, text: String) {
        let notice = Notice::to_all(severity, title, text);
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
