//! Opens the two databases at a start, and finds a way to go on when one is damaged.
//!
//! A damaged file is never written to: it is set aside under another name and kept. What can be read of `hub.db` comes
//! into a new one; what can't be read is taken from `hub.db.good`. History is simply begun anew.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use hub_model::{Notice, Severity};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::{
    OpenError,
    database::{self, Trouble},
    folder::{Folder, beside, must_be_writable},
    load::{Loaded, load},
    migrate::{HISTORY, HUB, Schema, version},
    salvage::{Salvaged, salvage},
};

/// `hub.db`, checked and read.
pub(crate) struct OpenedHub {
    pub(crate) connection: Connection,
    pub(crate) loaded: Loaded,
    pub(crate) notices: Vec<Notice>,
    /// There was nothing before.
    pub(crate) is_new: bool,
}

/// Why a database can't be used as it is.
enum Refusal {
    /// It is damaged, and this is what was said.
    Damaged(String),
    /// It must not be touched.
    Error(OpenError),
}

/// Opens `hub.db`, repaired if need be.
pub(crate) fn open_hub(folder: &Folder) -> Result<OpenedHub, OpenError> {
    let (file, good) = (folder.hub(), folder.good_hub());
    let is_new = !file.exists() && !good.exists();
    match try_hub(&file, good.exists()) {
        Ok((connection, loaded)) => Ok(OpenedHub { connection, loaded, notices: Vec::new(), is_new }),
        Err(Refusal::Error(error)) => Err(error),
        Err(Refusal::Damaged(why)) => {
            tracing::error!(file = %file.display(), why, "The database is damaged; it is set aside and repaired.");
            let (connection, loaded, notice) = repair_hub(folder, &why)?;
            Ok(OpenedHub { connection, loaded, notices: vec![notice], is_new: false })
        }
    }
}

/// Opens `history.db`, a new one if need be. It is not read through, as it is large: damage inside it shows later.
pub(crate) fn open_history(folder: &Folder) -> Result<(Connection, Option<Notice>), OpenError> {
    let look = |database: &Connection| {
        database.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        database.query_row("SELECT (SELECT max(id) FROM series), (SELECT max(at) FROM log)", [], |_| Ok(()))
    };
    match try_open(&folder.history(), &HISTORY).and_then(|database| {
        look(&database).map_err(|error| refusal(&folder.history(), &error))?;
        Ok(database)
    }) {
        Ok(connection) => Ok((connection, None)),
        Err(Refusal::Error(error)) => Err(error),
        Err(Refusal::Damaged(why)) => {
            tracing::error!(why, "history.db is damaged; it is set aside and a new one begun.");
            new_history(folder).map(|(notice, connection)| (connection, Some(notice)))
        }
    }
}

/// Sets `history.db` aside and begins a new one.
pub(crate) fn new_history(folder: &Folder) -> Result<(Notice, Connection), OpenError> {
    let aside = set_aside(&folder.history())?;
    let connection = fresh(&folder.history(), &HISTORY)?;
    let text = format!(
        "history.db was damaged. It is kept as {} and a new one was begun: charts start today, all else is as it was.",
        name(&aside)
    );
    Ok((Notice::to_all(Severity::Warning, "History was damaged", text), connection))
}

fn try_hub(file: &Path, had_one: bool) -> Result<(Connection, Loaded), Refusal> {
    let refuse = |error: rusqlite::Error| refusal(file, &error);
    if had_one && !file.exists() {
        return Err(Refusal::Damaged("it is missing".into()));
    }
    let mut connection = try_open_unmigrated(file, &HUB)?;
    if had_one && version(&connection).map_err(refuse)? == 0 {
        return Err(Refusal::Damaged("it is empty".into()));
    }
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(refuse)?;
    if said != "ok" {
        return Err(Refusal::Damaged(said));
    }
    HUB.migrate(&mut connection).map_err(refuse)?;
    let loaded = load(&connection).map_err(refuse)?;
    match loaded.unreadable {
        0 => Ok((connection, loaded)),
        count => Err(Refusal::Damaged(format!("{count} rows can't be read"))),
    }
}

fn try_open(file: &Path, schema: &Schema) -> Result<Connection, Refusal> {
    let mut connection = try_open_unmigrated(file, schema)?;
    schema.migrate(&mut connection).map_err(|error| refusal(file, &error))?;
    Ok(connection)
}

fn try_open_unmigrated(file: &Path, schema: &Schema) -> Result<Connection, Refusal> {
    must_be_writable(file).map_err(Refusal::Error)?;
    refuse_newer(file, version_in_header(file), schema)?;
    let connection = database::open(file, schema.pages).map_err(|error| refusal(file, &error))?;
    refuse_newer(file, version(&connection).map_err(|error| refusal(file, &error))?, schema)?;
    Ok(connection)
}

