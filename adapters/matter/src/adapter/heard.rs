//! The last event of each node that was heard, kept as a note, so that events go on from there after a restart.

use std::{collections::BTreeMap, time::Duration};

use adapter_api::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keeper::Notes;
use crate::link::{FRESH, NodeId};

const NOTE: &str = "heard";

/// How often the note is written, where there was an event.
pub(super) const EVERY: Duration = Duration::from_secs(30);

/// The numbers of events, by their nodes.
pub(super) type Numbers = BTreeMap<NodeId, u64>;

#[derive(Serialize, Deserialize)]
struct Note {
    at: Timestamp,
    numbers: Numbers,
}

/// The numbers of the run before, if that ended just now; none otherwise.
pub(super) fn recall(context: &Context, now: Timestamp) -> Numbers {
    let note = context.recall_lightly(NOTE).and_then(|bytes| serde_json::from_slice::<Note>(&bytes).ok());
    let is_fresh = |at: Timestamp| now.duration_since(at).unsigned_abs() <= FRESH;
    note.filter(|note| is_fresh(note.at)).map(|note| note.numbers).unwrap_or_default()
}

/// The note.
pub(super) fn note(numbers: Numbers, now: Timestamp) -> Notes {
    let bytes = serde_json::to_vec(&Note { at: now, numbers });
    bytes.ok().map(|bytes| (NOTE.to_owned(), bytes)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use adapter_api::harness::MemoryVault;
    use hub_model::AdapterName;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn numbers_hold_over_a_restart_and_not_over_a_holiday() {
        let vault = Arc::new(MemoryVault::default());
        let (sender, _inbox) = mpsc::channel(8);
        let context = Context::new(AdapterName::new_static("matter"), sender, vault, CancellationToken::new());
        let (then, numbers) = (Timestamp::UNIX_EPOCH, Numbers::from([(3, 41)]));
        assert_eq!(recall(&context, then), Numbers::new());
        for (name, bytes) in note(numbers.clone(), then) {
            context.keep(&name, &bytes).await.unwrap();
        }
        assert_eq!(recall(&context, then + Duration::from_secs(5)), numbers);
        assert_eq!(recall(&context, then + Duration::from_secs(3600)), Numbers::new());
    }
}
