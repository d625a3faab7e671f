//! Counters of the hub task: what a bounded place dropped or merged is counted here, never lost in silence.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The counters, shared with whoever shows them.
#[derive(Debug, Default)]
pub struct Counters {
    /// Reports handled.
    pub reports: AtomicU64,
    /// Reported values that made no sense, or came from a device that nobody knows.
    pub dropped: AtomicU64,
    /// Events published.
    pub events: AtomicU64,
    /// Commands accepted.
    pub commands: AtomicU64,
    /// Adapter runs that ended by an error or a panic.
    pub adapter_failures: AtomicU64,
}

/// The counters at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    /// Reports handled since the start.
    pub reports: u64,
    /// Reported values dropped since the start.
    pub dropped: u64,
    /// Events published since the start.
    pub events: u64,
    /// Commands accepted since the start.
    pub commands: u64,
    /// Adapter runs that failed since the start.
    pub adapter_failures: u64,
    /// Changes that the rules' inbox merged into later ones.
    pub merged_for_rules: u64,
    /// Messages by topic dropped because whoever followed them was behind.
    pub messages_lost: u64,
    /// Devices now.
    pub devices: usize,
    /// The store's own counters.
    pub store: hub_store::Health,
}

impl Counters {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, by: u64) {
        counter.fetch_add(by, Relaxed);
    }

    /// Reads a counter.
    pub fn read(counter: &AtomicU64) -> u64 {
        counter.load(Relaxed)
    }
}
