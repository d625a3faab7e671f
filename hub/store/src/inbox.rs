//! What waits for the store's thread. It decides what is merged and what is dropped; it knows no SQLite.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hub_model::{Cause, CommandKey, DeviceId, Path, Reading, Value};
use jiff::Timestamp;

use crate::{Entry, KnownCommand, writer::Request};

/// How many rows of history and log wait at most. When it is full the oldest rows go, counted, and a notice says so
/// once. At 1,000 changes a second that is four minutes without a disk, in about 30 MB.
pub(crate) const RING: usize = 262_144;
/// How many rows are written as one transaction; so many are also written at once, however long `flush` is.
pub(crate) const BATCH: usize = 4096;
/// How long the current state waits for more of it. State on disk is at most 100 ms old: this, and the writing.
pub(crate) const LINGER: Duration = Duration::from_millis(50);

/// A row of history or log.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Row {
    /// A value, at microseconds since 1970. The cause is boxed as it is mostly not there.
    Value { path: Path, at: i64, value: Value, cause: Option<Box<Cause>> },
    /// Everything else, boxed as it is rare.
    Log(Box<Entry>),
}

/// What is to be known of a device beside its readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) reachable: Option<bool>,
    pub(crate) last_seen: Option<Timestamp>,
}

/// The newest state that is not written yet.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) readings: HashMap<Path, Reading>,
    pub(crate) heard: HashMap<DeviceId, Heard>,
    pub(crate) commands: HashMap<CommandKey, KnownCommand>,
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    /// One reading per path: its number is bounded by the number of properties in the home.
    pub(crate) state: State,
    pub(crate) state_since: Option<Instant>,
    /// At most [`RING`].
    pub(crate) rows: VecDeque<Row>,
    pub(crate) rows_since: Option<Instant>,
    /// Rows that were taken out and are on their way to the disk.
    pub(crate) writing: usize,
    /// Each stands for a caller that waits for the answer, so that callers bound their number.
    pub(crate) requests: VecDeque<Request>,
    /// Nobody reads any more: the thread has ended.
    pub(crate) closed: bool,
    pub(crate) merged: u64,
    pub(crate) dropped: u64,
}

impl State {
    /// How many marks of commands wait at most; the newest beyond that are known until the hub stops, and not after.
    const MOST_COMMANDS: usize = 65_536;
}

impl Heard {
    fn then(self, newer: Self) -> Self {
        Self { reachable: newer.reachable.or(self.reachable), last_seen: newer.last_seen.max(self.last_seen) }
    }
}

impl Inbox {
    /// Takes an entry in.
    pub(crate) fn put(&mut self, entry: Entry, now: Instant) {
        match entry {
            Entry::Reading { path, reading, keep, cause } => {
                if let Some(at) = reading.reported_at.or(reading.changed_at).filter(|_| keep) {
                    let (path, value) = (path.clone(), reading.value.clone());
                    self.push(Row::Value { path, at: at.as_microsecond(), value, cause: cause.map(Box::new) }, now);
                }
                self.merged += u64::from(self.state.readings.insert(path, reading).is_some());
                self.state_since.get_or_insert(now);
            }
            Entry::Seen { device, at } => self.heard(device, Heard { reachable: None, last_seen: Some(at) }, now),
            Entry::Reachable { device, reachable, .. } => {
                self.heard(device, Heard { reachable: Some(reachable), last_seen: None }, now);
                self.push(Row::Log(Box::new(entry)), now);
            }
            Entry::Command { id, ref key, device, at, outcome, .. } => {
                if let Some(key) = key.clone().filter(|_| self.state.commands.len() < State::MOST_COMMANDS) {
                    self.state.commands.insert(key, KnownCommand { id, device, outcome, at });
                    self.state_since.get_or_insert(now);
                }
                self.push(Row::Log(Box::new(entry)), now);
            }
            Entry::Occurred { .. } | Entry::Notice { .. } | Entry::Told { .. } | Entry::Run(_) => {
                self.push(Row::Log(Box::new(entry)), now);
            }
        }
    }

