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
        let since = home
            .reading(path)
            .filter(|reading| test.holds(&reading.value))
            .map(|reading| reading.changed_at.map_or(now, |changed| changed.min(now)));
        entries.push(Entry { test: test.clone(), since, users: 1 });
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
            entry.since = if entry.test.holds(new) { entry.since.or(Some(at)) } else { None };
        }
    }

    /// Since when a test holds; `None` where it doesn't hold or is not watched.
    pub(super) fn since(&self, path: &Path, test: &Test) -> Option<Timestamp> {
        self.by_path.get(path)?.iter().find(|entry| entry.test == *test)?.since
    }

    /// Moves all with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for entry in self.by_path.values_mut().flatten() {
            entry.since = entry.since.map(|since| shifted(since, by));
        }
    }
}
