//! How SQLite is opened here, and what its errors mean. It knows no tables.

use std::{fs::File, os::unix::fs::OpenOptionsExt as _, path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

/// What an error of SQLite means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The disk is full.
    Full,
    /// The file or its disk can't be written.
    ReadOnly,
    /// The file is not what it should be.
    Damaged,
    /// Anything else: the disk, memory, a lock.
    Failed,
}

/// How sure a transaction is when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Safety {
    /// It survives the end of the process at once, and a power cut from the next checkpoint or durable commit on.
    Journal,
    /// It survives a power cut.
    Durable,
}

/// How a database is laid out on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pages {
    /// Bytes of a page; it holds for a new file and changes no old one.
    pub(crate) size: u32,
    /// After how many pages the write-ahead log is folded into the database.
    pub(crate) log: u32,
}

impl Trouble {
    pub(crate) fn of(error: &rusqlite::Error) -> Self {
        // The file that readers share could not grow, which is how a full disk shows at an opening.
        if error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Failed,
        }
    }
}

/// Makes an empty file for its owner alone (0600) if there is none; SQLite gives the files beside it the same rights.
/// What goes wrong here, SQLite meets again and says.
pub(crate) fn make_private(file: &Path) {
    let _ = File::options().write(true).create_new(true).mode(0o600).open(file);
}

/// Opens a database for reading and writing, making it if it is not there.
pub(crate) fn open(file: &Path, pages: Pages) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    make_private(file);
    let connection = Connection::open_with_flags(file, flags)?;
    // Only a checkpoint of a reader or a copy can hold the lock, and only for a moment.
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "page_size", pages.size)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "wal_autocheckpoint", pages.log)?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens a database for reading only.
pub(crate) fn open_for_reading(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// Runs `work` as one transaction: all of it, or nothing.
pub(crate) fn transact<T>(
    connection: &mut Connection,
    safety: Safety,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let word = if safety == Safety::Durable { "full" } else { "normal" };
    connection.pragma_update(None, "synchronous", word)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// Brings everything that was committed before onto the disk, in a way that survives a power cut.
pub(crate) fn sync(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// The same, and the write-ahead log is left empty; for a clean stop.
pub(crate) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
