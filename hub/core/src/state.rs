//! What the hub task owns: the home, and what is needed beside it to understand reports.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use hub_model::{AdapterName, Device, DeviceId, Home, Origin, Room, RoomId};
use hub_store::{StoredDevice, StoredHome};

/// The home and its memory of what is gone. Pure: it does no I/O and reads no clock.
#[derive(Debug)]
pub struct State {
    /// The home as everyone sees it.
    pub home: Home,
    /// Devices that went, by every origin they had.
    pub tombstones: HashMap<Origin, Arc<Device>>,
    /// Devices whose adapter isn't running; they are reachable again when it finds them.
    pub adrift: HashSet<DeviceId>,
    /// Devices and rooms that the store doesn't have yet as they are now.
    pub dirty: Dirty,
    /// Devices whose nonsense has been logged, so that it is logged once.
    pub grumbled: HashSet<DeviceId>,
}

/// What has to be written to the registry because an adapter said so.
#[derive(Debug, Default)]
pub struct Dirty {
    /// Devices that are new, described anew, or gone.
    pub devices: BTreeSet<DeviceId>,
    /// Rooms made because a new device named them.
    pub rooms: BTreeSet<RoomId>,
}

impl State {
    /// The state as it was stored; every device is unreachable until its adapter finds it.
    pub fn loaded(stored: StoredHome, epoch: u64) -> Self {
        let mut home = Home::empty(epoch, stored.settings);
        home.floors = stored.floors.into_iter().map(|floor| (floor.id, Arc::new(floor))).collect();
        home.rooms = stored.rooms.into_iter().map(|room| (room.id, Arc::new(room))).collect();
        home.groups = stored.groups.into_iter().map(|group| (group.id, Arc::new(group))).collect();
        home.scenes = stored.scenes.into_iter().map(|scene| (scene.id, Arc::new(scene))).collect();
        home.people = stored.people.into_iter().map(|person| (person.id, Arc::new(person))).collect();
        let adrift = stored.devices.iter().map(|stored| stored.device.id).collect();
        for device in stored.devices {
            load_device(&mut home, device);
        }
        let mut state =
            Self { home, tombstones: HashMap::new(), adrift, dirty: Dirty::default(), grumbled: HashSet::new() };
        for tombstone in stored.tombstones {
            state.bury(Arc::new(tombstone.device));
        }
        state
    }

    /// Keeps what a gone device was, for when its origin comes back.
    pub fn bury(&mut self, device: Arc<Device>) {
        for origin in &device.origins {
            self.tombstones.insert(origin.clone(), Arc::clone(&device));
        }
    }

    /// The devices that an adapter carries.
    pub fn carried_by(&self, adapter: &AdapterName) -> Vec<DeviceId> {
        let carries = |device: &Device| device.origins.iter().any(|origin| origin.adapter == *adapter);
        self.home.devices().filter(|known| carries(&known.device)).map(|known| known.device.id).collect()
    }

    /// The room of that name, made if there is none.
    pub fn room_named(&mut self, name: &str) -> RoomId {
        if let Some(room) = self.home.rooms.values().find(|room| room.name.eq_ignore_ascii_case(name)) {
            return room.id;
        }
        let room = Room { id: RoomId::fresh(), name: name.to_owned(), floor: None };
        let id = room.id;
        self.home.rooms.insert(id, Arc::new(room));
        self.dirty.rooms.insert(id);
        id
    }
}

fn load_device(home: &mut Home, stored: StoredDevice) {
    let id = stored.device.id;
    home.put(Arc::new(stored.device));
    let Some(device) = home.device_mut(id) else { return };
    device.last_seen = stored.last_seen;
    for (endpoint, property, reading) in stored.readings {
        // A property that the device no longer offers has no slot; its history stays in the store.
        if let Some(slot) = device.device.slot(&endpoint, &property) {
            Arc::make_mut(&mut device.readings)[slot] = reading;
        }
    }
}
