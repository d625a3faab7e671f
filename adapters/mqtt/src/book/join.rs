//! Which entities are parts of the same thing: those whose marks are linked, in whatever order they came.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use hub_model::DeviceKey;

use super::{Book, Effects};
use crate::discovery::DeviceBlock;

impl Book {
    /// The device that these marks identify. Devices that turn out to be one are joined: to the one that the hub knows
    /// already, else under the first of all their marks, which does not depend on the order of messages.
    pub(super) fn device_of(&mut self, block: &DeviceBlock, now: Instant, effects: &mut Effects) -> DeviceKey {
        let linked: BTreeSet<DeviceKey> = block.marks.iter().filter_map(|mark| self.marks.get(mark)).cloned().collect();
        let is_announced = |key: &&DeviceKey| self.devices.get(*key).is_some_and(|device| device.plan.is_some());
        let key = linked.iter().find(is_announced).cloned().unwrap_or_else(|| {
            let devices = linked.iter().filter_map(|key| self.devices.get(key));
            DeviceBlock::key(devices.flat_map(|device| &device.marks).chain(&block.marks))
        });
        for other in linked.iter().filter(|other| **other != key) {
            self.join(other, &key, now, effects);
        }
        let device = self.devices.entry(key.clone()).or_default();
        for mark in &block.marks {
            device.marks.insert(mark.clone());
            self.marks.insert(mark.clone(), key.clone());
        }
        key
    }

    /// Moves everything of one device to another.
    fn join(&mut self, from: &DeviceKey, to: &DeviceKey, now: Instant, effects: &mut Effects) {
        let Some(device) = self.devices.get_mut(from) else { return };
        let (entities, marks) = (std::mem::take(&mut device.entities), std::mem::take(&mut device.marks));
        self.touch(from, now);
        for id in &entities {
            let Some(mut known) = self.entities.remove(id) else { continue };
            self.add_topics(&Arc::clone(&known.entity), to, effects);
            self.release_topics(&known, effects);
            known.device = to.clone();
            self.entities.insert(id.clone(), known);
        }
        self.marks.extend(marks.iter().map(|mark| (mark.clone(), to.clone())));
        let device = self.devices.entry(to.clone()).or_default();
        device.entities.extend(entities);
        device.marks.extend(marks);
        self.touch(to, now);
    }
}
