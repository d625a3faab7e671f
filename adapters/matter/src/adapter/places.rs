//! Where each node was reached last, kept as a note for each, so that after a restart it is looked for there at once. Some
//! devices' announcements come late, and on some networks not at all.

use std::collections::BTreeMap;

use adapter_api::Context;

use crate::{discovery::Sighting, link::NodeId};

/// The places, as they are and as they were kept.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: BTreeMap<NodeId, Sighting>,
    kept: BTreeMap<NodeId, Sighting>,
}

impl Places {
    /// Those of the run before, for these nodes.
    pub(super) fn recall(context: &Context, nodes: &[NodeId]) -> Self {
        let recalled =
            |node: &NodeId| Some((*node, serde_json::from_slice(&context.recall_lightly(&note(*node))?).ok()?));
        let known: BTreeMap<_, _> = nodes.iter().filter_map(recalled).collect();
        Self { kept: known.clone(), known }
    }

    /// That of a node.
    pub(super) fn of(&self, node: NodeId) -> Option<Sighting> {
        self.known.get(&node).cloned()
    }

    /// Notes where a node was reached.
    pub(super) fn note(&mut self, node: NodeId, sighting: Sighting) {
        self.known.insert(node, sighting);
    }

    /// Makes what is new durable; forgets those of nodes that are no `members` any more.
    pub(super) async fn keep(&mut self, context: &Context, members: impl Fn(NodeId) -> bool) {
        self.known.retain(|node, _| members(*node));
        let gone = self.kept.keys().filter(|node| !self.known.contains_key(node)).map(|node| (*node, Vec::new()));
        let new = self.known.iter().filter(|(node, sighting)| self.kept.get(node) != Some(sighting));
        let new = new.filter_map(|(node, sighting)| Some((*node, serde_json::to_vec(sighting).ok()?)));
        for (node, bytes) in gone.chain(new) {
            if let Err(error) = context.keep(&note(node), &bytes).await {
                tracing::warn!(%error, "the addresses of Matter nodes can't be kept; after a restart they are searched for");
                return;
            }
        }
        self.kept.clone_from(&self.known);
    }
}

fn note(node: NodeId) -> String {
    format!("place-{node}")
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
        places.keep(&context, |_| true).await;
        let recalled = || [1, 2].map(|node| Places::recall(&context, &[1, 2]).of(node));
        assert_eq!(recalled(), [Some(place.clone()), Some(place.clone())]);
        places.keep(&context, |node| node == 2).await;
        assert_eq!(recalled(), [None, Some(place)]);
    }
}
