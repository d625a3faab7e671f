//! Reads a span window by window.

use hub_model::{DeviceId, RunOf};
use jiff::Timestamp;
use rusqlite::Connection;

use super::{Actors, Recorded, RecordedWhat, ReplayQuery};
use crate::{LogLine, Logged, encode::decode, log, runs, why};

/// The most rows that a window may hold; about 5 MB. A window that would hold more is read again, half as long.
const MOST: usize = 65_536;
/// What windows aim at.
const WANTED: usize = 40_000;
/// The first window, in microseconds: six hours.
const FIRST: i64 = 6 * 3_600_000_000;

/// A property whose rows are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    /// Its number in the database.
    pub(super) id: i64,
    /// Its place in the query.
    pub(super) path: u32,
}

/// Where the reading is.
#[derive(Debug)]
pub(super) struct Reader {
    series: Vec<Series>,
    devices: Vec<DeviceId>,
    runs: Vec<RunOf>,
    signals: bool,
    actors: Actors,
    from: i64,
    to: i64,
    width: i64,
}

impl Reader {
    pub(super) fn new(series: Vec<Series>, query: &ReplayQuery) -> Self {
        let mut devices = query.devices.clone();
        devices.sort_unstable();
        let (from, to) = (query.from.as_microsecond(), query.to.as_microsecond());
        let runs = query.runs.clone();
        Self { series, devices, runs, signals: query.signals, actors: Actors::default(), from, to, width: FIRST }
    }

    /// The next window that holds anything; `None` at the end.
    pub(super) fn next(&mut self, database: &Connection) -> rusqlite::Result<Option<Vec<Recorded>>> {
        while self.from < self.to {
            let end = self.from.saturating_add(self.width).min(self.to);
            let Some(mut rows) = self.window(database, self.from, end)? else {
                self.width = (self.width / 2).max(1);
                continue;
            };
            self.from = end;
            let fill = WANTED as f64 / rows.len().max(1) as f64;
            // At least a microsecond, in which a series has one row.
            self.width = ((self.width as f64 * fill.clamp(0.25, 4.0)) as i64).max(1);
            if !rows.is_empty() {
                rows.sort_by_key(|row| row.at);
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    /// All of a window in no order; `None` where it is too much. A window of a microsecond is never too much.
    fn window(&mut self, database: &Connection, from: i64, to: i64) -> rusqlite::Result<Option<Vec<Recorded>>> {
        let mut rows = Vec::new();
        if !self.devices.is_empty() || self.signals {
            let devices = &self.devices;
            let wanted = ["{\"occurred\"", "{\"reachable\"", "{\"told\""];
            let wanted = if self.signals { &wanted[..] } else { &wanted[..2] };
            log::each(database, (from, to), wanted, |line| {
                let LogLine { at, device, what, cause } = line;
                let what = match (what, device) {
                    (Logged::Told(signal), _) => RecordedWhat::Told(Box::new(signal)),
                    (what, Some(device)) if devices.binary_search(&device).is_ok() => {
                        RecordedWhat::Log(device, Box::new(what))
                    }
                    _ => return,
                };
                rows.push(Recorded { at, what, cause: cause.map(Box::new) });
            })?;
        }
        for of in &self.runs {
            runs::began_within(database, of, (from, to), |run| {
                let (at, cause) = (run.began, Some(Box::new(run.cause.clone())));
                rows.push(Recorded { at, what: RecordedWhat::Run(Box::new(run)), cause });
            })?;
        }
        let sql = "SELECT at, value, cause FROM history WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at";
        let mut statement = database.prepare_cached(sql)?;
        for series in &self.series {
            let mut found = statement.query([series.id, from, to])?;
            while let Some(row) = found.next()? {
                // What this hub can't have written is left out.
                let at = Timestamp::from_microsecond(row.get(0)?).ok();
                let Some((at, value)) = at.zip(decode(row.get_ref(1)?)) else { continue };
                let cause = why::decode(row.get_ref(2)?, |number| self.actors.get(database, number)).map(Box::new);
                rows.push(Recorded { at, what: RecordedWhat::Value { path: series.path, value }, cause });
            }
            if rows.len() > MOST && to - from > 1 {
                return Ok(None);
            }
        }
        Ok(Some(rows))
    }
}
