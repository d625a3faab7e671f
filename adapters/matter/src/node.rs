//! A node as the hub sees it: one device, or with a bridge one for each of its children. What the node reports goes in
//! and what the hub should know comes out; commands go in and requests for the node come out. It knows neither sessions
//! nor time.

mod build;
pub(crate) mod descriptor;
mod group;
mod kind;
mod label;
mod mirror;
pub(crate) mod namespace;
mod part;

use std::collections::{BTreeMap, BTreeSet};

use hub_model::{Command, DeviceKey, Said};

pub use self::kind::kind_of_type;
use self::{build::Built, group::Group};
pub(crate) use self::{
    label::label_of,
    mirror::{Mirror, global},
};
use crate::{
    clock,
    cluster::{Cluster, FAMILIES, Refusal, Wanted},
    utility::ROOT,
    wire::{AttributePath, AttributeReport, EventReport, Request},
};

/// What is known of a node.
#[derive(Debug)]
pub struct Node {
    id: u64,
    mirror: Mirror,
    devices: BTreeMap<DeviceKey, Built>,
    /// The greatest number of an event that was heard, in this run or an earlier one.
    last_event: Option<u64>,
    /// Whether events are what was before the node was ours, and of no interest.
    history: bool,
    /// Endpoints of which nothing is known, though they were asked for.
    asked_for: BTreeSet<u16>,
}

impl Node {
    /// A node of which nothing is known yet. `last_event` is what [`Node::last_event`] of an earlier run said: events
    /// after it are told. Without it, events are history until [`Node::established`].
    pub fn new(id: u64, last_event: Option<u64>) -> Self {
        let (mirror, devices) = (Mirror::default(), BTreeMap::new());
        let history = last_event.is_none();
        Self { id, mirror, devices, last_event, history, asked_for: BTreeSet::new() }
    }

    /// The hub's key of the node itself; its bridged children have others.
    pub fn key(&self) -> DeviceKey {
        group::node_key(self.id)
    }

    /// The keys of every device that the node carries.
    pub fn keys(&self) -> impl Iterator<Item = &DeviceKey> {
        self.devices.keys()
    }

    /// The number of the last event that was heard, to be kept for the next run.
    pub const fn last_event(&self) -> Option<u64> {
        self.last_event
    }

    /// The version of each cluster's data (endpoint, cluster, version), for subscribing again without what is known.
    pub fn data_versions(&self) -> impl Iterator<Item = (u16, u32, u32)> {
        self.mirror.versions()
    }

    /// Endpoints that the node names but has told nothing of. Each is given once, until it has told something, is no longer
    /// named, or the node comes back.
    pub fn newly_missing(&mut self) -> Vec<u16> {
        let known: BTreeSet<u16> = self.mirror.endpoints().into_iter().collect();
        let missing = descriptor::parts(&self.mirror, 0).unwrap_or_default();
        let missing: BTreeSet<u16> = missing.difference(&known).copied().collect();
        let new = missing.difference(&self.asked_for).copied().collect();
        self.asked_for = missing;
        new
    }

    /// Whether an endpoint is still one of those that [`Node::newly_missing`] gave.
    pub(crate) fn misses(&self, endpoint: u16) -> bool {
        self.asked_for.contains(&endpoint) && !self.mirror.endpoints().contains(&endpoint)
    }

    /// Whether it has a clock that can be set.
    pub(crate) fn has_clock(&self) -> bool {
        descriptor::servers(&self.mirror, ROOT).any(|cluster| cluster == u64::from(clock::CLUSTER))
    }

    /// The node's endpoints that make up a device; none for a key that it doesn't carry.
    pub fn endpoints(&self, key: &DeviceKey) -> &[u16] {
        self.devices.get(key).map_or(&[], |built| &built.group.endpoints)
    }

    /// Says that the node has told all that it had: from now on every event is new.
    pub const fn established(&mut self) {
        self.history = false;
    }

