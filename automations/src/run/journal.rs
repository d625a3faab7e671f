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
/// No run may have more; one that was told nothing has a few hundred bytes.
const LONGEST_RUN: usize = 8 << 10;
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
        let read = || match session.recall(NOTE).map_err(|error| error.to_string())? {
            Some(kept) => serde_json::from_slice(&kept).map_err(|error| error.to_string()),
            None => Ok(Vec::new()),
        };
        read().unwrap_or_else(|error| {
            tracing::warn!(error, "The runs of rules that waited can't be read; they end here.");
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

/// As many as fit into one note. A run that was told something long goes on without that, so that it takes no other's place.
fn bytes(kept: &[Kept]) -> Vec<u8> {
    let (mut runs, mut left_out) = (Vec::new(), 0_usize);
    let mut room = LONGEST;
    for run in kept {
        match written(run).filter(|run| run.len() < room) {
            // A comma comes after it.
            Some(run) => {
                room -= run.len() + 1;
                runs.push(run);
            }
            None => left_out += 1,
        }
    }
    if left_out > 0 {
        tracing::warn!(
            kept = runs.len(),
            left_out,
            "Too many runs wait to keep them all; the others end with the hub."
        );
    }
    format!("[{}]", runs.join(",")).into_bytes()
}

/// One of them as JSON; `None` where it is too long by itself.
fn written(run: &Kept) -> Option<String> {
    let whole = serde_json::to_string(run).ok()?;
    if whole.len() <= LONGEST_RUN {
        return Some(whole);
    }
    tracing::warn!(rule = %run.rule, "A run that waits was told too much to keep it; after a restart it goes on without.");
    let run = serde_json::to_string(&run.clone().without_body()).ok()?;
    (run.len() <= LONGEST_RUN).then_some(run)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn run(rule: &str, body: Value) -> Kept {
        let run = json!({ "rule": rule, "print": 7, "cause": { "actor": "hub" }, "body": body, "threads": [] });
        serde_json::from_value(run).unwrap()
    }

    fn again(kept: &[Kept]) -> Vec<Kept> {
        let bytes = bytes(kept);
        assert!(bytes.len() <= 64 << 10);
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_run_that_was_told_much_takes_no_other_s_place() {
        let long = run("told", json!("x".repeat(60 << 10)));
        let kept = [run("a", Value::Null), long.clone(), run("b", json!({ "x": 1 }))];
        assert_eq!(again(&kept), [kept[0].clone(), long.without_body(), kept[2].clone()]);
        assert_eq!(again(&[]), []);
    }

    #[test]
    fn as_many_runs_are_kept_as_fit() {
        let many = vec![run("a", json!("x".repeat(1000))); 100];
        assert!((50..100).contains(&again(&many).len()));
    }
}
