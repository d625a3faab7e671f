//! The home as clients see it: the query that asks for all of it, and the shape of the answer.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// The fields of a [`Device`].
pub(crate) const DEVICE: &str = "{ id handle name room { id name } reachable lastSeen \
     endpoints { id kind name properties { id value unit } actions } }";

/// The fields of a [`Home`], of a query and of a snapshot alike.
pub(crate) fn home_fields() -> String {
    format!("{{ home {{ name }} rooms {{ id name }} scenes {{ id handle name }} devices {DEVICE} }}")
}

/// Everything that a client shows.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Home {
    /// What holds for the whole home.
    pub(crate) home: About,
    /// Its rooms.
    pub(crate) rooms: Vec<Room>,
    /// Its scenes.
    pub(crate) scenes: Vec<Scene>,
    /// Its devices.
    pub(crate) devices: Vec<Device>,
}

/// What holds for the whole home.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct About {
    /// Its name.
    pub(crate) name: String,
}

/// A room.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Room {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// A scene.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Scene {
    /// Its id.
    pub(crate) id: String,
    /// For scripts.
    pub(crate) handle: String,
    /// Its name.
    pub(crate) name: String,
}

/// A device with its readings.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Device {
    /// Its id.
    pub(crate) id: String,
    /// For scripts.
    pub(crate) handle: String,
    /// For people.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) room: Option<Room>,
    /// Whether it can be reached.
    pub(crate) reachable: bool,
    /// When it was last heard.
    pub(crate) last_seen: Option<Timestamp>,
    /// Its parts.
    pub(crate) endpoints: Vec<Endpoint>,
}

/// A part of a device.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Endpoint {
    /// Its id within the device.
    pub(crate) id: String,
    /// What it is, as the schema writes it (`LIGHT`).
    pub(crate) kind: String,
    /// Its name, where the device has several.
    pub(crate) name: Option<String>,
    /// Its readings.
    pub(crate) properties: Vec<Reading>,
    /// What it can do, by name (`lock.unlock`).
    pub(crate) actions: Vec<String>,
}

/// A property's value.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reading {
    /// The property's name (`brightness.level`).
    pub(crate) id: String,
    /// What it is; null for unknown.
    pub(crate) value: Value,
    /// The symbol of its unit; empty for none.
    pub(crate) unit: Option<String>,
}

impl Device {
    /// Every reading with the endpoint that it belongs to.
    pub(crate) fn readings(&self) -> impl Iterator<Item = (&Endpoint, &Reading)> {
        self.endpoints.iter().flat_map(|endpoint| endpoint.properties.iter().map(move |reading| (endpoint, reading)))
    }

    /// How scripts name a reading of it (`wall-switch/2/on_off.on`).
    pub(crate) fn path(&self, endpoint: &str, property: &str) -> String {
        if endpoint == "1" {
            format!("{}/{property}", self.handle)
        } else {
            format!("{}/{endpoint}/{property}", self.handle)
        }
    }
}

impl Endpoint {
    /// The value of a property; `None` where it has no such property.
    pub(crate) fn value(&self, property: &str) -> Option<&Value> {
        self.properties.iter().find(|reading| reading.id == property).map(|reading| &reading.value)
    }
}

impl Reading {
    /// The value with its unit, for people.
    pub(crate) fn text(&self) -> String {
        crate::output::value(&self.value, self.unit.as_deref().unwrap_or_default())
    }
}
