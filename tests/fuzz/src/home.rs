//! A home in which every device offers all that there is, so that whatever a text names fits somewhere.

use std::sync::Arc;

use hub_model::{
    ActionOffer, Device, DeviceId, Endpoint, EndpointId, EndpointKind, Group, GroupId, Handle, Home, HomeSettings,
    Person, PersonId, PropertyOffer, Room, RoomId, Scene, SceneId, capability,
};

/// The names that the examples of rule files use.
const DEVICES: [(&str, EndpointKind); 8] = [
    ("hall-lamp", EndpointKind::Light),
    ("hall-motion", EndpointKind::Sensor),
    ("washer", EndpointKind::Appliance),
    ("bedside-button", EndpointKind::Button),
    ("front-door", EndpointKind::Door),
    ("bedroom-window", EndpointKind::Window),
    ("water-valve", EndpointKind::Valve),
    ("leak-sensor", EndpointKind::Alarm),
];
const ROOMS: [&str; 3] = ["Hall", "Kitchen", "Garden"];

/// The devices.
pub(crate) fn devices() -> Vec<Device> {
    let device = |(at, (name, kind)): (usize, (&str, EndpointKind))| Device {
        room: Some(RoomId::named(ROOMS[at % ROOMS.len()])),
        ..Device::new(DeviceId::named(name), Handle::from_words(name, "device"), [everything(kind)])
    };
    DEVICES.into_iter().enumerate().map(device).collect()
}

/// The rooms.
pub(crate) fn rooms() -> impl Iterator<Item = Room> {
    ROOMS.into_iter().map(|name| Room { id: RoomId::named(name), name: name.into(), floor: None })
}

/// A scene.
pub(crate) fn scene() -> Scene {
    let id = SceneId::named("good-night");
    Scene {
        id,
        handle: Handle::from_words("good-night", "scene"),
        name: "Good night".into(),
        position: 0,
        icon: None,
        steps: Vec::new(),
    }
}

/// All of it.
pub(crate) fn home() -> Home {
    let settings = HomeSettings { time_zone: "Europe/Berlin".into(), ..HomeSettings::default() };
    let mut home = Home::empty(1, settings);
    home.rooms.extend(rooms().map(|room| (room.id, Arc::new(room))));
    devices().into_iter().for_each(|device| home.put(Arc::new(device)));
    let members = DEVICES.iter().map(|(name, _)| DeviceId::named(name)).collect();
    let group = Group { id: GroupId::named("downstairs"), name: "Downstairs".into(), devices: members };
    home.groups.insert(group.id, Arc::new(group));
    home.scenes.insert(scene().id, Arc::new(scene()));
    let person = Person { id: PersonId::named("Alex"), name: "Alex".into(), account: None, device: None };
    home.people.insert(person.id, Arc::new(person));
    home
}

fn everything(kind: EndpointKind) -> Endpoint {
    let mut endpoint = Endpoint::new(EndpointId::first(), kind);
    endpoint.properties = capability::properties().map(PropertyOffer::new).collect();
    endpoint.actions = capability::actions().map(ActionOffer::new).collect();
    endpoint.occurrences = capability::occurrences().map(Into::into).collect();
    endpoint
}
