//! Since when a property passes a test, for all tests that some rule wants to have lasted.
//!
//! A reading's own `changed_at` does not tell: a temperature above 25 keeps changing while it stays above.

use std::collections::HashMap;

use hub_model::{Home, Path, Value};
use jiff::{SignedDuration, Timestamp};

use super::timers::shifted;
use crate::rule::Test;

/// Tests that are watched, by path.
#[derive(Debug, Default)]
pub(super) struct Lasting {
    by_path: HashMap<Path, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    test: Test,
    /// Since when it holds, where it does.
    since: Option<Timestamp>,
    /// Whether that is what its reading says, and no moment that was seen by the clock of now.
    is_read: bool,
    /// How many conditions want to know.
    users: usize,
}

impl Lasting {
    /// Watches a test. What holds already is taken to hold since the reading last changed: at least that long.
    pub(super) fn watch(&mut self, path: &Path, test: &Test, home: &Home, now: Timestamp) {
        let entries = self.by_path.entry(path.clone()).or_default();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.test == *test) {
            entry.users += 1;
            return;
        }
        let reading = home.reading(path).filter(|reading| test.holds(&reading.value));
        let changed = reading.and_then(|reading| reading.changed_at).filter(|changed| *changed <= now);
        let since = reading.map(|_| changed.unwrap_or(now));
        entries.push(Entry { test: test.clone(), since, is_read: changed.is_some(), users: 1 });
    }

    /// Ends what [`Lasting::watch`] began.
    pub(super) fn forget(&mut self, path: &Path, test: &Test) {
        let Some(entries) = self.by_path.get_mut(path) else { return };
        if let Some(at) = entries.iter().position(|entry| entry.test == *test) {
            entries[at].users -= 1;
            if entries[at].users == 0 {
                entries.swap_remove(at);
            }
        }
        if entries.is_empty() {
            self.by_path.remove(path);
        }
    }

    /// Notes that a property has another value since a moment.
    pub(super) fn change(&mut self, path: &Path, new: &Value, at: Timestamp) {
        for entry in self.by_path.get_mut(path).into_iter().flatten() {
            if !entry.test.holds(new) {
                (entry.since, entry.is_read) = (None, false);
            } else if entry.since.is_none() {
                entry.since = Some(at);
            }
        }
    }

    /// Since when a test holds; `None` where it doesn't hold or is not watched.
    pub(super) fn since(&self, path: &Path, test: &Test) -> Option<Timestamp> {
        self.by_path.get(path)?.iter().find(|entry| entry.test == *test)?.since
    }

    /// Moves all with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for entry in self.by_path.values_mut().flatten().filter(|entry| !entry.is_read) {
            entry.since = entry.since.map(|since| shifted(since, by));
        }
    }
}
