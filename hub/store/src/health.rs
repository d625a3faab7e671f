//! How the store is doing, for `/metrics` and for people.

use std::time::Duration;

/// Counters since the start, and how it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Rows of history that were written.
    pub history_written: u64,
    /// Rows of the log that were written.
    pub log_written: u64,
    /// Rows of history and log that were dropped because the ring was full.
    pub history_dropped: u64,
    /// Rows of history and log that wait to be written.
    pub history_waiting: usize,
    /// Readings of the current state that were written.
    pub state_written: u64,
    /// The longest that a piece of state waited in memory until it was written: 100 ms is promised, where the machine and
    /// its disk allow it.
    pub state_waited: Duration,
    /// Readings that a newer one replaced before they were written; nothing is lost by that.
    pub state_merged: u64,
    /// Commits of the registry lane.
    pub commits: u64,
    /// Whether history can't be written just now; it goes on by itself when it can.
    pub history_stopped: bool,
    /// Whether the current state can't be written just now; it is kept in memory and written when it can be.
    pub state_stopped: bool,
    /// The last thing that went wrong with the disk.
    pub last_error: Option<String>,
}
