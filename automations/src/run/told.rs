//! What people were told of rules, so that nobody is told twice, not after a restart either.

use std::collections::BTreeSet;

use hub_core::Session;

/// What stands in a list of things to be told now: mistakes, or findings of a review.
#[derive(Debug)]
pub(super) struct ToldBefore {
    /// Under this name the hub keeps them.
    note: &'static str,
    known: BTreeSet<String>,
    /// What this run of the hub has logged.
    logged: BTreeSet<String>,
}

/// What one note holds, and a little less.
const LONGEST: usize = 60 << 10;

impl ToldBefore {
    /// What was told by earlier runs of the hub.
    pub(super) fn recall(session: &Session, note: &'static str) -> Self {
        // Who can't read what was told tells it again.
        let kept = session.recall(note).ok().flatten().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { note, known: kept.unwrap_or_default(), logged: BTreeSet::new() }
    }

    /// These are all there are now. It gives those to be logged, and those that people have not been told of; what is no
    /// longer there is told anew when it comes again.
    pub(super) async fn turn_to(&mut self, session: &Session, now: BTreeSet<String>) -> (Vec<String>, Vec<String>) {
        let new: Vec<String> = now.difference(&self.known).cloned().collect();
        let unlogged = now.difference(&self.logged).cloned().collect();
        if now != self.known {
            // More than fit are told again, which is better than never.
            let bytes = serde_json::to_vec(&now).ok().filter(|bytes| bytes.len() <= LONGEST).unwrap_or_default();
            if let Err(error) = session.keep(self.note, &bytes).await {
                tracing::warn!(%error, "It can't be kept what people were told of the rules; after a restart they are told again.");
            }
        }
        self.known.clone_from(&now);
        self.logged = now;
        (unlogged, new)
    }
}
