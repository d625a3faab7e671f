//! Removes history that is too old, a little at a time, so that no write ever waits long for it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::database::{Safety, transact};

/// How far the removing came.
#[derive(Debug)]
pub(crate) struct Purge {
    keep: Duration,
    due: Instant,
    /// The last series that is done in this round.
    after_series: i64,
    /// The last thing whose runs are done in this round.
    after_runs_of: String,
}

/// What one slice found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slice {
    /// There is more to look at.
    More,
    /// This round is over.
    Over,
}

impl Purge {
    /// A clock that is wrong at boot gets some time to be set before it decides what is old.
    const FIRST: Duration = Duration::from_secs(600);
    const ROUND: Duration = Duration::from_secs(3600);
    const PAUSE: Duration = Duration::from_millis(50);
    /// Rows removed, and series looked at, in one slice: a few milliseconds.
    const ROWS: i64 = 1000;
    const SERIES: i64 = 100;
    /// How long the marks of commands are known.
    const COMMANDS: Duration = Duration::from_secs(24 * 3600);
    /// So many runs of each thing outlive history: a leak in spring is still told in autumn, and a rule knows when it ran.
    const RUNS: i64 = 50;
    /// But not what was removed long ago. No rule asks for a longer time since it ran.
    const OLDEST_RUN: Duration = Duration::from_secs(366 * 24 * 3600);

    pub(crate) fn new(keep: Duration) -> Self {
        Self { keep, due: Instant::now() + Self::FIRST, after_series: 0, after_runs_of: String::new() }
    }

    /// When the next slice is due.
    pub(crate) const fn due(&self) -> Instant {
        self.due
    }

    /// Commands that ended before this are forgotten.
    pub(crate) fn oldest_command(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(Self::COMMANDS).unwrap_or(Timestamp::MIN)
    }

    /// Removes one slice, and says when the next is due.
    pub(crate) fn slice(
        &mut self,
        database: &mut Connection,
        now: Timestamp,
        instant: Instant,
    ) -> rusqlite::Result<()> {
        self.due = instant + Self::ROUND;
        let before = |span: Duration| now.checked_sub(span).unwrap_or(Timestamp::MIN).as_microsecond();
        let (oldest, oldest_run) = (before(self.keep), before(self.keep.max(Self::OLDEST_RUN)));
        let Self { after_series, after_runs_of, .. } = self;
        let found = transact(database, Safety::Journal, |database| {
            let log = remove_log(database, oldest)?;
            let runs = remove_runs(database, (oldest, oldest_run), after_runs_of)?;
            let history = remove_history(database, oldest, after_series)?;
            Ok(if [log, runs].contains(&Slice::More) { Slice::More } else { history })
        })?;
        match found {
            Slice::More => self.due = instant + Self::PAUSE,
            Slice::Over => {
                self.after_series = 0;
                self.after_runs_of.clear();
            }
        }
        Ok(())
    }
}

fn remove_log(database: &Connection, oldest: i64) -> rusqlite::Result<Slice> {
    let sql = "DELETE FROM log WHERE rowid IN (SELECT rowid FROM log WHERE at < ?1 ORDER BY at LIMIT ?2)";
    let gone = database.prepare_cached(sql)?.execute([oldest, Purge::ROWS])?;
    Ok(if gone as i64 == Purge::ROWS { Slice::More } else { Slice::Over })
}

fn remove_runs(database: &Connection, oldest: (i64, i64), after: &mut String) -> rusqlite::Result<Slice> {
    let mut next = database.prepare_cached("SELECT of FROM runs WHERE of > ?1 ORDER BY of LIMIT 1")?;
    let mut rows = Purge::ROWS;
    for _ in 0..Purge::SERIES {
        let Some(of) = next.query_row([&*after], |row| row.get::<_, String>(0)).optional()? else {
            return Ok(Slice::Over);
        };
        rows -= remove_runs_of(database, &of, oldest, rows)?;
        if rows <= 0 {
            return Ok(Slice::More);
        }
        *after = of;
    }
    Ok(Slice::More)
}

/// Removes the oldest runs of a thing, at most `most`; says how many. What came to nothing goes with history, and so do
/// runs but the newest few.
fn remove_runs_of(
    database: &Connection,
    of: &str,
    (oldest, oldest_run): (i64, i64),
    most: i64,
) -> rusqlite::Result<i64> {
    let sql = "SELECT began FROM runs WHERE of = ?1 AND NOT skipped ORDER BY began DESC LIMIT 1 OFFSET ?2";
    let newest = database.prepare_cached(sql)?.query_row(params![of, Purge::RUNS - 1], |row| row.get(0)).optional()?;
    let oldest_run = newest.map_or(oldest_run, |newest: i64| newest.max(oldest_run));
    let sql = "DELETE FROM runs WHERE rowid IN (SELECT rowid FROM runs WHERE of = ?1 AND began < ?2
               AND (skipped OR began < ?3) ORDER BY began LIMIT ?4)";
    let gone = database.prepare_cached(sql)?.execute(params![of, oldest, oldest_run, most])?;
    Ok(gone as i64)
}

fn remove_history(database: &Connection, oldest: i64, after: &mut i64) -> rusqlite::Result<Slice> {
    let mut next = database.prepare_cached("SELECT id FROM series WHERE id > ?1 ORDER BY id LIMIT 1")?;
    let mut rows = Purge::ROWS;
    for _ in 0..Purge::SERIES {
        let Some(series) = next.query_row([*after], |row| row.get::<_, i64>(0)).optional()? else {
            return Ok(Slice::Over);
        };
        rows -= remove_series(database, series, oldest, rows)?;
        if rows <= 0 {
            return Ok(Slice::More);
        }
        *after = series;
    }
    Ok(Slice::More)
}

/// Removes the oldest rows of a series, at most `most`; says how many.
fn remove_series(database: &Connection, series: i64, oldest: i64, most: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT at FROM history WHERE series = ?1 AND at < ?2 ORDER BY at LIMIT 1 OFFSET ?3";
    let end: Option<i64> =
        database.prepare_cached(sql)?.query_row([series, oldest, most], |row| row.get(0)).optional()?;
    let sql = "DELETE FROM history WHERE series = ?1 AND at < ?2";
    let gone = database.prepare_cached(sql)?.execute(params![series, end.unwrap_or(oldest)])?;
    Ok(gone as i64)
}
