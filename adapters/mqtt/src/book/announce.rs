//! When devices are announced, unreachable, there again or gone.

use std::{collections::HashSet, sync::Arc, time::Instant};

use hub_model::{DeviceKey, Report, Said, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::{
    Book, Effects,
    plan::{Plan, Read},
};
use crate::{discovery::Entity, entity::Fade, payload::Payload};

impl Book {
    /// The broker is there; what it keeps will come.
    pub fn connect(&mut self, now: Instant) {
        self.connected = true;
        self.connection += 1;
        self.resync_at = Some(now + self.timing.resync);
        self.trust_at = Some(now + self.timing.trust);
        self.vanish_at = Some(now + self.timing.vanish);
    }

    /// The broker is away, and with it every device.
    pub fn disconnect(&mut self, at: Timestamp, effects: &mut Effects) {
        self.connected = false;
        (self.resync_at, self.trust_at, self.vanish_at) = (None, None, None);
        self.judge_all(at, effects);
        self.availabilities.doubt();
    }

    /// When [`Book::wake`] has something to do.
    pub fn wakes_at(&self) -> Option<Instant> {
        [self.settle_at, self.resync_at, self.trust_at, self.vanish_at, self.fades.next()].into_iter().flatten().min()
    }

    fn due(&self, key: &DeviceKey) -> Option<Instant> {
        let device = self.devices.get(key)?;
        let (first, last) = device.changed?;
        if device.entities.is_empty() {
            return Some(last + self.timing.gone);
        }
        Some((last + self.timing.settle).min(first + self.timing.settle_at_most))
    }

    /// Does what is due: announces settled devices, tells reachability anew after a connection, and lets go of what
    /// the broker no longer keeps.
    pub fn wake(&mut self, now: Instant, at: Timestamp, effects: &mut Effects) {
        if self.vanish_at.is_some_and(|due| due <= now) {
            self.vanish_at = None;
            self.let_go_of_vanished(now, effects);
        }
        while let Some((entity, value)) = self.fades.take_due(now) {
            self.fade(&entity, value, now, at, effects);
        }
        if self.settle_at.is_some_and(|due| due <= now) {
            self.announce_settled(now, at, effects);
        }
        if self.resync_at.is_some_and(|due| due <= now) {
            self.resync_at = None;
            self.judge_all(at, effects);
        }
        if self.trust_at.is_some_and(|due| due <= now) {
            self.trust_at = None;
            self.availabilities.trust();
            self.judge_all(at, effects);
        }
    }

    fn announce_settled(&mut self, now: Instant, at: Timestamp, effects: &mut Effects) {
        let mut settled: Vec<DeviceKey> =
            self.unsettled.iter().filter(|key| self.due(key).is_none_or(|due| due <= now)).cloned().collect();
        // In the order of keys, so that a home comes up alike each time.
        settled.sort_unstable();
        for key in settled {
            self.unsettled.remove(&key);
            self.announce(&key, now, at, effects);
        }
        self.settle_at = self.unsettled.iter().filter_map(|key| self.due(key)).min();
    }

    /// Tells the hub what a device is now, or that it is gone.
    fn announce(&mut self, key: &DeviceKey, now: Instant, at: Timestamp, effects: &mut Effects) {
        let Some(device) = self.devices.get_mut(key) else { return };
        device.changed = None;
        let old = device.plan.take();
        if let Some(old) = &old {
            self.topics.disconnect(old);
        }
        let entities = self.distinct(key);
        let Some(device) = self.devices.get_mut(key) else { return };
        let plan = Arc::new(Plan::new(key.clone(), entities));
        let report = |said| Report { key: key.clone(), at, said };
        // An entity may offer nothing, and a device of such entities is none.
        if plan.found.endpoints.is_empty() {
            if old.is_some() {
                effects.reports.push(report(Said::Gone));
                effects.plans.push((key.clone(), None));
            }
            device.reachable = None;
            if device.entities.is_empty() {
                self.forget(key);
            }
            return;
        }
        if old.as_ref().is_none_or(|old| old.found != plan.found) {
            effects.reports.push(report(Said::Found(Box::new(plan.found.clone()))));
        }
        device.plan = Some(Arc::clone(&plan));
        self.topics.connect(&plan);
        effects.plans.push((key.clone(), Some(Arc::clone(&plan))));
        self.tell_last(&plan, old.as_deref(), now, at, effects);
        if self.resync_at.is_none() {
            self.judge(key, at, effects);
        }
    }

    /// The entities of a device, sorted by their topics. The same one under two topics is the work of a program that
    /// forgot to delete the first; one is enough.
    fn distinct(&self, key: &DeviceKey) -> Vec<(SmolStr, Arc<Entity>)> {
        let mut unique: HashSet<(&SmolStr, &SmolStr)> = HashSet::new();
        let ids = self.devices.get(key).into_iter().flat_map(|device| &device.entities);
        let known = ids.filter_map(|id| Some((id, &self.entities.get(id)?.entity)));
        let first = known.filter(|(_, entity)| {
            entity.unique_id.as_ref().is_none_or(|unique_id| unique.insert((&entity.component, unique_id)))
        });
        first.map(|(id, entity)| (id.clone(), Arc::clone(entity))).collect()
    }

    /// What the topics of new entities said before their configuration came.
    fn tell_last(&mut self, plan: &Arc<Plan>, old: Option<&Plan>, now: Instant, at: Timestamp, effects: &mut Effects) {
        let mut read = Read::default();
        let mut heard = Vec::new();
        for (place, placed) in plan.entities.iter().enumerate() {
            let same = |old: &Plan| {
                let same = |known: &&super::plan::Placed| Arc::ptr_eq(&known.entity, &placed.entity);
                old.entities.iter().find(same).is_some_and(|known| known.placement == placed.placement)
            };
            if old.is_some_and(same) {
                continue;
            }
            for (source, told) in placed.entity.part.sources().iter().enumerate() {
                if let Some(last) = self.topics.last(&told.topic) {
                    // A button's first press announces it, and comes while its device still settles.
                    let born = self.entities.get(&placed.id).map_or(u64::MAX, |known| known.born);
                    let repeated = self.topics.last_number(&told.topic) < born;
                    plan.read(place, source, &Payload::new(last), repeated, &mut heard, &mut read);
                }
            }
        }
        self.report(&plan.key, read, now, at, effects);
    }

    /// The value of an entity's first property was not told again in time.
    fn fade(&mut self, entity: &SmolStr, value: Value, now: Instant, at: Timestamp, effects: &mut Effects) {
        let Some(known) = self.entities.get(entity) else { return };
        if let Fade::After(time, next) = known.entity.part.fades(&value) {
            self.fades.set(entity, Some((now + time, next)));
        }
        let plan = self.devices.get(&known.device).and_then(|device| device.plan.as_ref());
        let Some((endpoint, property)) = plan.and_then(|plan| plan.first_property(entity)) else { return };
        let said = Said::Read(vec![(endpoint, property, value)]);
        effects.reports.push(Report { key: known.device.clone(), at, said });
    }

    fn judge_all(&mut self, at: Timestamp, effects: &mut Effects) {
        let mut keys: Vec<DeviceKey> = self.devices.keys().cloned().collect();
        keys.sort_unstable();
        for key in keys {
            self.judge(&key, at, effects);
        }
    }

    /// Tells whether a device can be reached, if that is news.
    pub(super) fn judge(&mut self, key: &DeviceKey, at: Timestamp, effects: &mut Effects) {
        let Some(device) = self.devices.get(key).filter(|device| device.plan.is_some()) else { return };
        let reachable = if self.connected { self.is_there(device) } else { Some(false) };
        let (Some(now), before) = (reachable, device.reachable) else { return };
        if before != Some(now) {
            effects.reports.push(Report { key: key.clone(), at, said: Said::Reachable(now) });
            if let Some(device) = self.devices.get_mut(key) {
                device.reachable = Some(now);
            }
        }
    }

    /// A device is there while one of its entities is. Those that say nothing of it, like the triggers of a button,
    /// count only where no other has said anything; `None` while those that will say something have not.
    fn is_there(&self, device: &super::Device) -> Option<bool> {
        let entities = device.entities.iter().filter_map(|id| self.entities.get(id));
        let (mut told, mut silent) = (None, None);
        for known in entities {
            let availability = &known.entity.availability;
            if availability.beacons.is_empty() {
                silent = Some(true);
                continue;
            }
            match self.availabilities.judge(&availability.words) {
                Some(true) => return Some(true),
                Some(false) => told = Some(false),
                None => {}
            }
        }
        told.or(silent)
    }
}
