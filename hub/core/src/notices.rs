//! The latest notices, for whoever opens the message list.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use hub_model::Notice;
use hub_store::Opened;
use jiff::Timestamp;

/// How many are kept at hand; the oldest go, and stay in the journal.
const KEPT: usize = Opened::PAST;

/// The latest notices.
#[derive(Debug)]
pub struct Notices(Mutex<VecDeque<(Timestamp, Notice)>>);

impl Notices {
    /// Those of before the start, oldest first.
    pub fn of(past: Vec<(Timestamp, Notice)>) -> Self {
        Self(Mutex::new(past.into()))
    }

    /// Adds one.
    pub fn add(&self, at: Timestamp, notice: Notice) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((at, notice));
    }

    /// All that are kept, oldest first.
    pub fn list(&self) -> Vec<(Timestamp, Notice)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
