//! Where each node was reached last, so that after a restart it is looked for there at once. Some devices' announcements
//! come late, and on some networks not at all.

use std::collections::{BTreeMap, BTreeSet};

use adapter_api::Context;

use super::keeper::Notes;
use crate::{discovery::Sighting, link::NodeId};

/// How many nodes share a note, so that all are written at a few strokes and each note stays far below its 64 KiB.
const ON_A_PAGE: u64 = 64;

type Page = BTreeMap<NodeId, Sighting>;

/// The places.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: Page,
    /// Which notes there are.
    pages: BTreeSet<u64>,
}

impl Places {
    /// Those of the run before, for these nodes.
    pub(super) fn recall(context: &Context, nodes: &[NodeId]) -> Self {
        let pages: BTreeSet<u64> = nodes.iter().map(|node| node / ON_A_PAGE).collect();
        let recalled = |page: &u64| serde_json::from_slice::<Page>(&context.recall_lightly(&name(*page))?).ok();
        let mut known: Page = pages.iter().filter_map(recalled).flatten().collect();
        known.retain(|node, _| nodes.contains(node));
        Self { known, pages }
    }

    /// That of a node.
    pub(super) fn of(&self, node: NodeId) -> Option<Sighting> {
        self.known.get(&node).cloned()
    }

    /// Notes where a node was reached.
    pub(super) fn note(&mut self, node: NodeId, sighting: Sighting) {
        self.known.insert(node, sighting);
        self.pages.insert(node / ON_A_PAGE);
    }

    /// What is to be kept; forgets the places of nodes that are no `members` any more.
    pub(super) fn notes(&mut self, members: impl Fn(NodeId) -> bool) -> Notes {
        self.known.retain(|node, _| members(*node));
        let written = |page: &u64| {
            let on_it: BTreeMap<_, _> = self.known.range(page * ON_A_PAGE..(page + 1) * ON_A_PAGE).collect();
            let bytes = if on_it.is_empty() { Vec::new() } else { serde_json::to_vec(&on_it).unwrap_or_default() };
            (name(*page), bytes)
        };
        self.pages.iter().map(written).collect()
    }
}

fn name(page: u64) -> String {
    format!("places-{page}")
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
    async fn places_hold_over_a_restart_with_their_interface_and_go_with_their_node() {
        let (sender, _inbox) = mpsc::channel(8);
        let vault = Arc::new(MemoryVault::default());
        let context = Context::new(AdapterName::new_static("matter"), sender, vault, CancellationToken::new());
        let addresses = vec!["[fe80::1%3]:5540".parse().unwrap(), "192.0.2.7:5540".parse().unwrap()];
        let place = Sighting { addresses, port: 5540, text: vec![("SII".into(), "500".into())] };
        let mut places = Places::recall(&context, &[1, 2]);
        places.note(1, place.clone());
        places.note(2, place.clone());
        keep(&context, places.notes(|_| true)).await;
        let recalled = || [1, 2].map(|node| Places::recall(&context, &[1, 2]).of(node));
        assert_eq!(recalled(), [Some(place.clone()), Some(place.clone())]);
        keep(&context, places.notes(|node| node == 2)).await;
        assert_eq!(recalled(), [None, Some(place)]);
    }

    #[test]
    fn a_full_house_is_a_few_notes_of_which_each_has_room() {
        let mut places = Places::default();
        let addresses = vec!["[fe80::1234:5678:9abc:def0%3]:5540".parse().unwrap(); 8];
        let text = vec![("SII".into(), "500".into()); 6];
        for node in 1..=256 {
            places.note(node, Sighting { addresses: addresses.clone(), port: 5540, text: text.clone() });
        }
        let notes = places.notes(|_| true);
        assert_eq!(notes.len(), 5);
        assert!(notes.values().all(|note| note.len() < 64 << 10));
        assert!(places.notes(|_| false).values().all(Vec::is_empty), "pages that are empty are forgotten");
    }

    async fn keep(context: &Context, notes: Notes) {
        for (name, bytes) in notes {
            context.keep(&name, &bytes).await.unwrap();
        }
    }
}
