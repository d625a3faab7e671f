//! Brings a database to the schema of this hub, step by step, by SQLite's `user_version`.
//!
//! A step that was published never changes; a new one is added behind it, with a database of the schema before it
//! among the tests.

use rusqlite::Connection;

use crate::database::{Safety, transact};

/// The steps that lead to a database's schema; the first makes schema 1.
pub(crate) struct Schema {
    steps: &'static [&'static str],
}

/// The schema of `hub.db`.
pub(crate) const HUB: Schema = Schema { steps: &[include_str!("migrations/hub_1.sql")] };
/// The schema of `history.db`.
pub(crate) const HISTORY: Schema = Schema { steps: &[include_str!("migrations/history_1.sql")] };

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
