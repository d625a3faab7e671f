//! The home as it is at one moment: a persistent structure, so that a snapshot costs nothing.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    Cursor, Device, DeviceId, EndpointId, Floor, FloorId, Group, GroupId, Handle, HomeSettings, Origin, Path, PathName,
    Person, PersonId, Property, Room, RoomId, Scene, SceneId, Value, handle::slug,
};

/// Everything that is known of the home, at one cursor. Cloning it is cheap; only the hub task changes one.
#[derive(Debug, Clone)]
pub struct Home {
    /// The last event that is in it.
    pub cursor: Cursor,
    /// What holds for the whole home.
    pub settings: Arc<HomeSettings>,
    /// The time zone of the settings.
    pub zone: TimeZone,
    /// What it has beside devices, while this hub runs.
    pub services: Services,
    /// Storeys.
    pub floors: OrdMap<FloorId, Arc<Floor>>,
    /// Rooms.
    pub rooms: OrdMap<RoomId, Arc<Room>>,
    /// Groups of devices.
    pub groups: OrdMap<GroupId, Arc<Group>>,
    /// Scenes.
    pub scenes: OrdMap<SceneId, Arc<Scene>>,
    /// People.
    pub people: OrdMap<PersonId, Arc<Person>>,
    /// Devices with their readings, oldest first.
    devices: OrdMap<DeviceId, HomeDevice>,
    by_handle: OrdMap<Handle, DeviceId>,
    by_origin: OrdMap<Origin, DeviceId>,
}

/// What adapters offer to the home beside their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Services {
    /// Messages by topic: there is a broker in the settings.
    pub messages: bool,
}

/// A device and how it is just now.
#[derive(Debug, Clone)]
pub struct HomeDevice {
    /// What it is.
    pub device: Arc<Device>,
    /// Whether it can be reached.
    pub reachable: bool,
    /// When it was last heard.
    pub last_seen: Option<Timestamp>,
    /// One for each property of each endpoint, in the order of [`Device::offers`].
    pub readings: Arc<[Reading]>,
}

/// The value of a property, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is.
    pub value: Value,
    /// Since when it is that.
    pub changed_at: Option<Timestamp>,
    /// When the device last said so.
    pub reported_at: Option<Timestamp>,
}

impl Reading {
    /// Of a property that was never reported.
    pub const UNKNOWN: Self = Self { value: Value::Unknown, changed_at: None, reported_at: None };
}

