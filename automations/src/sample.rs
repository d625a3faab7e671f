//! A small home for the tests of this crate; its devices are called as those of the simulated home.

use std::sync::Arc;

use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, Group, GroupId, Home, HomeSettings, Limits, Occurrence, Path,
    PathName, Person, PersonId, PropertyOffer, Reading, Room, RoomId, Scene, SceneId, Services, Value,
    capability::{
        PropertySpec, appliance, battery, brightness, button, color_temperature, contact, fan, house, humidity, leak,
        lock, moisture, occupancy, on_off, particulates, power, presence, temperature, valve, variable,
    },
};
use jiff::Timestamp;

use EndpointKind::{Alarm, Appliance, Button, Door, Light, Lock, Other, Purifier, Sensor, Switch, Valve, Window};

/// The home, in a time zone.
pub(crate) fn home(zone: &str) -> Home {
    let mut home = Home::empty(
        1,
        HomeSettings {
            time_zone: zone.into(),
            latitude: Some(52.52),
            longitude: Some(13.405),
            ..HomeSettings::default()
        },
    );
    home.services = Services { messages: true };
    for name in ["Hall", "Kitchen", "Bedroom", "Garden", "Bathroom", "Living room"] {
        let room = Room { id: RoomId::named(name), name: name.into(), floor: None };
        home.rooms.insert(room.id, Arc::new(room));
    }
    for device in devices() {
        home.put(Arc::new(device));
    }
    let downstairs = ["hall-lamp", "kitchen-lamp"].map(DeviceId::named).to_vec();
    let group = Group { id: GroupId::named("Downstairs"), name: "Downstairs".into(), devices: downstairs };
    home.groups.insert(group.id, Arc::new(group));
    let scene = Scene {
        id: SceneId::named("good-night"),
        handle: "good-night".parse().unwrap(),
        name: "Good night".into(),
        icon: None,
        position: 0,
        steps: Vec::new(),
    };
    home.scenes.insert(scene.id, Arc::new(scene));
    for name in ["Alex", "Kim"] {
        let device = Some(DeviceId::named(&format!("{name}-phone").to_lowercase()));
        let person = Person { id: PersonId::named(name), name: name.into(), account: None, device };
        home.people.insert(person.id, Arc::new(person));
    }
    home
}

/// The home, with every device within reach.
pub(crate) fn reachable_home(zone: &str) -> Home {
    let mut home = home(zone);
    let ids: Vec<_> = home.devices().map(|known| known.device.id).collect();
    for id in ids {
        home.device_mut(id).unwrap().reachable = true;
    }
    home
}

