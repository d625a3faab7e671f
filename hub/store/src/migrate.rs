//! Brings a database to the schema of this hub, step by step, by SQLite's `user_version`.
//!
//! A step that was published never changes; a new one is added behind it, with a database of the schema before it
//! among the tests.

use rusqlite::Connection;

use crate::database::{Pages, Safety, transact};

/// What a database of ours is.
pub(crate) struct Schema {
    /// How it lies on the disk.
    pub(crate) pages: Pages,
    /// The steps that lead to its schema; the first makes schema 1.
    steps: &'static [&'static str],
}

/// The schema of `hub.db`.
pub(crate) const HUB: Schema = Schema {
    pages: Pages { size: 4096, log: 1000 },
    steps: &[include_str!("migrations/hub_1.sql"), include_str!("migrations/hub_2.sql")],
};
/// The schema of `history.db`. Its pages are small, as each row changes the last page of its series and the log takes
/// whole pages; its log is long (16 MB), so that many such changes are folded in as one. Both spare SD cards.
pub(crate) const HISTORY: Schema = Schema {
    pages: Pages { size: 2048, log: 8000 },
    steps: &[
        include_str!("migrations/history_1.sql"),
        include_str!("migrations/history_2.sql"),
        include_str!("migrations/history_3.sql"),
    ],
};

impl Schema {
    /// The newest schema that this hub knows.
    pub(crate) const fn known(&self) -> i64 {
        self.steps.len() as i64
    }

    /// Takes the steps that are missing, each as one durable transaction. The database must not be newer than we are.
    pub(crate) fn migrate(&self, database: &mut Connection) -> rusqlite::Result<()> {
        let found = version(database)?;
        let missing = self.steps.iter().zip(1i64..).filter(|(_, number)| *number > found);
        for (step, number) in missing {
            transact(database, Safety::Durable, |database| {
                database.execute_batch(step)?;
                database.pragma_update(None, "user_version", number)
            })?;
        }
        Ok(())
    }
}

/// The schema of a database; 0 for an empty one.
pub(crate) fn version(database: &Connection) -> rusqlite::Result<i64> {
    database.query_row("PRAGMA user_version", [], |row| row.get(0))
}
