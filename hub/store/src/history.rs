//! Reading history, over connections that can't write, beside the store's thread.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use hub_model::{Cause, Path, Value, capability::Summary};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::Semaphore;

use crate::{LogLine, LogQuery, ReadError, database, encode::decode, log, thin::Thinning, why, writer::series_id};

/// What of history is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryQuery {
    /// Of which property.
    pub path: Path,
    /// What a point shows where the rows are more than `points`.
    pub summary: Summary,
    /// From when on.
    pub from: Timestamp,
    /// Until when; this moment is not in it any more.
    pub to: Timestamp,
    /// How many points at most; at most [`HistoryQuery::MOST`] are given, and none for 0.
    pub points: usize,
}

/// A point of a chart: a value as it was reported, or what a span of time comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When: of the report, or the beginning of the span.
    pub at: Timestamp,
    /// The value, or the span's mean, sum, growth or last value.
    pub value: Value,
    /// The least number of the span; `None` for a value as it was reported.
    pub min: Option<f64>,
    /// The greatest number of the span.
    pub max: Option<f64>,
}

/// A value as it was reported, with what began it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeOfValue {
    /// When.
    pub at: Timestamp,
    /// What it became.
    pub value: Value,
    /// Who began it; `None` for the device itself.
    pub cause: Option<Cause>,
}

impl HistoryQuery {
    /// No answer has more points.
    pub const MOST: usize = 10_000;
}

/// Connections for reading.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    /// Which file they belong to; another number means that the file was set aside.
    file_number: Arc<AtomicU64>,
    /// As many as were ever at work at once, each with the number of its file.
    idle: Mutex<Vec<(u64, Connection)>>,
    /// More readers than this wait for their turn.
    turns: Semaphore,
    /// Of those that go through the past, which takes seconds, at most [`Readers::REPLAYS`]; more wait for their turn.
    pub(crate) replays: Arc<Semaphore>,
}

impl Readers {
    const AT_ONCE: usize = 4;
    const REPLAYS: usize = 2;

    pub(crate) fn new(file: PathBuf, file_number: Arc<AtomicU64>) -> Self {
        let replays = Arc::new(Semaphore::new(Self::REPLAYS));
        Self { file, file_number, idle: Mutex::default(), turns: Semaphore::new(Self::AT_ONCE), replays }
    }

    /// Answers a query on history.
    pub(crate) async fn history(self: Arc<Self>, query: HistoryQuery) -> Result<Vec<Point>, ReadError> {
        self.read(move |database| points(database, &query)).await
    }

    /// Answers a query on the log.
    pub(crate) async fn log(self: Arc<Self>, query: LogQuery) -> Result<Vec<LogLine>, ReadError> {
        self.read(move |database| log::read(database, &query)).await
    }

    /// Reads on a thread that may wait for the disk. Dropping the future lets what has begun run to its end, unseen.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let _turn = self.turns.acquire().await.map_err(|_| ReadError::Closed)?;
        let readers = Arc::clone(&self);
        let answer = tokio::task::spawn_blocking(move || readers.answer(work)).await;
        // The only way that the task doesn't end is that the runtime does.
        answer.map_err(|_| ReadError::Closed)?.map_err(|error| ReadError::Disk { reason: error.to_string() })
    }

    /// Does some reading over a connection that is open already, or a new one.
    pub(crate) fn answer<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let number = self.file_number.load(Ordering::Acquire);
        let idle = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|(of, _)| *of == number);
            idle.pop()
        };
        let connection =
            idle.map_or_else(|| database::open_for_reading(&self.file), |(_, connection)| Ok(connection))?;
        let answer = work(&connection)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((number, connection));
        Ok(answer)
    }
}

/// The last change of a property until a moment.
pub(crate) fn last_change(
    database: &Connection,
    path: &Path,
    until: Timestamp,
) -> rusqlite::Result<Option<ChangeOfValue>> {
    let Some(series) = series_id(database, path)? else { return Ok(None) };
    let sql = "SELECT at, value, cause FROM history WHERE series = ?1 AND at <= ?2 ORDER BY at DESC LIMIT 1";
    let change = |row: &rusqlite::Row<'_>| {
        let at = Timestamp::from_microsecond(row.get(0)?).ok();
        let cause = why::decode(row.get_ref(2)?, |number| why::actor(database, number).ok().flatten());
        Ok(at.zip(decode(row.get_ref(1)?)).map(|(at, value)| ChangeOfValue { at, value, cause }))
    };
    Ok(database.prepare_cached(sql)?.query_row([series, until.as_microsecond()], change).optional()?.flatten())
}

/// Reads the rows of a query and thins them as they come, so that a year of them takes no memory.
fn points(database: &Connection, query: &HistoryQuery) -> rusqlite::Result<Vec<Point>> {
    let points = query.points.min(HistoryQuery::MOST);
    let Some(series) = series_id(database, &query.path)? else { return Ok(Vec::new()) };
    if points == 0 || query.from >= query.to {
        return Ok(Vec::new());
    }
    // A value that came just at the beginning holds from there; as an amount it belongs to the span itself.
    let holds = matches!(query.summary, Summary::Mean | Summary::Last | Summary::None);
    let from = query.from.as_microsecond() + i64::from(holds);
    let before = "SELECT value FROM history WHERE series = ?1 AND at < ?2 ORDER BY at DESC LIMIT 1";
    let value = |row: &rusqlite::Row<'_>| Ok(decode(row.get_ref(0)?));
    let before = database.prepare_cached(before)?.query_row([series, from], value).optional()?.flatten();
    let mut thinning = Thinning::new(&HistoryQuery { points, ..query.clone() }, before);
    let sql = "SELECT at, value FROM history WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at";
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query([series, from, query.to.as_microsecond()])?;
    while let Some(row) = rows.next()? {
        // A row that this hub can't have written is left out rather than the whole chart.
        if let Some(value) = decode(row.get_ref(1)?) {
            thinning.push(row.get(0)?, value);
        }
    }
    Ok(thinning.finish())
}
