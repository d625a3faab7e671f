//! The home as a place, and who lives there.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{AccountId, DeviceId, FloorId, GroupId, PersonId, RoomId};

/// What holds for the whole home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomeSettings {
    /// Its name.
    pub name: String,
    /// An IANA time zone (`Europe/Berlin`).
    pub time_zone: SmolStr,
    /// Degrees north; for sun times. None until the owner says so.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Metric or imperial, for showing; values are metric everywhere.
    pub units: UnitSystem,
    /// ISO 4217.
    pub currency: SmolStr,
    /// A language tag.
    pub language: SmolStr,
}

/// How numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitSystem {
    /// °C, m, l.
    #[default]
    Metric,
    /// °F, ft, gal.
    Imperial,
}

impl Default for HomeSettings {
    fn default() -> Self {
        Self {
            name: "Home".into(),
            time_zone: "UTC".into(),
            latitude: None,
            longitude: None,
            units: UnitSystem::Metric,
            currency: "EUR".into(),
            language: "en".into(),
        }
    }
}

/// A storey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// Ours.
    pub id: FloorId,
    /// For people.
    pub name: String,
    /// From the lowest to the highest; the ground floor is 0.
    pub level: i32,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Ours.
    pub id: RoomId,
    /// For people; its slug is what selectors use (`room:living-room`).
    pub name: String,
    /// Its storey.
    pub floor: Option<FloorId>,
}

/// Devices that the owner puts together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Ours.
    pub id: GroupId,
    /// For people; its slug is what selectors use (`group:downstairs`).
    pub name: String,
    /// Its members.
    pub devices: Vec<DeviceId>,
}

/// Somebody who lives here or visits. Where they are is a device with `presence.home`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Ours.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their access to the hub, if they have one.
    pub account: Option<AccountId>,
    /// The device that carries their presence.
    pub device: Option<DeviceId>,
}
