//! Which rules and runs an event concerns.

use std::collections::{BTreeSet, HashMap};

use hub_model::{DeviceId, EndpointId, Occurrence, Path, RuleId, SceneId, TopicFilter};
use smol_str::SmolStr;

use super::armed::{Slot, ThreadId};
use crate::plan::{Check, Plan, Watch};

/// A trigger of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hook {
    pub(super) slot: Slot,
    pub(super) watch: usize,
}

impl Hook {
    /// The rule, and which of its triggers it is.
    pub(super) const fn of_rule(self) -> (Slot, Option<usize>) {
        (self.slot, Some(self.watch))
    }
}

/// What can concern rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// A property has another value.
    Path(Path),
    /// A device can be reached, or no longer.
    Reach(DeviceId),
    /// Something happens.
    Occurrence(DeviceId, EndpointId, Occurrence),
    /// A message comes.
    Message(TopicFilter),
    /// A scene was run.
    Scene(SceneId),
    /// A rule begins to run.
    Rule(RuleId),
    /// Words are said.
    Words(SmolStr),
    /// An answer is chosen.
    Answer(SmolStr),
    /// The hub has started.
    Started,
}

/// Rules by what concerns them. Sets are ordered, so that rules always come in the same order.
#[derive(Debug, Default)]
pub(super) struct Index {
    hooks: HashMap<Topic, BTreeSet<Hook>>,
    /// The topics of messages among them.
    filters: BTreeSet<TopicFilter>,
    /// Whether rules may wait for other messages than when last asked.
    other_messages: bool,
    /// Rules whose plan names a device.
    devices: HashMap<DeviceId, BTreeSet<Slot>>,
    /// Rules whose plan any change of the home's description may change; also those that have none.
    floating: BTreeSet<Slot>,
    /// Runs that wait until a condition holds, by what it looks at.
    waiting: HashMap<Topic, BTreeSet<ThreadId>>,
}

impl Index {
    /// Enters a plan's triggers.
    pub(super) fn hook(&mut self, slot: Slot, plan: &Plan) {
        each_topic(slot, plan, |hook, topic| {
            if let Topic::Message(filter) = &topic {
                self.other_messages = true;
                self.filters.insert(filter.clone());
            }
            self.hooks.entry(topic).or_default().insert(hook);
        });
    }

    /// Takes a plan's triggers out.
    pub(super) fn unhook(&mut self, slot: Slot, plan: &Plan) {
        each_topic(slot, plan, |hook, topic| {
            remove(&mut self.hooks, &topic, &hook);
            if let Topic::Message(filter) = &topic {
                self.other_messages = true;
                if !self.hooks.contains_key(&topic) {
                    self.filters.remove(filter);
                }
            }
        });
    }

    /// A rule acts from now on, or no longer, and who waits for messages may be others.
    pub(super) const fn switched(&mut self) {
        self.other_messages = true;
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

    pub(super) fn wait(&mut self, check: &Check, thread: ThreadId) {
        each_topic_of(check, &mut |topic| {
            self.waiting.entry(topic).or_default().insert(thread);
        });
    }

    pub(super) fn stop_waiting(&mut self, check: &Check, thread: ThreadId) {
        each_topic_of(check, &mut |topic| remove(&mut self.waiting, &topic, &thread));
    }

    /// The triggers that something concerns.
    pub(super) fn hooked(&self, topic: &Topic) -> Vec<Hook> {
        self.hooks.get(topic).into_iter().flatten().copied().collect()
    }

    /// The topics of messages that rules wait for, where they may be others than when last asked.
    /// Those of rules that don't act are nobody's.
    pub(super) fn messages(&mut self, acts: impl Fn(Slot) -> bool) -> Option<Vec<TopicFilter>> {
        let is_wanted = |filter: &&TopicFilter| {
            let hooks = self.hooks.get(&Topic::Message((*filter).clone()));
            hooks.into_iter().flatten().any(|hook| acts(hook.slot))
        };
        let is_other = std::mem::take(&mut self.other_messages);
        is_other.then(|| self.filters.iter().filter(is_wanted).cloned().collect())
    }

    /// What a message on a topic is called by those who wait for it, whether they act or not.
    pub(super) fn filters_of(&self, topic: &str) -> Vec<TopicFilter> {
        self.filters.iter().filter(|filter| filter.matches(topic)).cloned().collect()
    }

    /// The runs that wait for something.
    pub(super) fn waiting(&self, topic: &Topic) -> Vec<ThreadId> {
        self.waiting.get(topic).into_iter().flatten().copied().collect()
    }
}

fn each_topic(slot: Slot, plan: &Plan, mut visit: impl FnMut(Hook, Topic)) {
    for (watch, what) in plan.watches.iter().enumerate() {
        let mut visit = |topic| visit(Hook { slot, watch }, topic);
        match what {
            Watch::Property { paths, .. } => paths.iter().cloned().map(Topic::Path).for_each(visit),
            Watch::Occurs { places, what } => {
                let topic = |(device, endpoint): &(DeviceId, EndpointId)| {
                    Topic::Occurrence(*device, endpoint.clone(), what.clone())
                };
                places.iter().map(topic).for_each(visit);
            }
            Watch::Reachable { devices, .. } => devices.iter().copied().map(Topic::Reach).for_each(visit),
            Watch::Holds { check, .. } => each_topic_of(check, &mut visit),
            Watch::Message { topic, .. } => visit(Topic::Message(topic.clone())),
            Watch::Scene(scene) => visit(Topic::Scene(*scene)),
            Watch::Rule(rule) => visit(Topic::Rule(rule.clone())),
            Watch::Phrase(phrases) => {
                phrases.iter().map(|phrase| Topic::Words(phrase.words.clone())).for_each(visit);
            }
            Watch::Answer(id) => visit(Topic::Answer(id.clone())),
            Watch::Started => visit(Topic::Started),
            Watch::Timed { .. } | Watch::Webhook(_) => {}
        }
    }
}

/// What a condition looks at, but for the time.
fn each_topic_of(check: &Check, visit: &mut impl FnMut(Topic)) {
    check.each_path(&mut |path| visit(Topic::Path(path.clone())));
    check.each_device(&mut |device| visit(Topic::Reach(device)));
    check.each_rule(&mut |rule| visit(Topic::Rule(rule.clone())));
}

fn remove<K: Eq + std::hash::Hash, V: Ord>(map: &mut HashMap<K, BTreeSet<V>>, key: &K, value: &V) {
    if let Some(set) = map.get_mut(key) {
        set.remove(value);
        if set.is_empty() {
            map.remove(key);
        }
    }
}
