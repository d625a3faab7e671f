//! What waits to be written to the registry: one commit at a time, so that writes keep their order, and everything that
//! adapters changed meanwhile goes into one transaction.

use std::{collections::VecDeque, sync::Arc};

use hub_model::Author;
use hub_store::{Change, CommitError, Store};
use jiff::Timestamp;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    edit::{Edit, EditError, Edited, plan},
    state::{Dirty, State},
    version::versions_of,
};

/// Who waits for an edit.
pub type Reply = oneshot::Sender<Result<Edited, EditError>>;

/// An edit as it is written: what, and what to answer to whom.
type Planned = (Vec<Change>, Edited, Reply);

/// How many edits may wait. One more is answered with [`EditError::Busy`].
const WAITING: usize = 256;

/// An edit that waits for its turn. It is planned only then, so that it sees what the edits before it did.
#[derive(Debug)]
pub struct Job {
    /// What is wanted.
    pub edit: Edit,
    /// Who wants it.
    pub author: Author,
    /// Whom to answer when it is durable, or can't be had.
    pub reply: Reply,
}

/// The queue, and the commit that is on its way.
#[derive(Debug)]
pub struct Registrar {
    store: Store,
    waiting: VecDeque<Job>,
    writing: Option<(Writing, JoinHandle<Result<(), CommitError>>)>,
    /// Adapters' changes that could not be written are tried again, but not at once.
    not_before: Option<tokio::time::Instant>,
}

#[derive(Debug)]
enum Writing {
    Edit(Vec<Change>, Edited, Reply),
    Dirty(Dirty),
}

/// A commit that ended.
#[derive(Debug)]
pub enum Written {
    /// An edit is durable: bring it into the state, then answer.
    Edit(Vec<Change>, Edited, Reply),
    /// An edit failed, and was answered; or adapters' changes were written; or they will be tried again.
    Nothing,
}

impl Registrar {
    /// A registrar that writes to `store`.
    pub const fn new(store: Store) -> Self {
        Self { store, waiting: VecDeque::new(), writing: None, not_before: None }
    }

    /// Queues an edit.
    pub fn push(&mut self, job: Job) {
        if self.waiting.len() == WAITING {
            // Whoever asked may be gone.
            let _ = job.reply.send(Err(EditError::Busy));
        } else {
            self.waiting.push_back(job);
        }
    }

    /// Begins the next commit, if none is on its way and something waits.
    pub fn start(&mut self, state: &mut State) {
        if self.writing.is_some() {
            return;
        }
        let may_retry = self.not_before.is_none_or(|at| at <= tokio::time::Instant::now());
        let (writing, changes) = if may_retry && !state.dirty.is_empty() {
            let dirty = std::mem::take(&mut state.dirty);
            let changes = dirty.changes(state, Timestamp::now());
            (Writing::Dirty(dirty), changes)
        } else if let Some((changes, edited, reply)) = self.next_edit(state) {
            (Writing::Edit(changes.clone(), edited, reply), changes)
        } else {
            return;
        };
        let store = self.store.clone();
        self.writing = Some((writing, tokio::spawn(async move { store.commit(changes).await })));
    }

    /// The next edit that can be had; those before it that can't are answered.
    fn next_edit(&mut self, state: &State) -> Option<Planned> {
        while let Some(Job { edit, author, reply }) = self.waiting.pop_front() {
            let now = Timestamp::now();
            match plan(edit, &state.home, now) {
                Ok((mut changes, edited)) => {
                    changes.extend(versions_of(&changes, &state.home, &author, now));
                    return Some((changes, edited, reply));
                }
                // Whoever asked may be gone.
                Err(error) => drop(reply.send(Err(error))),
            }
        }
        None
    }

    /// Whether a commit is on its way.
    pub const fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// When [`Registrar::start`] should be called although nothing else happens.
    pub const fn wakes_at(&self) -> Option<tokio::time::Instant> {
        self.not_before
    }

    /// Waits for the commit that is on its way. Dropping the future loses nothing; pending for ever without one.
    pub async fn written(&mut self, dirty: &mut Dirty) -> Written {
        let Some((_, commit)) = self.writing.as_mut() else { return std::future::pending().await };
        let result = commit.await.expect("a commit does not panic");
        let Some((writing, _)) = self.writing.take() else { return Written::Nothing };
        self.not_before = None;
        match (writing, result) {
            (Writing::Edit(changes, edited, reply), Ok(())) => Written::Edit(changes, edited, reply),
            (Writing::Edit(_, _, reply), Err(error)) => {
                let _ = reply.send(Err(EditError::Store(error.to_string())));
                Written::Nothing
            }
            (Writing::Dirty(_), Ok(())) => Written::Nothing,
            (Writing::Dirty(unwritten), Err(error)) => {
                tracing::warn!(%error, "devices could not be written to the registry; trying again in 5 s");
                dirty.devices.extend(unwritten.devices);
                dirty.rooms.extend(unwritten.rooms);
                self.not_before = Some(tokio::time::Instant::now() + std::time::Duration::from_secs(5));
                Written::Nothing
            }
        }
    }
}

impl Dirty {
    /// Whether everything is written.
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty() && self.rooms.is_empty()
    }

    fn changes(&self, state: &State, now: Timestamp) -> Vec<Change> {
        let rooms = self.rooms.iter().filter_map(|id| state.home.rooms.get(id));
        let rooms = rooms.map(|room| Change::PutRoom(hub_model::Room::clone(room)));
        let devices = self.devices.iter().map(|id| match state.home.device(*id) {
            Some(known) => Change::PutDevice(Arc::clone(&known.device)),
            None => Change::RemoveDevice(*id, now),
        });
        rooms.chain(devices).collect()
    }
}
