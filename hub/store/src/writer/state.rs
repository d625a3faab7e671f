//! Writes the current state into `hub.db`.

use std::collections::HashMap;

use hub_model::{CommandKey, DeviceId, Path, Reading};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::lane::Lane;
use crate::{
    KnownCommand,
    database::{self, Safety, transact},
    encode::encode,
    folder::Folder,
    inbox::{Heard, State},
    migrate::HUB,
};

/// `hub.db`, for writing.
pub(crate) struct HubLane {
    pub(crate) connection: Connection,
    pub(crate) lane: Lane,
    /// The disk may have gone and come back, so that the file is opened anew before the next try.
    pub(crate) suspect: bool,
    /// The row of each path that was written since the start.
    series: HashMap<Path, i64>,
}

impl HubLane {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, lane: Lane::default(), suspect: false, series: HashMap::new() }
    }

    /// Writes all of it, or nothing.
    pub(crate) fn write(&mut self, state: &State, safety: Safety) -> rusqlite::Result<()> {
        let Self { connection, series, .. } = self;
        let done = transact(connection, safety, |database| {
            state.readings.iter().try_for_each(|(path, reading)| put_reading(database, series, path, reading))?;
            state.heard.iter().try_for_each(|(device, heard)| put_heard(database, *device, *heard))?;
            state.commands.iter().try_for_each(|(key, command)| put_command(database, key, command))
        });
        if done.is_err() {
            // Rows of a transaction that failed are not there, and their numbers will go to other paths.
            series.clear();
        }
        done
    }

    /// Forgets a device whose rows are gone.
    pub(crate) fn forget(&mut self, device: DeviceId) {
        self.series.retain(|path, _| path.device != device);
    }

    /// Forgets commands that ended before `oldest`.
    pub(crate) fn purge_commands(&mut self, oldest: Timestamp) -> rusqlite::Result<()> {
        transact(&mut self.connection, Safety::Journal, |database| {
            // A slice, so that nobody waits long; there is another one soon.
            let sql = "DELETE FROM command_keys WHERE key IN (SELECT key FROM command_keys WHERE at < ?1 ORDER BY at LIMIT 1000)";
            database.prepare_cached(sql)?.execute([oldest.as_microsecond()]).map(drop)
        })
    }

    /// Opens the file anew where it has to be.
    pub(crate) fn trust(&mut self, folder: &Folder) {
        if std::mem::take(&mut self.suspect)
            && let Ok(connection) = database::open(&folder.hub(), HUB.pages)
        {
            self.connection = connection;
            self.series.clear();
        }
    }
}

fn put_reading(
    database: &Connection,
    series: &mut HashMap<Path, i64>,
    path: &Path,
    reading: &Reading,
) -> rusqlite::Result<()> {
    let value = encode(&reading.value);
    let (changed_at, reported_at) = (micros(reading.changed_at), micros(reading.reported_at));
    if let Some(row) = series.get(path) {
        let sql = "UPDATE state SET value = ?2, changed_at = ?3, reported_at = ?4 WHERE series = ?1";
        database.prepare_cached(sql)?.execute(params![row, value, changed_at, reported_at])?;
        return Ok(());
    }
    let sql = "INSERT INTO state (device, endpoint, property, value, changed_at, reported_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET value = excluded.value, \
               changed_at = excluded.changed_at, reported_at = excluded.reported_at RETURNING series";
    let (device, endpoint, property) = (path.device.uuid(), path.endpoint.as_str(), path.property.as_str());
    let device = device.as_bytes().as_slice();
    let row = database
        .prepare_cached(sql)?
        .query_row(params![device, endpoint, property, value, changed_at, reported_at], |row| row.get(0))?;
    series.insert(path.clone(), row);
    Ok(())
}

fn put_heard(database: &Connection, device: DeviceId, heard: Heard) -> rusqlite::Result<()> {
    let sql = "INSERT INTO heard (device, reachable, last_seen) VALUES (?1, coalesce(?2, 0), ?3) ON CONFLICT DO UPDATE \
               SET reachable = coalesce(?2, reachable), last_seen = coalesce(?3, last_seen)";
    let id = device.uuid();
    let values = params![id.as_bytes().as_slice(), heard.reachable, micros(heard.last_seen)];
    database.prepare_cached(sql)?.execute(values).map(drop)
}

fn put_command(database: &Connection, key: &CommandKey, command: &KnownCommand) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO command_keys (key, id, device, outcome, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (id, device) = (command.id.uuid(), command.device.uuid());
    let (id, device) = (id.as_bytes().as_slice(), device.as_bytes().as_slice());
    let values = params![key.0.as_str(), id, device, command.outcome.word(), command.at.as_microsecond()];
    database.prepare_cached(sql)?.execute(values).map(drop)
}

fn micros(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_microsecond)
}
