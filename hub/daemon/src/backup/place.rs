//! The way back: a backup is unpacked and opened beside the folder, and takes its place only when it is sound.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::folder::make_private;

/// A restoration under way; until [`Restoring::finish`] the old folder is as it was.
#[derive(Debug)]
pub(crate) struct Restoring {
    target: PathBuf,
    staged: PathBuf,
    /// Of a folder that is there: held, so that no hub starts on it meanwhile.
    lock: Option<File>,
}

/// Why a backup can't take a folder's place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RestoreError {
    /// A hub would lose its floor.
    #[error("a hub runs on {}: stop it first", .0.display())]
    InUse(PathBuf),
    /// There may be another home in it.
    #[error("{} is not empty: name an empty folder, or use --force to set what is there aside", .0.display())]
    NotEmpty(PathBuf),
    /// The disk says no.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Which file or folder.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

impl Restoring {
    /// Begins to restore to `target`. What is in it is set aside only where `force` is given.
    pub(crate) fn begin(target: &Path, force: Force) -> Result<Self, RestoreError> {
        let absolute = std::path::absolute(target).map_err(|error| disk(target, error))?;
        // Where the folder is a link, what it leads to is replaced, so that the link stays.
        let target = fs::canonicalize(&absolute).unwrap_or(absolute);
        let lock = lock(&target)?;
        let empty = fs::read_dir(&target).is_ok_and(|mut entries| entries.next().is_none()) || !target.exists();
        if !empty && force == Force::No {
            return Err(RestoreError::NotEmpty(target));
        }
        let staged = beside(&target, "restoring");
        if staged.exists() {
            fs::remove_dir_all(&staged).map_err(|error| disk(&staged, error))?;
        }
        make_private(&staged).map_err(|error| disk(&staged, error))?;
        Ok(Self { target, staged, lock })
    }

    /// The folder to unpack into and to check.
    pub(crate) fn staged(&self) -> &Path {
        &self.staged
    }

    /// Puts the new folder into the old one's place. Says where the old one is now, if there was one.
    pub(crate) fn finish(self) -> Result<Option<PathBuf>, RestoreError> {
        let aside = beside(&self.target, &format!("before-{}", Timestamp::now().strftime("%Y%m%d-%H%M%S")));
        let empty = fs::remove_dir(&self.target);
        let aside = match empty {
            Ok(()) => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(_) => {
                // The lock file remembers the last epoch, and an old cursor must never be taken for a new one.
                copy_if_there(&self.target.join(LOCK), &self.staged.join(LOCK))?;
                fs::rename(&self.target, &aside).map_err(|error| disk(&self.target, error))?;
                Some(aside)
            }
        };
        if let Err(error) = fs::rename(&self.staged, &self.target) {
            if let Some(aside) = &aside {
                let _ = fs::rename(aside, &self.target);
            }
            return Err(disk(&self.target, error));
        }
        Ok(aside)
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name.
        let _ = fs::remove_dir_all(&self.staged);
        drop(self.lock.take());
    }
}

/// Whether a folder that holds something may be set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// It must be empty.
    No,
    /// The owner said so.
    Yes,
}

/// The store's lock file.
const LOCK: &str = "hub.lock";

fn lock(target: &Path) -> Result<Option<File>, RestoreError> {
    let path = target.join(LOCK);
    let file = match File::options().read(true).write(true).open(&path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        file => file.map_err(|error| disk(&path, error))?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(RestoreError::InUse(target.into())),
        Err(TryLockError::Error(error)) => Err(disk(&path, error)),
    }
}

fn copy_if_there(from: &Path, to: &Path) -> Result<(), RestoreError> {
    match fs::copy(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(to, error)),
        _ => Ok(()),
    }
}

fn beside(target: &Path, what: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{what}"));
    name.into()
}

fn disk(path: &Path, error: io::Error) -> RestoreError {
    RestoreError::Disk { path: path.into(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_missing_folder_is_simply_filled() {
        let folder = tempfile::tempdir().unwrap();
        for target in [folder.path().join("new"), folder.path().join("empty")] {
            let _ = target.ends_with("empty").then(|| fs::create_dir(&target).unwrap());
            let restoring = Restoring::begin(&target, Force::No).unwrap();
            fs::write(restoring.staged().join("key"), "k").unwrap();
            assert_eq!(restoring.finish().unwrap(), None);
            assert_eq!(fs::read_to_string(target.join("key")).unwrap(), "k");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_home_is_set_aside_only_by_force_and_never_from_under_a_hub() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("home");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("hub.lock"), "1 7").unwrap();
        assert!(matches!(Restoring::begin(&target, Force::No), Err(RestoreError::NotEmpty(_))));
        let held = File::open(target.join("hub.lock")).unwrap();
        held.lock().unwrap();
        assert!(matches!(Restoring::begin(&target, Force::Yes), Err(RestoreError::InUse(_))));
        drop(held);
        let restoring = Restoring::begin(&target, Force::Yes).unwrap();
        fs::write(restoring.staged().join("key"), "k").unwrap();
        let aside = restoring.finish().unwrap().unwrap();
        assert!(aside.join("hub.lock").exists() && target.join("key").exists());
        assert_eq!(fs::read_to_string(target.join("hub.lock")).unwrap(), "1 7");
    }

    #[test]
    fn a_restoration_given_up_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        drop(Restoring::begin(&folder.path().join("home"), Force::No).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
