//! The log: what happened in the home beside readings, and who began it.

use hub_model::{Cause, CommandId, CommandKey, DeviceId, EndpointId, Notice, Occurrence, Outcome, Signal};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Entry, why};

/// What of the log is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogQuery {
    /// Only of this device; `None` for everything.
    pub device: Option<DeviceId>,
    /// From when on.
    pub from: Timestamp,
    /// Until when; this moment is not in it any more.
    pub to: Timestamp,
    /// How many lines at most, the newest; at most [`LogQuery::MOST`] are given.
    pub lines: usize,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// When; two things of the same microsecond stand one apart.
    pub at: Timestamp,
    /// To which device.
    pub device: Option<DeviceId>,
    /// What.
    pub what: Logged,
    /// Who began it; `None` for the device or the hub itself.
    pub cause: Option<Cause>,
}

/// What can stand in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Logged {
    /// The device can be reached, or no longer.
    Reachable(bool),
    /// Something happened and is over.
    Occurred {
        /// On which endpoint.
        endpoint: EndpointId,
        /// What.
        occurrence: Occurrence,
    },
    /// A command came to its end.
    Command {
        /// Which one.
        id: CommandId,
        /// The caller's mark.
        key: Option<CommandKey>,
        /// What was asked.
        text: String,
        /// How it ended.
        outcome: Outcome,
    },
    /// The hub said something to people.
    Notice(Notice),
    /// Somebody said something to the rules.
    Told(Signal),
}

impl LogQuery {
    /// No answer has more lines.
    pub const MOST: usize = 1000;
}

impl LogLine {
    /// The line for an entry; readings, signs of life and runs have none.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let (at, device, cause) = match entry {
            Entry::Reading { .. } | Entry::Seen { .. } | Entry::Run(_) => return None,
            Entry::Reachable { device, at, .. } => (*at, Some(*device), None),
            Entry::Occurred { device, at, cause, .. } => (*at, Some(*device), cause.clone()),
            Entry::Command { device, at, cause, .. } => (*at, Some(*device), Some(cause.clone())),
            Entry::Notice { at, .. } => (*at, None, None),
            Entry::Told { at, cause, .. } => (*at, None, Some(cause.clone())),
        };
        Some(Self { at, device, what: Logged::of(entry)?, cause })
    }
}

impl Logged {
    fn of(entry: &Entry) -> Option<Self> {
        Some(match entry {
            Entry::Reading { .. } | Entry::Seen { .. } | Entry::Run(_) => return None,
            Entry::Reachable { reachable, .. } => Self::Reachable(*reachable),
            Entry::Occurred { endpoint, occurrence, .. } => {
                Self::Occurred { endpoint: endpoint.clone(), occurrence: occurrence.clone() }
            }
            Entry::Command { id, key, text, outcome, .. } => {
                Self::Command { id: *id, key: key.clone(), text: text.clone(), outcome: *outcome }
            }
            Entry::Notice { notice, .. } => Self::Notice(notice.clone()),
            Entry::Told { signal, .. } => Self::Told(signal.clone()),
        })
    }
}

/// Reads the newest lines, the newest first. Lines that this hub can't have written are left out.
pub(crate) fn read(database: &Connection, query: &LogQuery) -> rusqlite::Result<Vec<LogLine>> {
    let sql = "SELECT at, device, body, cause FROM log WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR device = ?3) \
               ORDER BY at DESC LIMIT ?4";
    let device = query.device.map(DeviceId::uuid);
    let device = device.as_ref().map(|uuid| uuid.as_bytes().as_slice());
    let most = query.lines.min(LogQuery::MOST) as i64;
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query(params![query.from.as_microsecond(), query.to.as_microsecond(), device, most])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.extend(line(database, row));
    }
    Ok(lines)
}

/// Hands over each line of a span (in microseconds) whose body begins in one of these ways, in the order of time.
pub(crate) fn each(
    database: &Connection,
    (from, to): (i64, i64),
    beginnings: &[&str],
    mut take: impl FnMut(LogLine),
) -> rusqlite::Result<()> {
    let sql = "SELECT at, device, body, cause FROM log WHERE at >= ?1 AND at < ?2 ORDER BY at";
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query([from, to])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(2)?.as_str().unwrap_or_default();
        if beginnings.iter().any(|beginning| body.starts_with(beginning)) {
            line(database, row).into_iter().for_each(&mut take);
        }
    }
    Ok(())
}

/// The line of a command that ended. Its id tells when it was given, so that no more is looked through than what came
/// within a day; where the clock was set meanwhile, it may not be found.
pub(crate) fn command(database: &Connection, id: CommandId) -> rusqlite::Result<Option<LogLine>> {
    const LONGEST: i64 = 25 * 3600 * 1_000_000;
    let Some((seconds, nanos)) = id.uuid().get_timestamp().map(|given| given.to_unix()) else { return Ok(None) };
    let given = i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1000);
    let sql = "SELECT at, device, body, cause FROM log WHERE at >= ?1 AND at < ?2 AND body LIKE ?3 ORDER BY at LIMIT 1";
    let values = params![given, given + LONGEST, format!("{{\"command\":{{\"id\":\"{id}\"%")];
    Ok(database.prepare_cached(sql)?.query_row(values, |row| Ok(line(database, row))).optional()?.flatten())
}

/// The latest notices, the oldest first, by an index of their own.
pub(crate) fn notices(database: &Connection, most: usize) -> rusqlite::Result<Vec<(Timestamp, Notice)>> {
    let sql =
        "SELECT at, device, body, cause FROM log WHERE substr(body, 1, 10) = '{\"notice\":' ORDER BY at DESC LIMIT ?1";
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query([most as i64])?;
    let mut notices = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(LogLine { at, what: Logged::Notice(notice), .. }) = line(database, row) {
            notices.push((at, notice));
        }
    }
    notices.reverse();
    Ok(notices)
}

fn line(database: &Connection, row: &Row<'_>) -> Option<LogLine> {
    let at = Timestamp::from_microsecond(row.get(0).ok()?).ok()?;
    let device: Option<Vec<u8>> = row.get(1).ok()?;
    let device = device.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(DeviceId::from_uuid);
    let what = serde_json::from_str(row.get_ref(2).ok()?.as_str().ok()?).ok()?;
    let cause = why::decode(row.get_ref(3).ok()?, |number| why::actor(database, number).ok().flatten());
    Some(LogLine { at, device, what, cause })
}