    /// Takes in what a node reported: the whole of a report, however many messages it came in.
    pub fn update(&mut self, attributes: Vec<AttributeReport>, events: Vec<EventReport>) -> Vec<(DeviceKey, Said)> {
        let (mut touched, mut changed) = (BTreeSet::new(), BTreeSet::new());
        for report in attributes {
            let path = report.path;
            touched.insert(path);
            if self.mirror.put(report) {
                changed.insert(path);
            }
        }
        let mut said = self.reshape(&changed);
        let fresh: BTreeSet<DeviceKey> = said.iter().map(|(key, _)| key.clone()).collect();
        for (key, built) in &self.devices {
            let all = fresh.contains(key);
            let is_touched = |path: AttributePath| all || touched.contains(&path);
            said.extend(built.reachable(&self.mirror, is_touched).map(|is| (key.clone(), Said::Reachable(is))));
            let readings = built.readings(&self.mirror, is_touched);
            if !readings.is_empty() {
                said.push((key.clone(), Said::Read(readings)));
            }
        }
        for event in events {
            said.extend(self.hear(&event));
        }
        said
    }

    /// Says that the node was away for long: until [`Node::established`], events are history.
    pub const fn was_away(&mut self) {
        self.history = true;
    }

    /// Whether each device can be reached, now that the node itself can or can't.
    pub fn reachability(&mut self, connected: bool) -> Vec<(DeviceKey, Said)> {
        self.asked_for.clear();
        let of = |built: &Built| connected && built.reachable(&self.mirror, |_| true).unwrap_or(true);
        self.devices.iter().map(|(key, built)| (key.clone(), Said::Reachable(of(built)))).collect()
    }

    /// The requests that carry out a command, to be sent one after the other.
    pub fn plan(&mut self, key: &DeviceKey, command: &Command) -> Result<Vec<Request>, Refusal> {
        let built = self.devices.get(key).ok_or(Refusal::Gone)?;
        let part = built.parts.iter().find(|part| part.id == command.target.endpoint).ok_or(Refusal::Gone)?;
        let mut wanted = Wanted::new(command);
        for family in FAMILIES {
            for (endpoint, id) in part.clusters.iter().filter(|(_, id)| family.clusters.contains(id)) {
                (family.plan)(&Cluster::new(&self.mirror, *endpoint, *id), &mut wanted)?;
            }
        }
        let planned = wanted.finish()?;
        for (endpoint, level) in planned.levels {
            self.mirror.remember_level(endpoint, level);
        }
        Ok(planned.requests)
    }

    /// The request that gives a device a label (see [`label_of`]); `None` where it has that one already.
    pub(crate) fn relabel(&self, key: &DeviceKey, label: &str) -> Result<Option<Request>, Refusal> {
        let built = self.devices.get(key).ok_or(Refusal::Gone)?;
        label::relabel(&self.mirror, &built.group, label)
    }

    /// Describes again what changed in its shape, and forgets what has left.
    fn reshape(&mut self, changed: &BTreeSet<AttributePath>) -> Vec<(DeviceKey, Said)> {
        let groups = self.groups(changed);
        let gone: Vec<_> =
            self.devices.extract_if(.., |key, _| !groups.contains_key(key)).map(|(key, _)| key).collect();
        let mut said: Vec<_> = gone.into_iter().map(|key| (key, Said::Gone)).collect();
        for (key, group) in groups {
            let before = self.devices.get(&key);
            let is_shaped = |built: &Built| changed.iter().any(|path| built.is_shaped_by(path));
            if before.is_some_and(|built| built.group == group && !is_shaped(built)) {
                continue;
            }
            let built = Built::of(&self.mirror, group);
            if before.is_none_or(|before| before.found != built.found) {
                said.push((key.clone(), Said::Found(Box::new(built.found.clone()))));
            }
            self.devices.insert(key, built);
        }
        said
    }

    /// The devices that its endpoints make up, after a change.
    fn groups(&mut self, changed: &BTreeSet<AttributePath>) -> BTreeMap<DeviceKey, Group> {
        if changed.iter().any(group::decides) {
            self.forget_left();
            group::groups(&self.mirror, self.id)
        } else {
            self.devices.iter().map(|(key, built)| (key.clone(), built.group.clone())).collect()
        }
    }

    /// Forgets the endpoints that the root no longer names.
    fn forget_left(&mut self) {
        if let Some(parts) = descriptor::parts(&self.mirror, 0) {
            self.mirror.retain(|endpoint| endpoint == 0 || parts.contains(&endpoint));
        }
    }

    fn hear(&mut self, event: &EventReport) -> Option<(DeviceKey, Said)> {
        let is_old = self.last_event.is_some_and(|last| event.number <= last);
        self.last_event = self.last_event.max(Some(event.number));
        if is_old || self.history {
            return None;
        }
        self.devices.iter().find_map(|(key, built)| Some((key.clone(), built.hear(&self.mirror, event)?)))
    }
}

#[cfg(test)]
mod tests;
