//! What stands in the home's calendars, as far as rules look: entries with a beginning and an end.

pub mod ics;
mod recur;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use smol_str::SmolStr;

/// The calendars by their names.
pub type Calendars = BTreeMap<SmolStr, Arc<[Entry]>>;

/// Something in a calendar. One that comes again and again is several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends; not before it begins.
    pub end: Timestamp,
}

impl Entry {
    /// Whether its title has these words in it, capitals aside.
    pub fn is_called(&self, words: &str) -> bool {
        self.title.to_lowercase().contains(&words.to_lowercase())
    }

    /// Whether it is going on. What begins and ends at one moment never is.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.start <= now && now < self.end
    }
}
