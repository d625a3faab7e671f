//! Which entities are there. Devices of one bridge share their words about it, so each such set of words is held, and
//! judged, once.

use std::collections::{BTreeMap, HashMap};

use hub_model::DeviceKey;

use super::topics::BeaconAt;
use crate::discovery::Availability;

#[derive(Debug)]
struct Shared {
    availability: Availability,
    said: Vec<Option<bool>>,
    last: Option<usize>,
    /// What was said, and who spoke last, before the connection broke.
    before: (Vec<Option<bool>>, Option<usize>),
    /// How many entities of each device follow it.
    devices: BTreeMap<DeviceKey, usize>,
}

/// All availabilities with at least one topic.
#[derive(Debug, Default)]
pub(super) struct Availabilities {
    shared: HashMap<usize, Shared>,
    by_words: HashMap<String, usize>,
    next: usize,
}

/// What became of following or leaving.
pub(super) struct Changed {
    pub(super) id: usize,
    /// Whether its topics are to be added or removed now.
    pub(super) first_or_last: bool,
}

impl Availabilities {
    /// An entity of a device follows `availability`.
    pub(super) fn follow(&mut self, availability: &Availability, key: &DeviceKey) -> Changed {
        let known = self.by_words.get(&availability.words).copied();
        let id = known.unwrap_or(self.next);
        if known.is_none() {
            self.next += 1;
            self.by_words.insert(availability.words.clone(), id);
            let said = vec![None; availability.beacons.len()];
            let before = (said.clone(), None);
            let shared =
                Shared { availability: availability.clone(), said, last: None, before, devices: BTreeMap::new() };
            self.shared.insert(id, shared);
        }
        if let Some(shared) = self.shared.get_mut(&id) {
            *shared.devices.entry(key.clone()).or_default() += 1;
        }
        Changed { id, first_or_last: known.is_none() }
    }

    /// An entity of a device no longer follows it.
    pub(super) fn leave(&mut self, availability: &Availability, key: &DeviceKey) -> Option<Changed> {
        let id = *self.by_words.get(&availability.words)?;
        let shared = self.shared.get_mut(&id)?;
        let followers = shared.devices.get_mut(key)?;
        *followers -= 1;
        if *followers == 0 {
            shared.devices.remove(key);
        }
        let last = shared.devices.is_empty();
        if last {
            self.shared.remove(&id);
            self.by_words.remove(&availability.words);
        }
        Some(Changed { id, first_or_last: last })
    }

    /// A beacon spoke; the devices whose entities are now there, or no longer.
    pub(super) fn said(&mut self, at: BeaconAt, available: bool) -> Vec<DeviceKey> {
        let Some(shared) = self.shared.get_mut(&at.availability) else { return Vec::new() };
        let before = shared.judge();
        if let Some(said) = shared.said.get_mut(at.beacon) {
            *said = Some(available);
        }
        shared.last = Some(at.beacon);
        if shared.judge() == before { Vec::new() } else { shared.devices.keys().cloned().collect() }
    }

    /// The connection is over: what was said counts for nothing until it is said again, or [`Self::trust`]ed.
    pub(super) fn doubt(&mut self) {
        for shared in self.shared.values_mut() {
            let nothing = vec![None; shared.said.len()];
            let (said, last) = (std::mem::replace(&mut shared.said, nothing), shared.last.take());
            // A connection that broke before anybody spoke says nothing against what was said before it.
            if last.is_some() {
                shared.before = (said, last);
            }
        }
    }

    /// Nobody took back what was said before the connection, so that it holds where nothing was said since.
    pub(super) fn trust(&mut self) {
        for shared in self.shared.values_mut() {
            for (said, before) in shared.said.iter_mut().zip(&shared.before.0) {
                *said = said.or(*before);
            }
            shared.last = shared.last.or(shared.before.1);
        }
    }

    /// Whether entities with these words are there; `None` while nobody said.
    pub(super) fn judge(&self, words: &str) -> Option<bool> {
        self.shared.get(self.by_words.get(words)?)?.judge()
    }
}

impl Shared {
    fn judge(&self) -> Option<bool> {
        self.availability.judge(&self.said, self.last)
    }
}
