//! What a start finds in the folder.

use hub_model::{Device, EndpointId, Floor, Group, HomeSettings, Person, Property, Reading, Room, Scene};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Account, Token};

/// Everything of the home that was kept. Lists are in the order of their ids, which is the order of their making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredHome {
    /// What holds for the whole home; the defaults until they are first kept.
    pub settings: HomeSettings,
    /// Storeys.
    pub floors: Vec<Floor>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Groups of devices.
    pub groups: Vec<Group>,
    /// Scenes.
    pub scenes: Vec<Scene>,
    /// People.
    pub people: Vec<Person>,
    /// Devices, each with how it was last known.
    pub devices: Vec<StoredDevice>,
    /// Devices that are gone.
    pub tombstones: Vec<Tombstone>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Tokens.
    pub tokens: Vec<Token>,
}

/// A device and how it was when the hub last ran.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDevice {
    /// What it is.
    pub device: Device,
    /// Whether it could be reached then.
    pub reachable: bool,
    /// When it was last heard, to the microsecond.
    pub last_seen: Option<Timestamp>,
    /// What was last known, in no order. There may be readings of properties that the device no longer offers.
    pub readings: Vec<(EndpointId, Property, Reading)>,
}

/// A device that is gone. Its history stays, and if its origin is found again, it comes back as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// What it was.
    pub device: Device,
    /// When it went.
    pub removed_at: Timestamp,
}
