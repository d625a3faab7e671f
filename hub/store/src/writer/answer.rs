//! What callers ask of the thread, and the registry lane.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use super::Writer;
use crate::{
    Change, CommitError,
    database::{self, Safety, Trouble, transact},
    registry,
    vault::Seal,
};

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

impl Writer {
    /// Does what was asked, in its order; `false` when the end was asked for.
    pub(super) fn answer(&mut self, requests: VecDeque<Request>) -> bool {
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
    pub(super) fn commit(&mut self, commits: Vec<(Vec<Write>, Reply)>) {
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

    pub(super) fn commit_writes(&mut self, writes: &[Write]) -> Result<(), CommitError> {
        self.hub.trust(&self.folder);
        let done = transact(&mut self.hub.connection, Safety::Durable, |database| {
            writes.iter().try_for_each(|write| match write {
                Write::Change(change) => registry::apply(database, change),
                Write::Seal(seal) => seal.write(database),
            })
        });
        done.map_err(|error| {
            tracing::error!(%error, "The registry could not be written.");
            self.health().last_error = Some(format!("hub.db: {error}"));
            self.hub.suspect |= Trouble::of(&error) != Trouble::Full;
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

    /// Everything that waits, in a way that survives a power cut.
    pub(super) fn flush(&mut self) -> Result<(), CommitError> {
        let state = self.write_state(Safety::Durable).and_then(|()| database::sync(&self.hub.connection));
        let rows = self.write_rows(Safety::Durable).and_then(|()| database::sync(&self.history.connection));
        state.map_err(|error| CommitError::sql("hub.db", &error))?;
        rows.map_err(|error| CommitError::sql("history.db", &error))
    }
}
