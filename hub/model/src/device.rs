//! Devices: what they are, not how they are just now.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    Action, ActionOffer, AdapterName, DeviceId, DeviceKey, EndpointId, Handle, Occurrence, Property, PropertyOffer,
    RoomId,
};

/// One physical thing, or a person or group that acts like one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Ours, for ever.
    pub id: DeviceId,
    /// For rules and scripts.
    pub handle: Handle,
    /// For people.
    pub name: String,
    /// Other names, for voice; with a language, or for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// What the owner says it is ("show as"), over what the adapter says of its first endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_as: Option<EndpointKind>,
    /// What its maker says it is.
    #[serde(default)]
    pub product: Product,
    /// Who carries it; several where two adapters carry the same thing.
    pub origins: Vec<Origin>,
    /// Its parts.
    pub endpoints: Vec<Arc<Endpoint>>,
}

/// Another name of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// A language tag (`en`, `zh-CN`); `None` for every language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<SmolStr>,
    /// The name.
    pub name: String,
}

/// What a maker says of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<SmolStr>,
    /// The model's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<SmolStr>,
    /// The version of its program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<SmolStr>,
    /// The serial number or hardware address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<SmolStr>,
}

/// The adapter that carries a device, and the adapter's own key for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Which adapter.
    pub adapter: AdapterName,
    /// The adapter's key.
    pub key: DeviceKey,
}

/// A part of a device that is used by itself: one gang of a switch, one probe, one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its name within the device.
    pub id: EndpointId,
    /// What it is.
    pub kind: EndpointKind,
    /// A name for people, where the device has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SmolStr>,
    /// What can be read and set; a property stands here at most once.
    pub properties: Vec<PropertyOffer>,
    /// What can be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionOffer>,
    /// What can happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occurrences: Vec<Occurrence>,
}

/// What an endpoint is to people; it picks the icon and the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum EndpointKind {
    Light,
    Plug,
    Switch,
    Sensor,
    Blind,
    Curtain,
    Garage,
    Door,
    Window,
    Lock,
    Thermostat,
    Fan,
    Purifier,
    Humidifier,
    Valve,
    Vacuum,
    Media,
    Camera,
    Button,
    Alarm,
    Appliance,
    Person,
    Group,
    Other,
}

impl EndpointKind {
    /// Every kind, in the order in which screens list them.
    pub const ALL: [Self; 24] = [
        Self::Light,
        Self::Plug,
        Self::Switch,
        Self::Sensor,
        Self::Blind,
        Self::Curtain,
        Self::Garage,
        Self::Door,
        Self::Window,
        Self::Lock,
        Self::Thermostat,
        Self::Fan,
        Self::Purifier,
        Self::Humidifier,
        Self::Valve,
        Self::Vacuum,
        Self::Media,
        Self::Camera,
        Self::Button,
        Self::Alarm,
        Self::Appliance,
        Self::Person,
        Self::Group,
        Self::Other,
    ];

    /// The word for it in files (`light`).
    pub const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Plug => "plug",
            Self::Switch => "switch",
            Self::Sensor => "sensor",
            Self::Blind => "blind",
            Self::Curtain => "curtain",
            Self::Garage => "garage",
            Self::Door => "door",
            Self::Window => "window",
            Self::Lock => "lock",
            Self::Thermostat => "thermostat",
            Self::Fan => "fan",
            Self::Purifier => "purifier",
            Self::Humidifier => "humidifier",
            Self::Valve => "valve",
            Self::Vacuum => "vacuum",
            Self::Media => "media",
            Self::Camera => "camera",
            Self::Button => "button",
            Self::Alarm => "alarm",
            Self::Appliance => "appliance",
            Self::Person => "person",
            Self::Group => "group",
            Self::Other => "other",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Device {
    /// A device of these parts that stands nowhere and is carried by nobody yet, named like its handle.
    pub fn new(id: DeviceId, handle: Handle, endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        Self {
            id,
            name: handle.to_string(),
            handle,
            aliases: Vec::new(),
            room: None,
            show_as: None,
            product: Product::default(),
            origins: Vec::new(),
            endpoints: endpoints.into_iter().map(Arc::new).collect(),
        }
    }

    /// The endpoint of that id.
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Arc<Endpoint>> {
        self.endpoints.iter().find(|endpoint| endpoint.id == *id)
    }

    /// What it is to people: what the owner says, else its first endpoint's kind.
    pub fn kind(&self) -> EndpointKind {
        self.show_as.or_else(|| self.endpoints.first().map(|endpoint| endpoint.kind)).unwrap_or(EndpointKind::Other)
    }

    /// Where a property's reading stands among the device's [readings](crate::HomeDevice::readings).
    pub fn slot(&self, endpoint: &EndpointId, property: &Property) -> Option<usize> {
        let mut before = 0;
        for candidate in &self.endpoints {
            if candidate.id == *endpoint {
                return candidate.properties.iter().position(|offer| offer.property == *property).map(|at| before + at);
            }
            before += candidate.properties.len();
        }
        None
    }

    /// Every offer in the order of the device's readings.
    pub fn offers(&self) -> impl Iterator<Item = (&EndpointId, &PropertyOffer)> {
        self.endpoints.iter().flat_map(|endpoint| endpoint.properties.iter().map(|offer| (&endpoint.id, offer)))
    }
}

impl Endpoint {
    /// An endpoint that offers nothing yet.
    pub const fn new(id: EndpointId, kind: EndpointKind) -> Self {
        Self { id, kind, name: None, properties: Vec::new(), actions: Vec::new(), occurrences: Vec::new() }
    }

    /// The offer of a property.
    pub fn offer(&self, property: &Property) -> Option<&PropertyOffer> {
        self.properties.iter().find(|offer| offer.property == *property)
    }

    /// The offer of an action.
    pub fn action(&self, action: &Action) -> Option<&ActionOffer> {
        self.actions.iter().find(|offer| offer.action == *action)
    }
}
