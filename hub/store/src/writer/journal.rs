//! The journal lane: what waits goes to the disk, or back into the inbox when the disk fails.

use std::time::Instant;

use hub_model::Severity;

use super::{Writer, state_due};
use crate::{
    database::{Safety, Trouble},
    inbox::{BATCH, Row},
};

impl Writer {
    pub(super) fn write_state_if_due(&mut self) {
        let due = state_due(&self.mailbox.lock(), &self.hub.lane);
        if due.is_some_and(|due| due <= Instant::now()) {
            // A failure is handled there, and the state is back in the inbox.
            let _ = self.write_state(Safety::Journal);
        }
    }

    pub(super) fn write_state(&mut self, safety: Safety) -> rusqlite::Result<()> {
        let Some((state, since)) = self.mailbox.lock().take_state() else { return Ok(()) };
        self.hub.trust(&self.folder);
        let done = self.hub.write(&state, safety);
        match &done {
            Ok(()) => {
                if self.hub.lane.works() {
                    tracing::info!("The current state is written again.");
                    self.tell(
                        Severity::Info,
                        "The hub saves its state again",
                        "All last values are on the disk.".into(),
                    );
                }
                let mut health = self.health();
                health.state_stopped = false;
                health.state_written += state.readings.len() as u64;
                health.state_waited = health.state_waited.max(since.elapsed());
            }
            Err(error) => {
                self.mailbox.lock().put_back_state(state, since);
                self.state_failed(error, Instant::now());
            }
        }
        done
    }

    fn state_failed(&mut self, error: &rusqlite::Error, now: Instant) {
        {
            let mut health = self.health();
            health.state_stopped = true;
            health.last_error = Some(format!("hub.db: {error}"));
        }
        if self.hub.lane.fails(now) {
            tracing::error!(%error, "The current state can't be written; it is kept in memory.");
            self.tell(
                Severity::Warning,
                "The hub can't save its state",
                format!("{error}. The last values are kept in memory until it can."),
            );
        }
        self.hub.suspect |= Trouble::of(error) != Trouble::Full;
    }

    /// Everything that waits, batch by batch.
    pub(super) fn write_rows(&mut self, safety: Safety) -> rusqlite::Result<()> {
        // What is handed in meanwhile is not waited for, or a busy home would never let go.
        let batches = self.mailbox.lock().rows.len().div_ceil(BATCH);
        (0..batches).try_for_each(|_| {
            self.write_state_if_due();
            self.write_batch(safety)
        })
    }

    pub(super) fn write_batch(&mut self, safety: Safety) -> rusqlite::Result<()> {
        let rows = self.mailbox.lock().take_rows();
        if rows.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        self.history.trust(&self.folder);
        let done = self.history.write(&rows, safety);
        match &done {
            Ok(()) => {
                if self.history.lane.works() {
                    tracing::info!("History is written again.");
                    self.tell(Severity::Info, "History goes on", "What waited in memory is written now.".into());
                }
                let mut health = self.health();
                health.history_stopped = false;
                let values = rows.iter().filter(|row| matches!(row, Row::Value { .. })).count() as u64;
                health.history_written += values;
                health.log_written += rows.len() as u64 - values;
                drop(health);
                // Only now, so that whoever asks finds each row either waiting or written.
                self.mailbox.lock().writing = 0;
            }
            Err(error) => {
                self.mailbox.lock().put_back_rows(rows, now);
                self.rows_failed(error, now);
            }
        }
        self.warn_of_drops();
        done
    }

    fn rows_failed(&mut self, error: &rusqlite::Error, now: Instant) {
        {
            let mut health = self.health();
            health.history_stopped = true;
            health.last_error = Some(format!("history.db: {error}"));
        }
        if self.history.lane.fails(now) {
            tracing::error!(%error, "History can't be written; it waits in memory.");
            self.tell(
                Severity::Warning,
                "History has stopped",
                format!("history.db: {error}. It goes on by itself when the disk allows it."),
            );
        }
        match Trouble::of(error) {
            Trouble::Full => {}
            Trouble::Damaged => {
                if let Some(notice) = self.history.start_anew(&self.folder) {
                    let _ = self.warnings.try_send(notice);
                }
            }
            Trouble::ReadOnly | Trouble::Failed => self.history.suspect = true,
        }
    }

    fn warn_of_drops(&mut self) {
        let dropped = self.mailbox.lock().dropped;
        if dropped > 0 && !self.warned_of_drops {
            self.warned_of_drops = true;
            self.tell(
                Severity::Warning,
                "History has gaps",
                "The disk could not keep up, so that the oldest waiting rows were dropped.".into(),
            );
        }
    }
}
