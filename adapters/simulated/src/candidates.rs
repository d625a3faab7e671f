//! What can be added to the home: three devices that wait nearby, and what each asks before it comes.

use adapter_api::Candidate;
use hub_model::{
    DeviceKey, EndpointKind, PropertyOffer,
    capability::{button, contact, weight},
};

use crate::{
    blueprint::Blueprint,
    device::{Body, button::Button, lamp},
    house::Room,
    panel::Panel,
};

/// A device that waits to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// A lamp with a Matter setup code.
    ReadingLamp,
    /// A box for parcels that wants its PIN.
    ParcelBox,
    /// A remote whose button has to be pressed.
    Remote,
}

/// The setup code on the reading lamp: the sample code of the Matter core specification, 5.1.4.
pub(crate) const SETUP_CODE: &str = "34970112332";
/// The PIN on the parcel box.
pub(crate) const BOX_PIN: &str = "2468";

impl Waiting {
    /// Every one.
    pub(crate) const ALL: [Self; 3] = [Self::ReadingLamp, Self::ParcelBox, Self::Remote];

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ReadingLamp => "Reading lamp",
            Self::ParcelBox => "Parcel box",
            Self::Remote => "Remote",
        }
    }

    /// Its key, as a candidate and as a device.
    pub(crate) fn key(self) -> DeviceKey {
        DeviceKey::new(hub_model::handle::slug(self.name()))
    }

    /// The one of that key.
    pub(crate) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|waiting| waiting.key().0 == key)
    }

    /// How it shows itself nearby.
    pub(crate) fn candidate(self) -> Candidate {
        let (kind, model) = match self {
            Self::ReadingLamp => (EndpointKind::Light, "Glow colour"),
            Self::ParcelBox => (EndpointKind::Sensor, "Crate"),
            Self::Remote => (EndpointKind::Button, "Click 2"),
        };
        let (vendor, model) = (Some("Hearth".into()), Some(model.into()));
        Candidate { key: self.key(), name: self.name().into(), kind, vendor, model }
    }

    /// What it is once it is added.
    pub(crate) fn blueprint(self) -> Blueprint {
        match self {
            Self::ReadingLamp => lamp::lamp(self.name(), Room::Living, lamp::Ability::Colour),
            Self::ParcelBox => Blueprint::new(self.name(), Room::Hall, EndpointKind::Sensor, ParcelBox)
                .model("Crate")
                .offers([&contact::OPEN, &weight::KILOGRAMS].map(PropertyOffer::new))
                .battery(100.0, 0.2),
            Self::Remote => Blueprint::new(self.name(), Room::Living, EndpointKind::Button, Button)
                .model("Click 2")
                .occurrences([&button::SINGLE, &button::DOUBLE, &button::LONG, &button::RELEASE])
                .endpoint(EndpointKind::Button)
                .occurrences([&button::SINGLE, &button::DOUBLE, &button::LONG, &button::RELEASE])
                .battery(100.0, 0.05),
        }
    }
}

/// A box for parcels: closed and empty until somebody writes a postman.
#[derive(Debug)]
struct ParcelBox;

impl Body for ParcelBox {
    fn begin(&mut self, panel: &mut Panel, _house: &mut crate::house::House) {
        panel.put(1, &contact::OPEN, false);
        panel.put(1, &weight::KILOGRAMS, 0.0);
    }
}
