//! Copies of the databases, made while they are in use.

use std::{fs, os::unix::fs::DirBuilderExt as _, path::Path};

use rusqlite::Connection;

use crate::{
    BackupError,
    database::{make_private, open_for_reading},
    folder::{Folder, beside},
    key::MasterKey,
};

/// Copies both databases and the master key from one folder into another, each database as it is at one moment. The
/// copies may be a moment apart, which does no harm, as neither refers to the other.
pub(crate) fn copy_all(from: &Path, to: &Path, key: &MasterKey) -> Result<(), BackupError> {
    let io = |error: std::io::Error| BackupError::io(to, &error);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(to).map_err(io)?;
    for name in ["hub.db", "history.db"] {
        let copy = to.join(name);
        if copy.exists() {
            return Err(BackupError::NotEmpty { folder: to.to_owned() });
        }
        let copied = open_for_reading(&from.join(name)).and_then(|database| copy_into(&database, &copy));
        copied.map_err(|error| BackupError::sql(to, &error))?;
    }
    key.write(&to.join("key")).map_err(io)
}

/// Replaces `hub.db.good` by what `hub.db` is now; at every moment there is a whole one.
pub(crate) fn keep_good_copy(hub: &Connection, folder: &Folder) -> Result<(), CopyError> {
    let (good, half) = (folder.good_hub(), beside(&folder.good_hub(), ".new"));
    if half.exists() {
        fs::remove_file(&half)?;
    }
    copy_into(hub, &half)?;
    fs::File::open(&half)?.sync_all()?;
    fs::rename(&half, &good)?;
    Ok(())
}

/// Why there is no good copy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// `VACUUM INTO` reads one snapshot, whatever is written meanwhile, and leaves no free pages and no old secrets behind.
fn copy_into(database: &Connection, copy: &Path) -> rusqlite::Result<()> {
    make_private(copy);
    database.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map(drop)
}
