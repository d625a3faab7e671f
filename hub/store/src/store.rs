//! The handle to a running store: what the rest of the hub calls.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use hub_model::{AdapterName, CommandId, CommandKey, Path, RunId, RunOf, RunRecord, Version};
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::{
    BackupError, Change, ChangeOfValue, CommitError, Entry, Health, HistoryQuery, KnownCommand, LogLine, LogQuery,
    Point, ReadError, Replay, ReplayQuery, RunQuery, SecretError, backup,
    commands::KnownCommands,
    history::{self, Readers},
    inbox::Mailbox,
    log, runs,
    vault::{Seal, Vault},
    versions,
    writer::{Request, Write},
};

/// A handle to the store. Cheap to clone; when the last one is dropped, the store ends as with [`Store::close`], and the
/// dropping waits for it.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("folder", &self.shared.folder).finish_non_exhaustive()
    }
}

/// What all handles share.
pub(crate) struct Shared {
    folder: PathBuf,
    mailbox: Arc<Mailbox>,
    health: Arc<Mutex<Health>>,
    vault: Vault,
    readers: Arc<Readers>,
    /// Of `hub.db`, for what is too much to be held in memory.
    hub_readers: Arc<Readers>,
    commands: Mutex<KnownCommands>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Shared {
    pub(crate) fn new(
        folder: PathBuf,
        mailbox: Arc<Mailbox>,
        health: Arc<Mutex<Health>>,
        vault: Vault,
        (readers, hub_readers): (Arc<Readers>, Arc<Readers>),
        commands: KnownCommands,
        thread: JoinHandle<()>,
    ) -> Self {
        let (commands, thread) = (Mutex::new(commands), Mutex::new(Some(thread)));
        Self { folder, mailbox, health, vault, readers, hub_readers, commands, thread }
    }

    /// Asks the thread to end and waits for it.
    fn end(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        // Where nobody listens any more, the thread has ended already.
        let _ = self.mailbox.ask(Request::Close);
        if thread.join().is_err() {
            tracing::error!("The store's thread had panicked; what waited in memory is lost.");
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.end();
    }
}

impl Store {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Makes these changes as one: all of them are on the disk when this resolves, or none. Once it has been polled, the
    /// changes are made even if the future is dropped.
    pub async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.write(changes.into_iter().map(Write::Change).collect()).await
    }

    /// Takes entries in. It never blocks and never fails: of the state, the last value of every path is kept until it is
    /// written; of history, the oldest of 262,144 waiting rows go when the disk can't keep up, counted in [`Health`].
    pub fn journal(&self, entries: Vec<Entry>) {
        self.know_commands(&entries);
        self.shared.mailbox.put(entries);
    }

    /// Resolves when everything that was journaled before is on the disk. On an error, all of it is still in memory.
    pub async fn flush(&self) -> Result<(), CommitError> {
        let (reply, answer) = oneshot::channel();
        self.shared.mailbox.ask(Request::Flush(reply)).map_err(|_| CommitError::Closed)?;
        answer.await.map_err(|_| CommitError::Closed)?
    }

    /// Reads history, thinned to at most `points`, with everything that was journaled before. Where `from` is not before
    /// `to`, there is none. Dropping the future is harmless.
    pub async fn history(&self, query: HistoryQuery) -> Result<Vec<Point>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).history(query).await
    }

    /// Reads the log, the newest first, with everything that was journaled before. Dropping the future is harmless.
    pub async fn log(&self, query: LogQuery) -> Result<Vec<LogLine>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).log(query).await
    }

    /// Goes through a part of the past in the order of time, with everything that was journaled before. It is read as it is
    /// taken; two can be read at once, and more wait.
    pub async fn replay(&self, query: ReplayQuery) -> Result<Replay, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).replay(query).await
    }

    /// The last change of a property until a moment, with everything that was journaled before.
    pub async fn last_change(&self, path: Path, until: Timestamp) -> Result<Option<ChangeOfValue>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| history::last_change(database, &path, until)).await
    }

    /// The line of a command in the log, if it has ended and is still kept.
    pub async fn command(&self, id: CommandId) -> Result<Option<LogLine>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| log::command(database, id)).await
    }

    /// Reads runs of rules and scenes, the newest first, with everything that was journaled before. Dropping the future
    /// is harmless.
    pub async fn runs(&self, query: RunQuery) -> Result<Vec<RunRecord>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| runs::read(database, &query)).await
    }

    /// The run of that id, if it is still kept.
    pub async fn run(&self, id: RunId) -> Result<Option<RunRecord>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| runs::by_id(database, id)).await
    }

    /// When each of these last ran, where they did.
    pub async fn last_began(&self, of: Vec<RunOf>, before: Timestamp) -> Result<Vec<(RunOf, Timestamp)>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| runs::last_began(database, &of, before)).await
    }

    /// From trigger to first command, of the latest runs that began before a moment; the newest first.
    pub async fn latencies(&self, of: RunOf, before: Timestamp, most: usize) -> Result<Vec<Duration>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| runs::latencies(database, &of, before, most)).await
    }

    /// The newest run with a caller's mark that began since a moment.
    pub async fn run_by_key(&self, key: CommandKey, since: Timestamp) -> Result<Option<RunRecord>, ReadError> {
        self.show().await?;
        Arc::clone(&self.shared.readers).read(move |database| runs::by_key(database, &key, since)).await
    }

    /// The versions of a rule or a scene, the newest first.
    pub async fn versions(&self, of: RunOf) -> Result<Vec<Version>, ReadError> {
        Arc::clone(&self.shared.hub_readers).read(move |database| versions::of(database, &of)).await
    }

    /// The version of that number, if it is still kept.
    pub async fn version(&self, number: i64) -> Result<Option<Version>, ReadError> {
        Arc::clone(&self.shared.hub_readers).read(move |database| versions::by_number(database, number)).await
    }

    /// The newest version of everything of a kind (`rule`, `scene`), also of what is gone; the latest change first.
    pub async fn newest_versions(&self, kind: &'static str) -> Result<Vec<Version>, ReadError> {
        Arc::clone(&self.shared.hub_readers).read(move |database| versions::newest(database, kind)).await
    }

    /// The command that came with this key: known for at least an hour and across restarts, the latest 65,536 of them.
    /// It is answered from memory.
    pub fn command_by_key(&self, key: &CommandKey) -> Option<KnownCommand> {
        self.shared.commands.lock().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    /// How the store is doing.
    pub fn health(&self) -> Health {
        let inbox = self.shared.mailbox.lock();
        let health = self.shared.health.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Health {
            history_waiting: inbox.rows.len() + inbox.writing,
            history_dropped: inbox.dropped,
            state_merged: inbox.merged,
            ..health
        }
    }

    /// Copies both databases and the master key into a folder (made 0700 if it is not there, without databases), with
    /// everything that was journaled before. Who has the folder has all secrets: callers encrypt it before it leaves the
    /// machine. The hub works on meanwhile. A dropped future leaves the copying to run to its end.
    pub async fn backup(&self, to: PathBuf) -> Result<(), BackupError> {
        self.flush().await?;
        let shared = Arc::clone(&self.shared);
        let folder = to.clone();
        let copied = move || backup::copy_all(&shared.folder, &to, shared.vault.key());
        let copied = tokio::task::spawn_blocking(copied).await;
        copied.map_err(|error| BackupError::Disk { folder, reason: error.to_string() })?
    }

    /// Writes what waits, folds the databases' logs in and frees the folder; under a second. Other handles live on and
    /// get `Closed` for an answer.
    pub async fn close(self) {
        let shared = self.shared;
        let ended = tokio::task::spawn_blocking(move || shared.end()).await;
        if let Err(error) = ended {
            tracing::error!(%error, "The store could not be closed in good order.");
        }
    }

    /// The secret of that name; `None` if nobody set it. It is unsealed anew each time and never printed.
    pub fn secret(&self, name: &str) -> Result<Option<String>, SecretError> {
        self.shared.vault.secret(name)
    }

    /// Sets a secret; it is sealed and durable when this resolves.
    pub async fn put_secret(&self, name: &str, text: &str) -> Result<(), SecretError> {
        let seal = self.shared.vault.seal_secret(name, text);
        Ok(self.write(vec![Write::Seal(seal)]).await?)
    }

    /// Forgets a secret; it is no error if there is none.
    pub async fn remove_secret(&self, name: &str) -> Result<(), SecretError> {
        let seal = Seal::Secret { name: name.to_owned(), sealed: None };
        Ok(self.write(vec![Write::Seal(seal)]).await?)
    }

    /// The names of all secrets, in the order of the alphabet.
    pub fn secret_names(&self) -> Vec<String> {
        self.shared.vault.secret_names()
    }

    /// What an adapter last kept under `key`; `None` where there is nothing. What this master key does not open is an
    /// error, so that nobody writes over it.
    pub fn note(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        self.shared.vault.note(adapter, key)
    }

    /// Keeps up to 64 KiB for an adapter; sealed and durable when this resolves. No bytes forget the note.
    pub async fn put_note(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> Result<(), SecretError> {
        let seal = self.shared.vault.seal_note(adapter, key, bytes)?;
        Ok(self.write(vec![Write::Seal(seal)]).await?)
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        let (reply, answer) = oneshot::channel();
        self.shared.mailbox.ask(Request::Commit(writes, reply)).map_err(|_| CommitError::Closed)?;
        answer.await.map_err(|_| CommitError::Closed)?
    }

    /// Lets readers see what was journaled before.
    async fn show(&self) -> Result<(), ReadError> {
        let (reply, shown) = oneshot::channel();
        self.shared.mailbox.ask(Request::Show(reply)).map_err(|_| ReadError::Closed)?;
        shown.await.map_err(|_| ReadError::Closed)
    }

    fn know_commands(&self, entries: &[Entry]) {
        for entry in entries {
            if let Entry::Command { id, key: Some(key), device, at, outcome, .. } = entry {
                let known = KnownCommand { id: *id, device: *device, outcome: *outcome, at: *at };
                self.shared.commands.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), known);
            }
        }
    }
}
