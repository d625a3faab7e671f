//! Writes history and log into `history.db`.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use hub_model::{Cause, DeviceId, Notice, Path, Value};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::lane::Lane;
use crate::{
    Entry, LogLine,
    database::{self, Safety, transact},
    encode::encode,
    folder::Folder,
    inbox::Row,
    migrate::HISTORY,
    repair, runs,
    why::Actors,
};

/// `history.db`, for writing.
pub(crate) struct HistoryLane {
    pub(crate) connection: Connection,
    pub(crate) lane: Lane,
    /// Grows when another file takes the place of this one, so that readers open it anew.
    pub(crate) file_number: Arc<AtomicU64>,
    /// The disk may have gone and come back, so that the file is opened anew before the next try.
    pub(crate) suspect: bool,
    series: HashMap<Path, Series>,
    actors: Actors,
}

/// A path's number, and where its last row went.
#[derive(Debug, Clone, Copy)]
struct Series {
    id: i64,
    wanted: i64,
    taken: i64,
}

impl HistoryLane {
    pub(crate) fn new(connection: Connection) -> Self {
        let (series, actors) = (HashMap::new(), Actors::default());
        Self { connection, lane: Lane::default(), file_number: Arc::default(), suspect: false, series, actors }
    }

    /// Writes all rows, or none.
    pub(crate) fn write(&mut self, rows: &[Row], safety: Safety) -> rusqlite::Result<()> {
        let Self { connection, series, actors, .. } = self;
        let done = transact(connection, safety, |database| {
            rows.iter().try_for_each(|row| match row {
                Row::Value { path, at, value, cause } => {
                    let series = numbered(database, series, path)?;
                    put_value(database, actors, series, *at, value, cause.as_deref())
                }
                Row::Log(entry) => match &**entry {
                    Entry::Run(run) => runs::put(database, run),
                    entry => put_log(database, actors, entry),
                },
            })
        });
        if done.is_err() {
            self.forget();
        }
        done
    }

    /// Opens the file anew where it has to be.
    pub(crate) fn trust(&mut self, folder: &Folder) {
        if std::mem::take(&mut self.suspect)
            && let Ok(mut connection) = database::open(&folder.history(), HISTORY.pages)
            && HISTORY.migrate(&mut connection).is_ok()
        {
            self.replace(connection);
        }
    }

    /// Sets a damaged file aside and begins a new one; says so if it did.
    pub(crate) fn start_anew(&mut self, folder: &Folder) -> Option<Notice> {
        // The old file must be closed before it gets another name.
        self.connection = Connection::open_in_memory().ok()?;
        let (notice, connection) = repair::new_history(folder).ok()?;
        self.replace(connection);
        Some(notice)
    }

    fn replace(&mut self, connection: Connection) {
        self.connection = connection;
        self.forget();
        self.file_number.fetch_add(1, Ordering::Release);
    }

    fn forget(&mut self) {
        self.series.clear();
        self.actors.forget();
    }
}

fn numbered<'a>(
    database: &Connection,
    series: &'a mut HashMap<Path, Series>,
    path: &Path,
) -> rusqlite::Result<&'a mut Series> {
    if !series.contains_key(path) {
        let id = series_id(database, path)?.map_or_else(|| new_series(database, path), Ok)?;
        series.insert(path.clone(), Series { id, wanted: i64::MIN, taken: i64::MIN });
    }
    Ok(series.get_mut(path).expect("it was put in above"))
}

/// The number of a path, if it has any history.
pub(crate) fn series_id(database: &Connection, path: &Path) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM series WHERE device = ?1 AND endpoint = ?2 AND property = ?3";
    let (device, endpoint, property) = (path.device.uuid(), path.endpoint.as_str(), path.property.as_str());
    let values = params![device.as_bytes().as_slice(), endpoint, property];
    database.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()
}

fn new_series(database: &Connection, path: &Path) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO series (device, endpoint, property) VALUES (?1, ?2, ?3)";
    let (device, endpoint, property) = (path.device.uuid(), path.endpoint.as_str(), path.property.as_str());
    database.prepare_cached(sql)?.execute(params![device.as_bytes().as_slice(), endpoint, property])?;
    Ok(database.last_insert_rowid())
}

fn put_value(
    database: &Connection,
    actors: &mut Actors,
    series: &mut Series,
    wanted: i64,
    value: &Value,
    cause: Option<&Cause>,
) -> rusqlite::Result<()> {
    let cause = actors.column(database, cause)?;
    let sql = "INSERT INTO history (series, at, value, cause) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = database.prepare_cached(sql)?;
    // Two values of the same microsecond stand one microsecond apart; a run of them doesn't search from its beginning.
    let first = if series.wanted == wanted { series.taken.saturating_add(1) } else { wanted };
    let taken = first_free(first, |at| insert.execute(params![series.id, at, encode(value), cause]))?;
    (series.wanted, series.taken) = (wanted, taken);
    Ok(())
}

/// Inserts at the first time from `at` on that is free, and says which it was.
fn first_free(mut at: i64, mut insert: impl FnMut(i64) -> rusqlite::Result<usize>) -> rusqlite::Result<i64> {
    loop {
        match insert(at) {
            Ok(_) => return Ok(at),
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) && at < i64::MAX =>
            {
                at += 1
            }
            Err(error) => return Err(error),
        }
    }
}

fn put_log(database: &Connection, actors: &mut Actors, entry: &Entry) -> rusqlite::Result<()> {
    let Some(LogLine { at, device, what, cause }) = LogLine::of(entry) else { return Ok(()) };
    let cause = actors.column(database, cause.as_ref())?;
    let device = device.map(DeviceId::uuid);
    let device = device.as_ref().map(|uuid| uuid.as_bytes().as_slice());
    let body = serde_json::to_string(&what).expect("what is logged is plain data");
    let mut insert = database.prepare_cached("INSERT INTO log (at, device, body, cause) VALUES (?1, ?2, ?3, ?4)")?;
    first_free(at.as_microsecond(), |at| insert.execute(params![at, device, body, cause])).map(drop)
}
