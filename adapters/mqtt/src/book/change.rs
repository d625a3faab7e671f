//! How the set of entities changes: added, changed, deleted; and which topics are needed for it.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Instant,
};

use hub_model::{DeviceKey, Shape};
use smol_str::SmolStr;

use super::{Book, Effects, Known, topics::BeaconAt};
use crate::{discovery::Entity, payload::Payload};

/// A short stand-in for a configuration's bytes.
pub(super) fn fingerprint(payload: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    payload.hash(&mut hasher);
    hasher.finish()
}

impl Book {
    pub(super) fn let_go_of_vanished(&mut self, now: Instant, effects: &mut Effects) {
        let vanished = self.entities.iter().filter(|(_, known)| known.retained && known.seen < self.connection);
        let vanished: Vec<SmolStr> = vanished.map(|(id, _)| id.clone()).collect();
        for id in vanished {
            self.remove(&id, now, effects);
        }
        let entities = &self.entities;
        self.bundles.retain(|_, members| members.iter().any(|id| entities.contains_key(id)));
    }

    pub(super) fn insert(
        &mut self,
        id: SmolStr,
        entity: Entity,
        known: impl FnOnce(Arc<Entity>, DeviceKey) -> Known,
        now: Instant,
        effects: &mut Effects,
    ) {
        // The new topics are asked for before the old ones are let go, so that a topic in both stays subscribed.
        let entity = Arc::new(entity);
        let key = self.device_of(&entity.device, now, effects);
        self.add_topics(&entity, &key, effects);
        if let Some(old) = self.entities.remove(&id) {
            self.release_topics(&old, effects);
            if old.device != key {
                self.leave_device(&id, &old.device, now);
            }
        }
        self.devices.entry(key.clone()).or_default().entities.insert(id.clone());
        self.entities.insert(id, known(entity, key.clone()));
        self.touch(&key, now);
    }

    pub(super) fn remove(&mut self, id: &SmolStr, now: Instant, effects: &mut Effects) {
        let Some(known) = self.entities.remove(id) else { return };
        self.fades.set(id, None);
        self.release_topics(&known, effects);
        self.leave_device(id, &known.device, now);
    }

    fn leave_device(&mut self, id: &SmolStr, key: &DeviceKey, now: Instant) {
        if let Some(device) = self.devices.get_mut(key) {
            device.entities.remove(id);
            self.touch(key, now);
        }
    }

    /// An entity has attributes that were not known before: its device is announced anew with them.
    pub(super) fn grow(&mut self, id: &SmolStr, attributes: &[(SmolStr, Shape)], now: Instant) {
        let Some(known) = self.entities.get_mut(id) else { return };
        let Some(part) = known.entity.part.grown(attributes) else { return };
        let mut entity = Entity::clone(&known.entity);
        entity.part = part;
        known.entity = Arc::new(entity);
        let key = known.device.clone();
        self.touch(&key, now);
    }

    pub(super) fn touch(&mut self, key: &DeviceKey, now: Instant) {
        if let Some(device) = self.devices.get_mut(key) {
            let first = device.changed.map_or(now, |(first, _)| first);
            device.changed = Some((first, now));
            self.unsettled.insert(key.clone());
            self.settle_at = self.settle_at.or(Some(now + self.timing.settle));
        }
    }

    pub(super) fn add_topics(&mut self, entity: &Entity, key: &DeviceKey, effects: &mut Effects) {
        for source in entity.part.sources() {
            self.need(&source.topic, effects);
        }
        if entity.availability.beacons.is_empty() {
            return;
        }
        let followed = self.availabilities.follow(&entity.availability, key);
        if followed.first_or_last {
            for (beacon, words) in entity.availability.beacons.iter().enumerate() {
                self.need(&words.topic, effects);
                let at = BeaconAt { availability: followed.id, beacon };
                self.topics.add_beacon(at, words);
                // The topic may have spoken before, for other devices.
                let last = self.topics.last(&words.topic).and_then(|last| words.read(&Payload::new(last)));
                if let Some(said) = last {
                    self.availabilities.said(at, said);
                }
            }
        }
    }

    pub(super) fn release_topics(&mut self, known: &Known, effects: &mut Effects) {
        for source in known.entity.part.sources() {
            self.release(&source.topic, effects);
        }
        let availability = &known.entity.availability;
        if availability.beacons.is_empty() {
            return;
        }
        if let Some(left) = self.availabilities.leave(availability, &known.device).filter(|left| left.first_or_last) {
            for (beacon, words) in availability.beacons.iter().enumerate() {
                self.topics.remove_beacon(BeaconAt { availability: left.id, beacon }, &words.topic);
                self.release(&words.topic, effects);
            }
        }
    }

    fn need(&mut self, topic: &SmolStr, effects: &mut Effects) {
        if self.topics.need(topic) {
            effects.topics.push(topic.clone());
        }
    }

    fn release(&mut self, topic: &SmolStr, effects: &mut Effects) {
        if self.topics.release(topic) {
            effects.topics.push(topic.clone());
        }
    }

    pub(super) fn forget(&mut self, key: &DeviceKey) {
        let marks = self.devices.remove(key).map(|device| device.marks).unwrap_or_default();
        for mark in marks {
            if self.marks.get(&mark) == Some(key) {
                self.marks.remove(&mark);
            }
        }
    }
}
