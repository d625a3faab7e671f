//! When a device that was removed is told so again. Pure.
//!
//! One that does not hear it remains a member of the fabric, and can be added nowhere else. It may be in sight all the
//! time, so that no news of it comes to try again by.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{discovery::Sighting, link::NodeId};

/// How long after a goodbye that was not heard the next is said: the first time, and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(3600));

/// Who is in sight, and whom goodbye was said to.
#[derive(Debug, Default)]
pub(super) struct Farewells {
    in_sight: BTreeMap<NodeId, Sighting>,
    said: BTreeMap<NodeId, Said>,
}

#[derive(Debug)]
struct Said {
    /// When it may be said again; none while it is being said.
    again: Option<Instant>,
    wait: Duration,
}

impl Farewells {
    /// A node shows itself there.
    pub(super) fn seen(&mut self, node: NodeId, sighting: Sighting) {
        self.in_sight.insert(node, sighting);
    }

    /// It does so no longer.
    pub(super) fn gone(&mut self, node: NodeId) {
        self.in_sight.remove(&node);
    }

    /// Whether nobody says goodbye to this node already; until it was heard or not, whoever asks does.
    pub(super) fn begins(&mut self, node: NodeId) -> bool {
        let said = self.said.entry(node).or_insert(Said { again: Some(Instant::now()), wait: AGAIN.0 });
        said.again.take().is_some()
    }

    /// It was heard.
    pub(super) fn heard(&mut self, node: NodeId) {
        self.said.remove(&node);
        self.in_sight.remove(&node);
    }

    /// It was not heard.
    pub(super) fn unheard(&mut self, node: NodeId, now: Instant) {
        if let Some(said) = self.said.get_mut(&node) {
            (said.again, said.wait) = (Some(now + said.wait), (said.wait * 2).min(AGAIN.1));
        }
    }

    /// Those of the nodes that are `leaving` to whom it can be said now, and where they are.
    pub(super) fn due(&self, leaving: &[NodeId], now: Instant) -> Vec<(NodeId, Sighting)> {
        let is_due =
            |node: &NodeId| self.said.get(node).is_none_or(|said| said.again.is_some_and(|again| again <= now));
        let due = leaving.iter().filter(|node| is_due(node));
        due.filter_map(|node| Some((*node, self.in_sight.get(node)?.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(farewells: &Farewells, now: Instant) -> Vec<NodeId> {
        farewells.due(&[1, 2], now).into_iter().map(|(node, _)| node).collect()
    }

    #[test]
    fn a_goodbye_that_is_not_heard_is_said_again_ever_more_seldom_while_the_device_is_in_sight() {
        let (mut farewells, now) = (Farewells::default(), Instant::now());
        farewells.seen(1, Sighting { addresses: Vec::new(), port: 5540, text: Vec::new() });
        assert!(farewells.begins(1) && !farewells.begins(1), "one at a time");
        assert!(due(&farewells, now + AGAIN.1).is_empty(), "it is being said");
        farewells.unheard(1, now);
        assert!(due(&farewells, now).is_empty());
        assert_eq!(due(&farewells, now + AGAIN.0), [1], "the other is nowhere in sight");
        assert!(farewells.begins(1));
        farewells.unheard(1, now);
        assert!(due(&farewells, now + AGAIN.0).is_empty());
        assert_eq!(due(&farewells, now + AGAIN.0 * 2), [1]);
        farewells.gone(1);
        assert!(due(&farewells, now + AGAIN.1).is_empty());
        farewells.heard(1);
        assert!(farewells.begins(1));
    }
}
