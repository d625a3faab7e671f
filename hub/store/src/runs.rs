//! Runs of rules and scenes, as JSON with what they are looked up by.

use std::time::Duration;

use hub_model::{CommandKey, RunId, RunOf, RunRecord};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// Which runs are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunQuery {
    /// Only of this; `None` for all.
    pub of: Option<RunOf>,
    /// Those that ran, those that came to nothing, or both.
    pub skipped: Option<bool>,
    /// Only those that began before this.
    pub before: Option<Timestamp>,
    /// How many at most, the newest; at most [`RunQuery::MOST`] are given.
    pub runs: usize,
}

impl RunQuery {
    /// No answer has more runs.
    pub const MOST: usize = 1000;
}

/// Keeps a run, in the place of what was kept of it before.
pub(crate) fn put(database: &Connection, run: &RunRecord) -> rusqlite::Result<()> {
    let sql = "INSERT INTO runs (id, of, began, skipped, key, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
               ON CONFLICT DO UPDATE SET body = excluded.body";
    let body = serde_json::to_string(run).expect("a run is plain data");
    let id = run.id.uuid();
    let key = run.key.as_ref().map(|key| key.0.as_str());
    let (of, began, skipped) = (run.of.to_string(), run.began.as_microsecond(), run.skipped().is_some());
    let values = params![id.as_bytes().as_slice(), of, began, skipped, key, body];
    database.prepare_cached(sql)?.execute(values).map(drop)
}

/// Reads runs, the newest first. Those that this hub can't have written are left out.
pub(crate) fn read(database: &Connection, query: &RunQuery) -> rusqlite::Result<Vec<RunRecord>> {
    let filter = if query.of.is_some() { "of = ?1" } else { "?1 IS NULL" };
    let sql = format!(
        "SELECT body FROM runs WHERE {filter} AND began < ?2 AND (?3 IS NULL OR skipped = ?3) \
         ORDER BY began DESC, rowid DESC LIMIT ?4"
    );
    let of = query.of.as_ref().map(ToString::to_string);
    let before = query.before.map_or(i64::MAX, Timestamp::as_microsecond);
    let mut statement = database.prepare_cached(&sql)?;
    let mut rows = statement.query(params![of, before, query.skipped, query.runs.min(RunQuery::MOST) as i64])?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next()? {
        runs.extend(parse(row.get_ref(0)?.as_str().ok()));
    }
    Ok(runs)
}

/// Hands over the runs of a rule or scene that began within a span, in microseconds; its end is not in it any more.
pub(crate) fn began_within(
    database: &Connection,
    of: &RunOf,
    (from, to): (i64, i64),
    mut take: impl FnMut(RunRecord),
) -> rusqlite::Result<()> {
    let sql = "SELECT body FROM runs WHERE of = ?1 AND skipped = 0 AND began >= ?2 AND began < ?3 ORDER BY began";
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query(params![of.to_string(), from, to])?;
    while let Some(row) = rows.next()? {
        parse(row.get_ref(0)?.as_str().ok()).into_iter().for_each(&mut take);
    }
    Ok(())
}

/// The run of that id.
pub(crate) fn by_id(database: &Connection, id: RunId) -> rusqlite::Result<Option<RunRecord>> {
    let mut find = database.prepare_cached("SELECT body FROM runs WHERE id = ?1")?;
    let body: Option<String> = find.query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0)).optional()?;
    Ok(parse(body.as_deref()))
}

/// The newest run with that mark that began since a moment.
pub(crate) fn by_key(database: &Connection, key: &CommandKey, since: Timestamp) -> rusqlite::Result<Option<RunRecord>> {
    let sql = "SELECT body FROM runs WHERE key = ?1 AND began >= ?2 ORDER BY began DESC LIMIT 1";
    let values = params![key.0.as_str(), since.as_microsecond()];
    let body: Option<String> = database.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?;
    Ok(parse(body.as_deref()))
}

/// When each of these last ran before a moment, where they did. What came to nothing does not count.
pub(crate) fn last_began(
    database: &Connection,
    of: &[RunOf],
    before: Timestamp,
) -> rusqlite::Result<Vec<(RunOf, Timestamp)>> {
    let sql = "SELECT began FROM runs WHERE of = ?1 AND skipped = 0 AND began < ?2 ORDER BY began DESC LIMIT 1";
    let mut find = database.prepare_cached(sql)?;
    let mut last = Vec::new();
    for of in of {
        let began: Option<i64> =
            find.query_row(params![of.to_string(), before.as_microsecond()], |row| row.get(0)).optional()?;
        last.extend(began.and_then(|micros| Some((of.clone(), Timestamp::from_microsecond(micros).ok()?))));
    }
    Ok(last)
}

/// From trigger to first command, of the latest runs that began before a moment; the newest first.
pub(crate) fn latencies(
    database: &Connection,
    of: &RunOf,
    before: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<Duration>> {
    let sql = "SELECT body ->> '$.latency.secs', body ->> '$.latency.nanos' FROM runs WHERE of = ?1 AND skipped = 0 \
               AND began < ?2 AND body ->> 'latency' IS NOT NULL ORDER BY began DESC LIMIT ?3";
    let mut statement = database.prepare_cached(sql)?;
    let span = |row: &Row<'_>| Ok(Duration::new(row.get::<_, u32>(0)?.into(), row.get(1)?));
    statement.query_map(params![of.to_string(), before.as_microsecond(), most as i64], span)?.collect()
}

fn parse(body: Option<&str>) -> Option<RunRecord> {
    serde_json::from_str(body?).ok()
}
