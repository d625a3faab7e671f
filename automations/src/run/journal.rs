//! Keeps the runs that wait, so that they go on after a crash.

use std::time::Duration;

use hub_core::Session;
use tokio::{sync::watch, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::engine::Kept;

/// Under this name the hub keeps them.
const NOTE: &str = "runs";
/// What one note of the hub holds, and a little less.
const LONGEST: usize = 60 << 10;
/// From one writing to the next: an SD card is spared, and a crash loses this much at most.
const PAUSE: Duration = Duration::from_millis(500);

/// The writer of the journal. The newest list wins; those between are of no use to anybody.
pub(super) struct Journal {
    newest: watch::Sender<Vec<Kept>>,
    writer: JoinHandle<()>,
    end: CancellationToken,
}

impl Journal {
    /// Begins to write.
    pub(super) fn begin(session: Session) -> Self {
        let (newest, list) = watch::channel(Vec::new());
        let end = CancellationToken::new();
        Self { newest, writer: tokio::spawn(write(session, list, end.clone())), end }
    }

    /// What was kept at the end of the last hub.
    pub(super) fn read(session: &Session) -> Vec<Kept> {
        let Some(kept) = session.recall(NOTE) else { return Vec::new() };
        serde_json::from_slice(&kept).unwrap_or_else(|error| {
            tracing::warn!(%error, "The runs of rules that waited can't be read; they end here.");
            Vec::new()
        })
    }

    /// These wait now.
    pub(super) fn note(&self, kept: Vec<Kept>) {
        self.newest.send_replace(kept);
    }

    /// Writes what is not written yet, and ends.
    pub(super) async fn close(self) {
        drop(self.newest);
        self.end.cancel();
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "The journal of runs ended by a panic.");
        }
    }
}

async fn write(session: Session, mut list: watch::Receiver<Vec<Kept>>, end: CancellationToken) {
    // What was noted last is seen before the end of the channel is.
    while list.changed().await.is_ok() {
        let bytes = bytes(&list.borrow_and_update());
        if let Err(error) = session.keep(NOTE, &bytes).await {
            tracing::warn!(%error, "The runs of rules that wait can't be kept; they end with the hub.");
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = end.cancelled() => {}
        }
    }
}

/// As many as fit into one note, the oldest first. Nobody has more, but for a rule that starts itself without an end.
fn bytes(kept: &[Kept]) -> Vec<u8> {
    let mut fitting = kept;
    loop {
        let bytes = serde_json::to_vec(fitting).unwrap_or_default();
        if bytes.len() <= LONGEST || fitting.is_empty() {
            if fitting.len() < kept.len() {
                tracing::warn!(kept = fitting.len(), of = kept.len(), "Too many runs wait to keep them all.");
            }
            return bytes;
        }
        fitting = &fitting[..fitting.len() / 2];
    }
}