fn devices() -> Vec<Device> {
    let dim: &[&'static PropertySpec] = &[&on_off::ON, &brightness::LEVEL];
    let white: &[&'static PropertySpec] = &[&on_off::ON, &brightness::LEVEL, &color_temperature::KELVIN];
    let mut wall_switch = device("wall-switch", "Kitchen", Switch, &[&on_off::ON]);
    let mut second = Endpoint::new("2".parse().unwrap(), Switch);
    second.properties = vec![PropertyOffer::new(&on_off::ON), PropertyOffer::new(&power::WATTS)];
    wall_switch.endpoints.push(Arc::new(second));
    let mut two_meters = device("two-meters", "Hall", Other, &[&on_off::ON]);
    for id in ["2", "3"] {
        let mut meter = Endpoint::new(id.parse().unwrap(), Other);
        meter.properties = vec![PropertyOffer::new(&power::WATTS)];
        two_meters.endpoints.push(Arc::new(meter));
    }
    let washer = device("washer", "Bathroom", Appliance, &[&on_off::ON, &power::WATTS]);
    let radiator = device("bedroom-radiator", "Bedroom", EndpointKind::Thermostat, &[&temperature::MEASURED]);
    let mut lamp = device("kitchen-lamp", "Kitchen", Light, white);
    let endpoint = Arc::make_mut(&mut lamp.endpoints[0]);
    endpoint.properties[2] = endpoint.properties[2].clone().within(Limits::new(2200.0, 6500.0));
    vec![
        device("hall-lamp", "Hall", Light, dim),
        device("bench-lamp", "Garden", Light, white),
        device("garden-lights", "Garden", Light, &[&on_off::ON]),
        lamp,
        device("bedside-lamp", "Bedroom", Light, dim),
        wall_switch,
        two_meters,
        device("hall-motion", "Hall", Sensor, &[&occupancy::OCCUPIED]),
        device("bathroom-motion", "Bathroom", Sensor, &[&occupancy::OCCUPIED]),
        device("front-door", "Hall", Door, &[&contact::OPEN]),
        device("bedroom-window", "Bedroom", Window, &[&contact::OPEN]),
        happening(
            device("bedside-button", "Bedroom", Button, &[]),
            vec![(&button::SINGLE).into(), (&button::LONG).into()],
        ),
        happening(washer, vec![(&appliance::CYCLE_FINISHED).into()]),
        acting(device("front-door-lock", "Hall", Lock, &[&lock::STATE])),
        device("leak-sensor", "Bathroom", Alarm, &[&leak::DETECTED]),
        device("water-valve", "Garden", Valve, &[&valve::OPEN, &moisture::MEASURED]),
        device("kitchen-air", "Kitchen", Sensor, &[&particulates::PM2_5]),
        device("bathroom-climate", "Bathroom", Sensor, &[&temperature::MEASURED, &humidity::MEASURED]),
        device("air-purifier", "Living room", Purifier, &[&on_off::ON, &fan::SPEED]),
        device("odd", "Hall", Other, &[]),
        device("alex-phone", "Hall", EndpointKind::Person, &[&presence::HOME]),
        device("kim-phone", "Hall", EndpointKind::Person, &[&presence::HOME]),
        device("house", "Hall", Other, &[&house::MODE]),
        device("vacation", "Hall", Other, &[&variable::FLAG]),
        device("counter", "Hall", Other, &[&variable::NUMBER]),
        device("door-sensor", "Hall", Sensor, &[&battery::LEVEL]),
        device("outdoor", "Garden", Sensor, &[&temperature::MEASURED]),
        radiator,
    ]
}

pub(crate) fn device(handle: &str, room: &str, kind: EndpointKind, properties: &[&'static PropertySpec]) -> Device {
    let mut endpoint = Endpoint::new(EndpointId::first(), kind);
    endpoint.properties = properties.iter().map(|spec| PropertyOffer::new(spec)).collect();
    Device {
        room: Some(RoomId::named(room)),
        ..Device::new(DeviceId::named(handle), handle.parse().unwrap(), [endpoint])
    }
}

pub(crate) fn happening(mut device: Device, occurrences: Vec<Occurrence>) -> Device {
    Arc::make_mut(&mut device.endpoints[0]).occurrences = occurrences;
    device
}

fn acting(mut device: Device) -> Device {
    let actions = [&lock::LOCK, &lock::UNLOCK].map(hub_model::ActionOffer::new).to_vec();
    Arc::make_mut(&mut device.endpoints[0]).actions = actions;
    device
}

/// The path that a text means.
pub(crate) fn path(home: &Home, text: &str) -> Path {
    home.resolve(&text.parse::<PathName>().unwrap()).unwrap()
}

/// Changes a reading, and returns what it was.
pub(crate) fn put(home: &mut Home, path: &Path, value: Value, at: Timestamp) -> Value {
    let known = home.device_mut(path.device).unwrap();
    let slot = known.device.slot(&path.endpoint, &path.property).unwrap();
    let mut readings = known.readings.to_vec();
    let new = Reading { value, changed_at: Some(at), reported_at: Some(at) };
    let old = std::mem::replace(&mut readings[slot], new);
    known.readings = readings.into();
    old.value
}