    /// Takes out the state that waits, and since when the oldest of it does; `None` where nothing waits.
    pub(crate) fn take_state(&mut self) -> Option<(State, Instant)> {
        let since = self.state_since.take()?;
        Some((std::mem::take(&mut self.state), since))
    }

    /// Puts back state that could not be written; what came in between is newer and stays.
    pub(crate) fn put_back_state(&mut self, older: State, since: Instant) {
        for (path, reading) in older.readings {
            if let std::collections::hash_map::Entry::Vacant(free) = self.state.readings.entry(path) {
                free.insert(reading);
            } else {
                self.merged += 1;
            }
        }
        for (device, heard) in older.heard {
            let newer = self.state.heard.get(&device).copied().unwrap_or_default();
            self.state.heard.insert(device, heard.then(newer));
        }
        for (key, command) in older.commands {
            self.state.commands.entry(key).or_insert(command);
        }
        self.state_since = Some(since);
    }

    /// Takes out the oldest rows, at most [`BATCH`].
    pub(crate) fn take_rows(&mut self) -> Vec<Row> {
        let count = self.rows.len().min(BATCH);
        let rows = self.rows.drain(..count).collect();
        self.writing = count;
        if self.rows.is_empty() {
            self.rows_since = None;
            // A burst's memory is given back; a quiet home needs little.
            self.rows.shrink_to(BATCH);
        }
        rows
    }

    /// Puts back rows that could not be written, in front, as far as there is room; the oldest go.
    pub(crate) fn put_back_rows(&mut self, rows: Vec<Row>, now: Instant) {
        self.writing = 0;
        for row in rows.into_iter().rev() {
            if self.rows.len() < RING {
                self.rows.push_front(row);
            } else {
                self.dropped += 1;
            }
        }
        if !self.rows.is_empty() {
            self.rows_since.get_or_insert(now);
        }
    }

    fn heard(&mut self, device: DeviceId, newer: Heard, now: Instant) {
        let heard = self.state.heard.entry(device).or_default();
        *heard = heard.then(newer);
        self.state_since.get_or_insert(now);
    }

    fn push(&mut self, row: Row, now: Instant) {
        if self.rows.len() >= RING {
            self.rows.pop_front();
            self.dropped += 1;
        }
        self.rows.push_back(row);
        self.rows_since.get_or_insert(now);
    }
}

/// The inbox, shared between all handles and the thread. The lock is held for memory work only, never while a disk is
/// waited for.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    inbox: Mutex<Inbox>,
    bell: Condvar,
}

impl Mailbox {
    /// The inbox. A panic while it was locked leaves it usable, as each change to it is whole.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes entries in, and wakes the thread only if it may be waiting for longer than it now should.
    pub(crate) fn put(&self, entries: Vec<Entry>) {
        let now = Instant::now();
        let mut inbox = self.lock();
        let (state, rows, full) = (inbox.state_since, inbox.rows_since, inbox.rows.len() >= BATCH);
        entries.into_iter().for_each(|entry| inbox.put(entry, now));
        let wake = state != inbox.state_since || rows != inbox.rows_since || full != (inbox.rows.len() >= BATCH);
        drop(inbox);
        if wake {
            self.bell.notify_one();
        }
    }

    /// Hands a request to the thread; gives it back if there is no thread any more.
    pub(crate) fn ask(&self, request: Request) -> Result<(), Request> {
        let mut inbox = self.lock();
        if inbox.closed {
            return Err(request);
        }
        inbox.requests.push_back(request);
        drop(inbox);
        self.bell.notify_one();
        Ok(())
    }

    /// Waits until there is a request or until `due` says that it is time; `due` is asked anew after each knock.
    pub(crate) fn wait(&self, due: impl Fn(&Inbox) -> Instant) -> VecDeque<Request> {
        let mut inbox = self.lock();
        loop {
            let left = due(&inbox).saturating_duration_since(Instant::now());
            if !inbox.requests.is_empty() || left.is_zero() {
                return std::mem::take(&mut inbox.requests);
            }
            inbox = self.bell.wait_timeout(inbox, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests;
