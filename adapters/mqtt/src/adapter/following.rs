//! Which topics others follow beside the devices, and which of the connection's subscriptions a message came by.
//!
//! Filters overlap: a rule may follow `zigbee2mqtt/#` while a lamp has `zigbee2mqtt/lamp`. Brokers then send a message
//! once, or once for each subscription, as they like. So every subscription has an identifier (MQTT 5, section
//! 3.8.2.1.2): [`BOOK`] for all those of the devices, and one for each filter that others follow. A message comes with
//! those that it was sent for, and goes to these alone.

use std::collections::{BTreeMap, HashMap};

use hub_model::TopicFilter;

/// The identifier of all that the book subscribes to.
pub(super) const BOOK: usize = 1;
/// Beyond it the protocol has no more (MQTT 5, section 1.5.5).
const LARGEST: usize = 268_435_455;

/// The filters that are followed now.
#[derive(Debug)]
pub(super) struct Following {
    by_filter: BTreeMap<TopicFilter, Followed>,
    by_id: HashMap<usize, TopicFilter>,
    last: usize,
}

/// A followed filter's subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Followed {
    pub(super) id: usize,
    /// Whether what the broker has kept is wanted, and then not what this hub publishes.
    pub(super) kept: bool,
}

/// What has become other.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turned {
    /// Followed from now on.
    pub(super) new: Vec<TopicFilter>,
    /// Followed no longer.
    pub(super) gone: Vec<TopicFilter>,
}

impl Following {
    pub(super) fn new() -> Self {
        Self { by_filter: BTreeMap::new(), by_id: HashMap::new(), last: BOOK }
    }

    /// Follows these from now on.
    pub(super) fn turn_to(&mut self, wanted: &BTreeMap<TopicFilter, bool>) -> Turned {
        let gone: Vec<_> = self.by_filter.keys().filter(|filter| !wanted.contains_key(*filter)).cloned().collect();
        let new: Vec<_> = wanted.keys().filter(|filter| !self.by_filter.contains_key(*filter)).cloned().collect();
        for filter in &gone {
            if let Some(followed) = self.by_filter.remove(filter) {
                self.by_id.remove(&followed.id);
            }
        }
        for filter in &new {
            // Those that are used are far fewer than there are.
            while self.last <= BOOK || self.by_id.contains_key(&self.last) {
                self.last = self.last % LARGEST + 1;
            }
            self.by_filter.insert(filter.clone(), Followed { id: self.last, kept: wanted[filter] });
            self.by_id.insert(self.last, filter.clone());
        }
        Turned { new, gone }
    }

    pub(super) fn filters(&self) -> impl Iterator<Item = &TopicFilter> {
        self.by_filter.keys()
    }

    /// A filter's subscription, where it is followed.
    pub(super) fn followed(&self, filter: &str) -> Option<Followed> {
        // A topic is a filter as well.
        self.by_filter.get(&filter.parse::<TopicFilter>().ok()?).copied()
    }

    /// The followed filters that a message came for. One without identifiers is of a broker that knows none, and then
    /// the filters themselves have to say.
    pub(super) fn wanting(&self, ids: &[usize], topic: &str) -> Vec<&TopicFilter> {
        if ids.is_empty() {
            return self.by_filter.keys().filter(|filter| filter.matches(topic)).collect();
        }
        ids.iter().filter_map(|id| self.by_id.get(id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(texts: &[&str]) -> BTreeMap<TopicFilter, bool> {
        texts.iter().map(|text| (text.parse().unwrap(), false)).collect()
    }

    #[test]
    fn each_filter_has_an_identifier_that_is_not_the_books() {
        let mut following = Following::new();
        let turned = following.turn_to(&filters(&["a/#", "a/b"]));
        assert_eq!((turned.new.len(), turned.gone.len()), (2, 0));
        let (all, one) = (following.followed("a/#").unwrap().id, following.followed("a/b").unwrap().id);
        assert!(all != one && all != BOOK && one != BOOK);
        let turned = following.turn_to(&filters(&["a/b", "c"]));
        assert_eq!(turned, Turned { new: vec!["c".parse().unwrap()], gone: vec!["a/#".parse().unwrap()] });
        assert_eq!(following.followed("a/#"), None);
        assert_eq!(following.followed("a/b").map(|followed| followed.id), Some(one));
        assert_eq!(following.turn_to(&filters(&["a/b", "c"])), Turned::default());
    }

    #[test]
    fn a_message_goes_to_the_filters_that_it_came_for() {
        let mut following = Following::new();
        following.turn_to(&filters(&["a/#", "a/b", "c"]));
        let id = following.followed("a/#").unwrap().id;
        let wanting = |ids: &[usize]| following.wanting(ids, "a/b").into_iter().map(TopicFilter::as_str).collect();
        let (one, none, all): (Vec<_>, Vec<_>, Vec<_>) = (wanting(&[BOOK, id]), wanting(&[BOOK]), wanting(&[]));
        assert_eq!((one, none, all), (vec!["a/#"], vec![], vec!["a/#", "a/b"]));
    }
}
