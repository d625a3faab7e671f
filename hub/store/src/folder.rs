//! The data folder: its files' names, who may have it, and whether it can be written.

use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::OpenError;

/// A data folder that is ours until this is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The lock is the file's: it goes when the file is closed, so also when the process dies.
    lock: File,
    epoch: u64,
}

impl Folder {
    /// Makes the folder (0700) if it is not there, and takes it.
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| OpenError::io(path, &error))?;
        must_be_writable(path)?;
        let file = path.join("hub.lock");
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut lock = options.open(&file).map_err(|error| OpenError::io(&file, &error))?;
        let mut text = String::new();
        // A lock file with other bytes in it only costs the message its number.
        let _ = lock.read_to_string(&mut text);
        let mut words = text.split_whitespace();
        let (pid, epoch) = (words.next(), words.next());
        match lock.try_lock() {
            Ok(()) => {
                Ok(Self { path: path.to_owned(), lock, epoch: epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0) })
            }
            Err(TryLockError::WouldBlock) => {
                Err(OpenError::InUse { folder: path.to_owned(), pid: pid.unwrap_or("unknown").to_owned() })
            }
            Err(TryLockError::Error(error)) => Err(OpenError::io(&file, &error)),
        }
    }

    /// The epoch of the last start, kept beside the lock as well: a database that was lost must not bring old epochs
    /// back, as a phone would take a cursor of then for one of now.
    pub(crate) const fn last_epoch(&self) -> u64 {
        self.epoch
    }

    /// Writes into the lock file who has the folder, in which epoch.
    pub(crate) fn sign(&mut self, epoch: u64) -> Result<(), OpenError> {
        let text = format!("{} {epoch}\n", std::process::id());
        let written =
            self.lock.rewind().and_then(|()| self.lock.set_len(0)).and_then(|()| self.lock.write_all(text.as_bytes()));
        self.epoch = epoch;
        written.map_err(|error| OpenError::io(&self.path.join("hub.lock"), &error))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn hub(&self) -> PathBuf {
        self.path.join("hub.db")
    }

    pub(crate) fn good_hub(&self) -> PathBuf {
        self.path.join("hub.db.good")
    }

    pub(crate) fn history(&self) -> PathBuf {
        self.path.join("history.db")
    }
}

/// A file or folder that nobody may write is meant to stay as it is, even where root could write it all the same.
pub(crate) fn must_be_writable(path: &Path) -> Result<(), OpenError> {
    match fs::metadata(path) {
        Ok(found) if found.permissions().readonly() => Err(OpenError::ReadOnly { file: path.to_owned() }),
        _ => Ok(()),
    }
}

/// The file with something behind its name: SQLite's `-wal` and `-shm`, our `.damaged-…`.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
