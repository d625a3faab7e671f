//! History in the order of time, over many properties at once: what the past is gone through again with.
//!
//! Rows lie series by series, so a span is read in windows: in each window one series after the other, then put in order
//! and handed on. Windows grow and shrink with what they hold, so that a year of a large home takes no more memory than a
//! day of a small one.

mod window;

use std::{collections::HashMap, sync::Arc};

use hub_model::{Actor, Cause, DeviceId, Path, RunOf, RunRecord, Signal, Value};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::{mpsc, oneshot};

use self::window::{Reader, Series};
use crate::{LogLine, Logged, ReadError, encode::decode, history::Readers, log, writer::series_id};

/// Batches that were read and not taken yet. When they are, the reading waits.
const BATCHES: usize = 2;

/// Which part of the past is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayQuery {
    /// Changes of these properties.
    pub paths: Vec<Path>,
    /// What else happened to these devices: occurrences, and whether they could be reached.
    pub devices: Vec<DeviceId>,
    /// When these rules and scenes began to run.
    pub runs: Vec<RunOf>,
    /// Whether what was said to the rules is wanted.
    pub signals: bool,
    /// From when on.
    pub from: Timestamp,
    /// Until when; this moment is not in it any more.
    pub to: Timestamp,
}

/// A part of the past, handed over piece by piece. Dropped, the reading ends.
#[derive(Debug)]
pub struct Replay {
    /// How it began.
    pub beginning: Beginning,
    batches: mpsc::Receiver<Result<Vec<Recorded>, ReadError>>,
}

/// What was known when a part of the past began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beginning {
    /// For each property of the query, in its order: the last value before, and since when; `None` where history doesn't
    /// reach back so far.
    pub values: Vec<Option<(Timestamp, Value)>>,
    /// Whether devices could be reached, as far as the part itself tells: of those that came or went within it.
    pub reachable: Vec<(DeviceId, bool)>,
}

/// Something of the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: RecordedWhat,
    /// Who began it; `None` for the device or the hub itself.
    pub cause: Option<Box<Cause>>,
}

/// What can come from the past.
#[derive(Debug, Clone, PartialEq)]
pub enum RecordedWhat {
    /// A property had another value.
    Value {
        /// Which one: its place among the paths of the query.
        path: u32,
        /// The value.
        value: Value,
    },
    /// Something of the log: an occurrence, or a device that came or went.
    Log(DeviceId, Box<Logged>),
    /// Somebody said something to the rules.
    Told(Box<Signal>),
    /// A rule or a scene began to run: the record of that run.
    Run(Box<RunRecord>),
}

impl Replay {
    /// The next pieces, in the order of time; `None` at the end. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Vec<Recorded>, ReadError>> {
        self.batches.recv().await
    }

    /// The same, for a thread that may wait.
    pub fn blocking_next(&mut self) -> Option<Result<Vec<Recorded>, ReadError>> {
        self.batches.blocking_recv()
    }
}

impl Readers {
    /// Begins to read a part of the past on a thread of its own.
    pub(crate) async fn replay(self: Arc<Self>, query: ReplayQuery) -> Result<Replay, ReadError> {
        let turn = Arc::clone(&self.replays).acquire_owned().await.map_err(|_| ReadError::Closed)?;
        let (begin, begun) = oneshot::channel();
        let (send, batches) = mpsc::channel(BATCHES);
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut begin = Some(begin);
            let read = self.answer(|database| {
                let (mut reader, beginning) = begin_reading(database, &query)?;
                // Whoever asked may be gone, and then nobody takes the batches either.
                let _ = begin.take().map(|begin| begin.send(Ok(beginning)));
                while let Some(batch) = reader.next(database)? {
                    if send.blocking_send(Ok(batch)).is_err() {
                        return Ok(());
                    }
                }
                Ok(())
            });
            let failed = read.map_err(|error| ReadError::Disk { reason: error.to_string() });
            match (failed, begin) {
                (Err(error), Some(begin)) => drop(begin.send(Err(error))),
                (Err(error), None) => drop(send.blocking_send(Err(error))),
                (Ok(()), _) => {}
            }
        });
        let beginning = begun.await.map_err(|_| ReadError::Closed)??;
        Ok(Replay { beginning, batches })
    }
}

fn begin_reading(database: &Connection, query: &ReplayQuery) -> rusqlite::Result<(Reader, Beginning)> {
    let before = "SELECT at, value FROM history WHERE series = ?1 AND at < ?2 ORDER BY at DESC LIMIT 1";
    let mut before = database.prepare_cached(before)?;
    let from = query.from.as_microsecond();
    let (mut series, mut values) = (Vec::new(), Vec::new());
    for (place, path) in query.paths.iter().enumerate() {
        let id = series_id(database, path)?;
        let value = match id {
            Some(id) => before.query_row([id, from], |row| Ok((row.get(0)?, decode(row.get_ref(1)?)))).optional()?,
            None => None,
        };
        let known = |(at, value): (i64, Option<Value>)| Some((Timestamp::from_microsecond(at).ok()?, value?));
        values.push(value.and_then(known));
        // A query has fewer paths than that by far.
        series.extend(id.zip(u32::try_from(place).ok()).map(|(id, path)| Series { id, path }));
    }
    let reachable = reachable_at(database, query)?;
    let reader = Reader::new(series, query);
    Ok((reader, Beginning { values, reachable }))
}

/// A device that came within the span was away before, and one that went was there.
fn reachable_at(database: &Connection, query: &ReplayQuery) -> rusqlite::Result<Vec<(DeviceId, bool)>> {
    let mut first: HashMap<DeviceId, bool> = HashMap::new();
    if !query.devices.is_empty() {
        let span = (query.from.as_microsecond(), query.to.as_microsecond());
        log::each(database, span, &["{\"reachable\""], |LogLine { device, what, .. }| {
            if let (Some(device), Logged::Reachable(reachable)) = (device, what) {
                first.entry(device).or_insert(!reachable);
            }
        })?;
    }
    Ok(query.devices.iter().filter_map(|device| Some((*device, *first.get(device)?))).collect())
}

/// The actors of causes, each looked up once.
#[derive(Debug, Default)]
struct Actors(HashMap<i64, Option<Actor>>);

impl Actors {
    fn get(&mut self, database: &Connection, number: i64) -> Option<Actor> {
        self.0.entry(number).or_insert_with(|| crate::why::actor(database, number).ok().flatten()).clone()
    }
}