impl Home {
    /// A home with nothing in it.
    pub fn empty(epoch: u64, settings: HomeSettings) -> Self {
        Self {
            cursor: Cursor { epoch, seq: 0 },
            zone: TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC),
            settings: Arc::new(settings),
            services: Services::default(),
            floors: OrdMap::new(),
            rooms: OrdMap::new(),
            groups: OrdMap::new(),
            scenes: OrdMap::new(),
            people: OrdMap::new(),
            devices: OrdMap::new(),
            by_handle: OrdMap::new(),
            by_origin: OrdMap::new(),
        }
    }

    /// Every device, oldest first.
    pub fn devices(&self) -> impl ExactSizeIterator<Item = &HomeDevice> {
        self.devices.iter().map(|(_, device)| device)
    }

    /// The device of that id.
    pub fn device(&self, id: DeviceId) -> Option<&HomeDevice> {
        self.devices.get(&id)
    }

    /// The device of that id, to be changed. Its endpoints, handle and origins are changed by [`Home::put`] only.
    pub fn device_mut(&mut self, id: DeviceId) -> Option<&mut HomeDevice> {
        self.devices.get_mut(&id)
    }

    /// The device of that handle.
    pub fn by_handle(&self, handle: &str) -> Option<&HomeDevice> {
        self.by_handle.get(handle).and_then(|id| self.devices.get(id))
    }

    /// The device that an adapter knows by its key.
    pub fn by_origin(&self, origin: &Origin) -> Option<&HomeDevice> {
        self.by_origin.get(origin).and_then(|id| self.devices.get(id))
    }

    /// The device that a text names: its id or its handle.
    pub fn find(&self, id_or_handle: &str) -> Option<&HomeDevice> {
        self.by_handle(id_or_handle).or_else(|| self.device(id_or_handle.parse().ok()?))
    }

    /// Adds a device, or replaces its description; readings of the properties that it still has stay.
    pub fn put(&mut self, device: Arc<Device>) {
        let before = self.remove(device.id);
        let reading = |(endpoint, offer): (&EndpointId, &crate::PropertyOffer)| {
            let old = before.as_ref().and_then(|old| old.reading(endpoint, &offer.property));
            old.cloned().unwrap_or(Reading::UNKNOWN)
        };
        let readings = device.offers().map(reading).collect();
        self.by_handle.insert(device.handle.clone(), device.id);
        for origin in &device.origins {
            self.by_origin.insert(origin.clone(), device.id);
        }
        let (reachable, last_seen) = before.map_or((false, None), |old| (old.reachable, old.last_seen));
        self.devices.insert(device.id, HomeDevice { device, reachable, last_seen, readings });
    }

    /// Takes a device out.
    pub fn remove(&mut self, id: DeviceId) -> Option<HomeDevice> {
        let gone = self.devices.remove(&id)?;
        self.by_handle.remove(&gone.device.handle);
        for origin in &gone.device.origins {
            self.by_origin.remove(origin);
        }
        Some(gone)
    }

    /// The room whose name has that slug.
    pub fn room_by_slug(&self, wanted: &str) -> Option<&Arc<Room>> {
        self.rooms.values().find(|room| slug(&room.name) == wanted || room.name == wanted)
    }

    /// The group whose name has that slug.
    pub fn group_by_slug(&self, wanted: &str) -> Option<&Arc<Group>> {
        self.groups.values().find(|group| slug(&group.name) == wanted || group.name == wanted)
    }

    /// The scene of that handle or id.
    pub fn scene(&self, id_or_handle: &str) -> Option<&Arc<Scene>> {
        let by_id = id_or_handle.parse().ok().and_then(|id: SceneId| self.scenes.get(&id));
        by_id.or_else(|| self.scenes.values().find(|scene| scene.handle.as_str() == id_or_handle))
    }

    /// The path that people's words mean; `None` where no such device is. The property may be one it doesn't have.
    pub fn resolve(&self, name: &PathName) -> Option<Path> {
        let device = self.by_handle(name.handle.as_str())?.device.id;
        Some(Path { device, endpoint: name.endpoint.clone(), property: name.property.clone() })
    }

    /// The reading at a path.
    pub fn reading(&self, path: &Path) -> Option<&Reading> {
        self.device(path.device)?.reading(&path.endpoint, &path.property)
    }

    /// Puts another reading in the place of one, and gives that; `None` where the device has no such property.
    pub fn put_reading(&mut self, path: &Path, reading: Reading) -> Option<Reading> {
        self.reading_mut(path).map(|place| std::mem::replace(place, reading))
    }

    /// The place of a reading; `None` where the device has no such property.
    pub fn reading_mut(&mut self, path: &Path) -> Option<&mut Reading> {
        let known = self.devices.get_mut(&path.device)?;
        let slot = known.device.slot(&path.endpoint, &path.property)?;
        Arc::make_mut(&mut known.readings).get_mut(slot)
    }

    /// `wanted`, or the same with a number near the lowest, as no device has it. It looks at few numbers, so that
    /// thousands of devices of one name cost little.
    pub fn free_handle(&self, wanted: Handle) -> Handle {
        let taken = |handle: &Handle| self.by_handle.contains_key(handle);
        if !taken(&wanted) {
            return wanted;
        }
        let is_taken = |number: usize| taken(&wanted.numbered(number));
        // There are fewer devices than numbers, so that doubling meets a free one.
        let mut free = 2;
        while is_taken(free) {
            free *= 2;
        }
        let mut last_taken = free / 2;
        while free - last_taken > 1 {
            let middle = last_taken.midpoint(free);
            if is_taken(middle) {
                last_taken = middle;
            } else {
                free = middle;
            }
        }
        wanted.numbered(free)
    }
}

impl HomeDevice {
    /// The reading of a property; `None` where the device has no such property.
    pub fn reading(&self, endpoint: &EndpointId, property: &Property) -> Option<&Reading> {
        self.device.slot(endpoint, property).and_then(|slot| self.readings.get(slot))
    }

    /// Every reading with the offer that it belongs to.
    pub fn readings(&self) -> impl Iterator<Item = (&EndpointId, &crate::PropertyOffer, &Reading)> {
        self.device.offers().zip(self.readings.iter()).map(|((endpoint, offer), reading)| (endpoint, offer, reading))
    }
}
