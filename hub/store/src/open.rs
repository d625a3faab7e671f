//! What happens between a folder's name and a running store.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use hub_model::{Notice, Severity};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, types::FromSql};
use tokio::sync::mpsc;

use crate::{
    Health, OpenError, Store, StoredHome,
    database::{Safety, transact},
    folder::Folder,
    history::Readers,
    inbox::Mailbox,
    key::MasterKey,
    log,
    repair::{OpenedHub, open_history, open_hub},
    store::Shared,
    vault::Vault,
    writer::{Parts, Writer},
};

/// How the store works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long history may wait in memory: 100 ms on an SSD; 5 to 10 s spare an SD card. The current state never waits
    /// longer than 100 ms, whatever this says.
    pub flush: Duration,
    /// How long history is kept as it was reported.
    pub keep: Duration,
}

impl Default for Options {
    /// For an SSD, and 30 days of history.
    fn default() -> Self {
        Self { flush: Duration::from_millis(100), keep: Duration::from_secs(30 * 24 * 3600) }
    }
}

/// A store that runs, and what it found.
#[derive(Debug)]
pub struct Opened {
    /// The handle.
    pub store: Store,
    /// What was kept.
    pub home: StoredHome,
    /// Grows by one or more at each start, and is durable.
    pub epoch: u64,
    /// There was nothing in the folder.
    pub first_start: bool,
    /// What was wrong and is repaired; for people.
    pub notices: Vec<Notice>,
    /// What people were told before this start, at most [`Opened::PAST`], the oldest first.
    pub past: Vec<(Timestamp, Notice)>,
    /// What goes wrong while it runs; for people. At most 16 wait, and more are dropped, as the log has them too.
    pub warnings: mpsc::Receiver<Notice>,
}

const WARNINGS: usize = 16;

impl Opened {
    /// How many past notices a start reads; older ones stay in the log.
    pub const PAST: usize = 200;
}

impl Store {
    /// Opens a folder, made (0700) if it is not there: takes its lock, finds or makes the master key, repairs and
    /// migrates the databases, reads `hub.db` and starts the thread. It waits for the disk, some milliseconds for a
    /// small home; asynchronous callers use `spawn_blocking`.
    pub fn open(dir: &Path, options: Options) -> Result<Opened, OpenError> {
        let mut folder = Folder::take(dir)?;
        let OpenedHub { connection: mut hub, loaded, mut notices, is_new } = open_hub(&folder)?;
        let (history, notice) = open_history(&folder)?;
        let repaired = !notices.is_empty();
        notices.extend(notice);
        let past = log::notices(&history, Opened::PAST).unwrap_or_else(|error| {
            tracing::warn!(%error, "What people were told before can't be read.");
            Vec::new()
        });
        let has_secrets = !loaded.sealed.is_empty();
        let key = find_key(&folder, &mut hub, has_secrets, &mut notices)?;
        let epoch = next_epoch(&mut folder, &mut hub)?;
        let vault = Vault::new(key, loaded.sealed);
        let (mailbox, health) = (Arc::<Mailbox>::default(), Arc::<Mutex<Health>>::default());
        let (warn, warnings) = mpsc::channel(WARNINGS);
        let (path, hub_file, history_file) = (folder.path().to_owned(), folder.hub(), folder.history());
        let writer = Writer::new(Parts {
            mailbox: Arc::clone(&mailbox),
            health: Arc::clone(&health),
            warnings: warn,
            vault: vault.clone(),
            options,
            hub,
            history,
            folder,
            copy_at_start: !repaired,
        });
        let readers = Arc::new(Readers::new(history_file, writer.history_file_number()));
        // Another file takes the place of `hub.db` at a start only.
        let hub_readers = Arc::new(Readers::new(hub_file, Arc::default()));
        let thread = thread::Builder::new().name("hub-store".into()).spawn(move || writer.run());
        let thread = thread.map_err(|error| OpenError::io(&path, &error))?;
        let shared = Shared::new(path, mailbox, health, vault, (readers, hub_readers), loaded.commands, thread);
        let (store, home) = (Store::new(shared), loaded.home);
        Ok(Opened { store, home, epoch, first_start: is_new, notices, past, warnings })
    }
}

fn find_key(
    folder: &Folder,
    hub: &mut Connection,
    has_secrets: bool,
    notices: &mut Vec<Notice>,
) -> Result<MasterKey, OpenError> {
    let sql = |error: rusqlite::Error| OpenError::sql(&folder.hub(), &error);
    let mark: Option<Vec<u8>> = meta(hub, "key_mark").map_err(sql)?;
    let key = MasterKey::find(folder.path(), mark.as_deref())?;
    if mark.is_some_and(|mark| key.made(&mark)) {
        return Ok(key);
    }
    if has_secrets {
        notices.push(Notice::to_all(
            Severity::Warning,
            "Secrets can't be read",
            "The master key is not the one that sealed them: put the old key file back and start the hub again, or \
             set all secrets anew with `hub secret set`.",
        ));
        return Ok(key);
    }
    put_meta(hub, "key_mark", &key.mark()).map_err(sql)?;
    Ok(key)
}

fn next_epoch(folder: &mut Folder, hub: &mut Connection) -> Result<u64, OpenError> {
    let file = folder.hub();
    let sql = |error: rusqlite::Error| OpenError::sql(&file, &error);
    let last = meta::<i64>(hub, "epoch").map_err(sql)?.unwrap_or(0);
    let last = u64::try_from(last).unwrap_or(0).max(folder.last_epoch());
    // It stays within what SQLite counts with; nobody starts a hub that often.
    let epoch = last.min(i64::MAX as u64 - 1) + 1;
    put_meta(hub, "epoch", &(epoch as i64)).map_err(sql)?;
    folder.sign(epoch)?;
    Ok(epoch)
}

fn meta<T: FromSql>(hub: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    hub.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
}

fn put_meta(hub: &mut Connection, name: &str, value: &impl rusqlite::ToSql) -> rusqlite::Result<()> {
    transact(hub, Safety::Durable, |hub| {
        hub.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", rusqlite::params![name, value])
            .map(drop)
    })
}
