//! Which rules an event concerns.

use std::collections::{BTreeSet, HashMap};

use hub_model::{DeviceId, EndpointId, Occurrence, Path, TopicFilter};

use super::armed::{RunNumber, Slot};
use crate::plan::{Check, Plan, Watch};

/// A trigger of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hook {
    pub(super) slot: Slot,
    pub(super) watch: usize,
}

/// Rules by what concerns them. Sets are ordered, so that rules always come in the same order.
#[derive(Debug, Default)]
pub(super) struct Index {
    changes: HashMap<Path, BTreeSet<Hook>>,
    occurrences: HashMap<(DeviceId, EndpointId, Occurrence), BTreeSet<Hook>>,
    messages: HashMap<TopicFilter, BTreeSet<Hook>>,
    /// Whether `messages` may have other topics than were last asked for.
    other_topics: bool,
    /// Rules whose plan names a device.
    devices: HashMap<DeviceId, BTreeSet<Slot>>,
    /// Rules whose plan any change of the home's description may change; also those that have none.
    floating: BTreeSet<Slot>,
    /// Runs that wait until a condition on a property holds.
    waiting: HashMap<Path, BTreeSet<(Slot, RunNumber)>>,
}

impl Index {
    /// Enters a plan's triggers.
    pub(super) fn hook(&mut self, slot: Slot, plan: &Plan) {
        for (hook, key) in keys(slot, plan) {
            match key {
                Key::Change(path) => drop(self.changes.entry(path.clone()).or_default().insert(hook)),
                Key::Occurrence(key) => drop(self.occurrences.entry(key).or_default().insert(hook)),
                Key::Message(topic) => {
                    self.other_topics = true;
                    self.messages.entry(topic.clone()).or_default().insert(hook);
                }
            }
        }
    }

    /// Takes a plan's triggers out.
    pub(super) fn unhook(&mut self, slot: Slot, plan: &Plan) {
        for (hook, key) in keys(slot, plan) {
            match key {
                Key::Change(path) => remove(&mut self.changes, path, &hook),
                Key::Occurrence(key) => remove(&mut self.occurrences, &key, &hook),
                Key::Message(topic) => {
                    self.other_topics = true;
                    remove(&mut self.messages, topic, &hook);
                }
            }
        }
    }

    /// Enters what makes a rule's plan anew; no plan means anything does.
    pub(super) fn depend(&mut self, slot: Slot, plan: Option<&Plan>) {
        if plan.is_none_or(|plan| plan.floating) {
            self.floating.insert(slot);
        }
        for device in plan.into_iter().flat_map(|plan| &plan.devices) {
            self.devices.entry(*device).or_default().insert(slot);
        }
    }

    /// Takes out what [`Index::depend`] entered.
    pub(super) fn release(&mut self, slot: Slot, plan: Option<&Plan>) {
        self.floating.remove(&slot);
        for device in plan.into_iter().flat_map(|plan| &plan.devices) {
            remove(&mut self.devices, device, &slot);
        }
    }

    /// Adds the rules whose plan a change of a device's description may change.
    pub(super) fn described(&self, device: DeviceId, stale: &mut BTreeSet<Slot>) {
        stale.extend(self.devices.get(&device).into_iter().flatten());
        stale.extend(&self.floating);
    }

    /// Adds the rules whose plan a change of rooms, groups and the like may change.
    pub(super) fn rearranged(&self, stale: &mut BTreeSet<Slot>) {
        stale.extend(&self.floating);
    }

    pub(super) fn wait(&mut self, check: &Check, slot: Slot, run: RunNumber) {
        check.each_property(&mut |path, _, _| {
            self.waiting.entry(path.clone()).or_default().insert((slot, run));
        });
    }

    pub(super) fn stop_waiting(&mut self, check: &Check, slot: Slot, run: RunNumber) {
        check.each_property(&mut |path, _, _| remove(&mut self.waiting, path, &(slot, run)));
    }

    /// The triggers that look at a property.
    pub(super) fn at_path(&self, path: &Path) -> Vec<Hook> {
        self.changes.get(path).into_iter().flatten().copied().collect()
    }

    /// The runs that wait for a property.
    pub(super) fn waiting_at(&self, path: &Path) -> Vec<(Slot, RunNumber)> {
        self.waiting.get(path).into_iter().flatten().copied().collect()
    }

    /// The triggers that look out for an occurrence.
    pub(super) fn at_occurrence(&self, key: &(DeviceId, EndpointId, Occurrence)) -> Vec<Hook> {
        self.occurrences.get(key).into_iter().flatten().copied().collect()
    }

    /// The triggers that wait for messages which a filter lets through.
    pub(super) fn at_topic(&self, filter: &TopicFilter) -> Vec<Hook> {
        self.messages.get(filter).into_iter().flatten().copied().collect()
    }

    /// The topics of all triggers, where they may be others than when last asked.
    pub(super) fn topics(&mut self) -> Option<Vec<TopicFilter>> {
        std::mem::take(&mut self.other_topics).then(|| self.messages.keys().cloned().collect())
    }
}

enum Key<'a> {
    Change(&'a Path),
    Occurrence((DeviceId, EndpointId, Occurrence)),
    Message(&'a TopicFilter),
}

fn keys(slot: Slot, plan: &Plan) -> impl Iterator<Item = (Hook, Key<'_>)> {
    plan.watches.iter().enumerate().flat_map(move |(watch, what)| {
        let hook = Hook { slot, watch };
        let (paths, places) = match what {
            Watch::Property { paths, .. } => (&paths[..], None),
            Watch::Occurs { places, what } => (&[][..], Some((places, what))),
            Watch::Daily { .. } | Watch::Message { .. } => (&[][..], None),
        };
        let topic = if let Watch::Message { topic, .. } = what { Some(Key::Message(topic)) } else { None };
        let occurrences = places.into_iter().flat_map(|(places, what)| {
            let key = |(device, endpoint): &(DeviceId, EndpointId)| (*device, endpoint.clone(), what.clone());
            places.iter().map(key)
        });
        let changes = paths.iter().map(Key::Change);
        changes.chain(occurrences.map(Key::Occurrence)).chain(topic).map(move |key| (hook, key))
    })
}

fn remove<K: Eq + std::hash::Hash, V: Ord>(map: &mut HashMap<K, BTreeSet<V>>, key: &K, value: &V) {
    if let Some(set) = map.get_mut(key) {
        set.remove(value);
        if set.is_empty() {
            map.remove(key);
        }
    }
}
