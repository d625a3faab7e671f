//! The index from a topic to all that it tells: one look-up per message, however many devices there are.

use std::{collections::HashMap, sync::Arc};

use hub_model::DeviceKey;
use smol_str::SmolStr;

use super::plan::{Plan, Read};
use crate::{discovery::Beacon, payload::Payload};

/// The longest payload that is kept for entities whose configuration comes after it, in bytes.
const KEPT: usize = 16 * 1024;

/// A beacon's place: which availability, and which of its topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BeaconAt {
    pub(super) availability: usize,
    pub(super) beacon: usize,
}

/// One source of one entity of a device.
#[derive(Debug, Clone)]
struct Route {
    plan: Arc<Plan>,
    entity: usize,
    source: usize,
}

/// All that one topic tells.
#[derive(Debug, Default)]
pub(super) struct Topic {
    /// How many entities and beacons need it.
    users: usize,
    /// In the order of devices, so that one device's readings become one report.
    routes: Vec<Route>,
    beacons: Vec<(BeaconAt, Beacon)>,
    /// What was last heard, for entities that come later.
    last: Option<Box<[u8]>>,
    /// Which message that was, counted from 1; 0 for one that the broker repeated from its memory.
    last_number: u64,
}

/// All topics that the broker sends.
#[derive(Debug, Default)]
pub(super) struct Topics(HashMap<SmolStr, Topic>);

impl Topics {
    pub(super) fn all(&self) -> Vec<SmolStr> {
        self.0.keys().cloned().collect()
    }

    pub(super) fn has(&self, topic: &str) -> bool {
        self.0.contains_key(topic)
    }

    pub(super) fn get_mut(&mut self, topic: &str) -> Option<&mut Topic> {
        self.0.get_mut(topic)
    }

    /// Someone needs a topic; true if it is new.
    pub(super) fn need(&mut self, topic: &SmolStr) -> bool {
        let entry = self.0.entry(topic.clone()).or_default();
        entry.users += 1;
        entry.users == 1
    }

    /// Someone no longer needs a topic; true if nobody does.
    pub(super) fn release(&mut self, topic: &str) -> bool {
        let Some(entry) = self.0.get_mut(topic) else { return false };
        entry.users -= 1;
        let unused = entry.users == 0;
        if unused {
            self.0.remove(topic);
        }
        unused
    }

    /// Lets the topics of a device's new plan lead to it.
    pub(super) fn connect(&mut self, plan: &Arc<Plan>) {
        for (entity, placed) in plan.entities.iter().enumerate() {
            for (source, told) in placed.entity.part.sources().iter().enumerate() {
                if let Some(topic) = self.0.get_mut(&told.topic) {
                    let route = Route { plan: Arc::clone(plan), entity, source };
                    let at = topic.routes.partition_point(|known| known.plan.key <= plan.key);
                    topic.routes.insert(at, route);
                }
            }
        }
    }

    /// Takes the ways to a device's old plan away.
    pub(super) fn disconnect(&mut self, plan: &Plan) {
        for told in plan.entities.iter().flat_map(|placed| placed.entity.part.sources()) {
            if let Some(topic) = self.0.get_mut(&told.topic) {
                topic.routes.retain(|route| route.plan.key != plan.key);
            }
        }
    }

    pub(super) fn add_beacon(&mut self, at: BeaconAt, beacon: &Beacon) {
        if let Some(topic) = self.0.get_mut(&beacon.topic) {
            topic.beacons.push((at, beacon.clone()));
        }
    }

    pub(super) fn remove_beacon(&mut self, at: BeaconAt, topic: &str) {
        if let Some(topic) = self.0.get_mut(topic) {
            topic.beacons.retain(|(known, _)| *known != at);
        }
    }

    /// What a topic said last.
    pub(super) fn last(&self, topic: &str) -> Option<&[u8]> {
        self.0.get(topic)?.last.as_deref()
    }

    /// Which message a topic said last, counted from 1; 0 for one from the broker's memory.
    pub(super) fn last_number(&self, topic: &str) -> u64 {
        self.0.get(topic).map_or(0, |topic| topic.last_number)
    }
}

impl Topic {
    pub(super) fn keep(&mut self, payload: &[u8], number: u64) {
        self.last_number = number;
        match &mut self.last {
            // The usual case: the same JSON object with other numbers, and no need for new memory.
            Some(last) if last.len() == payload.len() => last.copy_from_slice(payload),
            last => *last = (payload.len() <= KEPT).then(|| payload.into()),
        }
    }

    /// One of the entities that the topic tells of, by its id.
    pub(super) fn first_entity(&self) -> Option<&SmolStr> {
        self.routes.first().map(|route| &route.plan.entities[route.entity].id)
    }

    /// What a message tells, device by device. What the broker repeats from its memory is no new occurrence.
    pub(super) fn read(&self, payload: &Payload<'_>, repeated: bool) -> Vec<(DeviceKey, Read)> {
        let mut told: Vec<(DeviceKey, Read)> = Vec::new();
        let mut heard = Vec::new();
        for route in &self.routes {
            if told.last().is_none_or(|(key, _)| *key != route.plan.key) {
                told.push((route.plan.key.clone(), Read::default()));
            }
            if let Some((_, read)) = told.last_mut() {
                route.plan.read(route.entity, route.source, payload, repeated, &mut heard, read);
            }
        }
        told
    }

    pub(super) fn beacons(&self, payload: &Payload<'_>) -> Vec<(BeaconAt, bool)> {
        self.beacons.iter().filter_map(|(at, beacon)| Some((*at, beacon.read(payload)?))).collect()
    }
}
