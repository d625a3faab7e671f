//! What can go wrong, for each operation, with the place and a remedy.

use std::path::{Path, PathBuf};

use crate::database::Trouble;

/// Why a folder can't be opened. Nothing in it was changed, except that a damaged file may have been set aside.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another hub has the folder.
    #[error("{} is in use by the process {pid}: stop that hub, or give this one another folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The other hub's process id as its lock file says, or `unknown`.
        pid: String,
    },
    /// The folder or a file in it can't be written.
    #[error("{} is read-only: make it writable for the hub's user (chown or chmod u+w), or remount its disk", file.display())]
    ReadOnly {
        /// Which file or folder.
        file: PathBuf,
    },
    /// A database was written by a newer hub.
    #[error("{} has schema {found} and this hub knows {known}: install the newer hub again, or restore a backup", file.display())]
    Newer {
        /// The database.
        file: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The master key is there and is not 32 bytes.
    #[error("{} is not a key of 32 bytes: put the right one back, or remove it and set all secrets anew", file.display())]
    Key {
        /// The key's file.
        file: PathBuf,
    },
    /// The disk is full.
    #[error("{}: the disk is full: make room and start again", file.display())]
    Full {
        /// The file that could not grow.
        file: PathBuf,
    },
    /// Anything else that the operating system or SQLite says.
    #[error("{} can't be opened: {reason}; check the disk and the folder's owner", file.display())]
    Disk {
        /// Which file or folder.
        file: PathBuf,
        /// What was said.
        reason: String,
    },
}

/// Why a change was not kept. It is then not in the database at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The disk is full.
    #[error("{file}: the disk is full: make room and try again")]
    Full {
        /// The database.
        file: &'static str,
    },
    /// The disk or the file became read-only.
    #[error("{file} is read-only: remount the disk writable and try again")]
    ReadOnly {
        /// The database.
        file: &'static str,
    },
    /// Anything else that SQLite says.
    #[error("{file} can't be written: {reason}; check the disk, then restart the hub")]
    Disk {
        /// The database.
        file: &'static str,
        /// What was said.
        reason: String,
    },
    /// The store is closed.
    #[error("the store is closed, as the hub is ending: try again when it runs")]
    Closed,
}

/// Why history can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// SQLite can't.
    #[error("history.db can't be read: {reason}; check the disk")]
    Disk {
        /// What was said.
        reason: String,
    },
    /// The store is closed.
    #[error("the store is closed, as the hub is ending: try again when it runs")]
    Closed,
}

/// Why a secret or note can't be had or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It was sealed with another master key, or was damaged.
    #[error("the secret `{name}` was sealed with another key: put the old key file back, or set the secret anew")]
    WrongKey {
        /// Its name.
        name: String,
    },
    /// A note was sealed with another master key, or was damaged.
    #[error("the note `{name}` was sealed with another key: put the old key file back and start the hub again")]
    Locked {
        /// The adapter and its key.
        name: String,
    },
    /// A note is longer than 64 KiB.
    #[error("the note `{name}` has {length} bytes and may have 65536")]
    TooLong {
        /// Its key.
        name: String,
        /// How long it is.
        length: usize,
    },
    /// It could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Why a backup was not made. What it left behind in the folder is incomplete and may be deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// There is a database already.
    #[error("{} holds a database already: give an empty folder", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk of the backup is full.
    #[error("{}: the disk is full: make room or take another disk", folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
    },
    /// Anything else that the operating system or SQLite says.
    #[error("no backup to {}: {reason}", folder.display())]
    Disk {
        /// The folder.
        folder: PathBuf,
        /// What was said.
        reason: String,
    },
    /// What is in memory could not be written first.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl OpenError {
    pub(crate) fn sql(file: &Path, error: &rusqlite::Error) -> Self {
        let file = file.to_owned();
        match Trouble::of(error) {
            Trouble::Full => Self::Full { file },
            Trouble::ReadOnly => Self::ReadOnly { file },
            Trouble::Damaged | Trouble::Failed => Self::Disk { file, reason: error.to_string() },
        }
    }

    pub(crate) fn io(file: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let file = file.to_owned();
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { file },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { file },
            _ => Self::Disk { file, reason: error.to_string() },
        }
    }
}

impl CommitError {
    pub(crate) fn sql(file: &'static str, error: &rusqlite::Error) -> Self {
        match Trouble::of(error) {
            Trouble::Full => Self::Full { file },
            Trouble::ReadOnly => Self::ReadOnly { file },
            Trouble::Damaged | Trouble::Failed => Self::Disk { file, reason: error.to_string() },
        }
    }
}

impl BackupError {
    pub(crate) fn sql(folder: &Path, error: &rusqlite::Error) -> Self {
        let folder = folder.to_owned();
        match Trouble::of(error) {
            Trouble::Full => Self::Full { folder },
            _ => Self::Disk { folder, reason: error.to_string() },
        }
    }

    pub(crate) fn io(folder: &Path, error: &std::io::Error) -> Self {
        let folder = folder.to_owned();
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::Full { folder },
            std::io::ErrorKind::AlreadyExists => Self::NotEmpty { folder },
            _ => Self::Disk { folder, reason: error.to_string() },
        }
    }
}