fn refuse_newer(file: &Path, found: i64, schema: &Schema) -> Result<(), Refusal> {
    let known = schema.known();
    if found <= known {
        return Ok(());
    }
    Err(Refusal::Error(OpenError::Newer { file: file.to_owned(), found, known }))
}

/// `user_version` as the file's header says (SQLite file format, section 1.3): opening a database with SQLite may
/// already change it, and that of a newer hub must stay as it is. 0 where there is no such header.
fn version_in_header(file: &Path) -> i64 {
    let mut header = [0; 64];
    let read = fs::File::open(file).and_then(|mut file| io::Read::read_exact(&mut file, &mut header));
    let sound = read.is_ok() && header.starts_with(b"SQLite format 3\0");
    header.last_chunk().filter(|_| sound).map_or(0, |bytes| i64::from(i32::from_be_bytes(*bytes)))
}

/// A disk that fails is not a damaged database. Everything that SQLite dislikes about the file's content is: that it is
/// no database, that a table or column is not there (somebody else's database), that a value is of another kind.
fn refusal(file: &Path, error: &rusqlite::Error) -> Refusal {
    use rusqlite::ErrorCode::{ConstraintViolation, TooBig, TypeMismatch, Unknown};
    let content =
        matches!(error.sqlite_error_code(), None | Some(Unknown | TypeMismatch | ConstraintViolation | TooBig));
    if content || Trouble::of(error) == Trouble::Damaged {
        return Refusal::Damaged(error.to_string());
    }
    Refusal::Error(OpenError::sql(file, error))
}

fn repair_hub(folder: &Folder, why: &str) -> Result<(Connection, Loaded, Notice), OpenError> {
    let file = folder.hub();
    let sql = |error: rusqlite::Error| OpenError::sql(&file, &error);
    let aside = if file.exists() { Some(set_aside(&file)?) } else { None };
    let mut connection = fresh(&file, &HUB)?;
    let good = Some(folder.good_hub()).filter(|good| good.exists());
    let saved = salvage(&mut connection, aside.as_deref(), good.as_deref()).map_err(sql)?;
    let loaded = load(&connection).map_err(sql)?;
    Ok((connection, loaded, tell(why, aside.as_deref(), saved)))
}

fn tell(why: &str, aside: Option<&Path>, saved: Salvaged) -> Notice {
    let kept = aside.map_or_else(String::new, |aside| format!(" The damaged file is kept as {}.", name(aside)));
    let result = match saved {
        Salvaged::All => "Everything in it could be read and was saved.",
        Salvaged::WithGaps { from_good: true } => {
            "What could be read was saved, and the rest taken from the last good copy: look whether rooms, devices and \
             access are as you left them."
        }
        Salvaged::WithGaps { from_good: false } => {
            "What could be read was saved; there is no good copy to take the rest from: look what is missing, or restore \
             a backup."
        }
        Salvaged::Good => {
            "Nothing in it could be read, so the hub started with its last good copy: look whether rooms, devices and \
             access are as you left them."
        }
        Salvaged::Nothing => {
            "Nothing in it could be read and there is no good copy, so the hub started empty: restore a backup if you \
             have one."
        }
    };
    Notice::to_all(
        Severity::Warning,
        "The hub's database was damaged",
        format!("hub.db was damaged ({why}).{kept} {result}"),
    )
}

/// Gives a database another name, with the log that belongs to it.
fn set_aside(file: &Path) -> Result<PathBuf, OpenError> {
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let free = |suffix: &String| !beside(file, suffix).exists();
    let names =
        (1..).map(|number| if number == 1 { format!(".damaged-{now}") } else { format!(".damaged-{now}-{number}") });
    let mut names = names.filter(free);
    let aside = beside(file, &names.next().expect("there are more numbers than files"));
    fs::rename(file, &aside).map_err(|error| OpenError::io(file, &error))?;
    // The log is only there after a hard stop, and what SQLite shares between processes is made anew.
    let _ = fs::rename(beside(file, "-wal"), beside(&aside, "-wal"));
    let _ = fs::remove_file(beside(file, "-shm"));
    Ok(aside)
}

fn fresh(file: &Path, schema: &Schema) -> Result<Connection, OpenError> {
    let sql = |error: rusqlite::Error| OpenError::sql(file, &error);
    let _ = fs::remove_file(beside(file, "-wal"));
    let mut connection = database::open(file, schema.pages).map_err(sql)?;
    schema.migrate(&mut connection).map_err(sql)?;
    Ok(connection)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
