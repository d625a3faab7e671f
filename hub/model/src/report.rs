//! What adapters say. A report says what is, never what changed: comparing is the hub's.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Endpoint, EndpointId, Occurrence, Product, Property, Value};

/// The name of an adapter (`mqtt`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AdapterName(pub SmolStr);

/// An adapter's own key for a device: stable across restarts, unique within the adapter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceKey(pub SmolStr);

/// Something that an adapter learnt about one of its devices.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Which device.
    pub key: DeviceKey,
    /// When it was learnt; history keeps this time, however late the report is handled.
    pub at: Timestamp,
    /// What was learnt.
    pub said: Said,
}

/// What a report says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// The device is there, and this is what it is. Said again, it replaces the description; readings stay.
    Found(Box<Found>),
    /// These properties have these values. It also means that the device was heard.
    Read(Vec<(EndpointId, Property, Value)>),
    /// Something happened.
    Occurred(EndpointId, Occurrence),
    /// Whether the device can be reached.
    Reachable(bool),
    /// The device is gone for good; it leaves a tombstone.
    Gone,
}

/// A device as its adapter describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The name it goes by; the owner's later name wins.
    pub name: String,
    /// A room's name that the device itself suggests; used only when the device is new.
    pub room: Option<String>,
    /// What its maker says it is.
    pub product: Product,
    /// Its parts.
    pub endpoints: Vec<FoundEndpoint>,
}

/// An endpoint as its adapter describes it.
pub type FoundEndpoint = Endpoint;

impl AdapterName {
    /// A name known at compile time.
    pub const fn new_static(name: &'static str) -> Self {
        Self(SmolStr::new_static(name))
    }
}

impl DeviceKey {
    /// A key.
    pub fn new(key: impl Into<SmolStr>) -> Self {
        Self(key.into())
    }
}

impl fmt::Display for AdapterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
