use hub_model::{
    Device, EndpointId, Occurrence, Origin, PropertyOffer, Said, Value, What,
    capability::{brightness, button, on_off, power},
};
use proptest::prelude::*;

use super::*;
use crate::fixture::{adapter, at, empty, lamp, read, say, with_lamp};

mod scale;

#[test]
fn a_new_device_gets_a_handle_from_its_name_and_is_reachable() {
    let mut state = with_lamp();
    let second = say(&mut state, "lamp2", 1, Said::Found(Box::new(lamp("Hall lamp"))));
    assert!(state.home.by_handle("hall-lamp").is_some_and(|known| known.reachable));
    let id = state.home.by_handle("hall-lamp-2").unwrap().device.id;
    assert_eq!(second.changes, [What::Device(id), What::Reachable { device: id, reachable: true }]);
    assert!(state.dirty.devices.contains(&id));
}

#[test]
fn a_report_says_what_is_and_only_a_difference_is_a_change() {
    let mut state = with_lamp();
    let first = say(&mut state, "lamp", 1, read(&on_off::ON, true));
    assert!(matches!(&first.changes[..], [What::Changed { old: Value::Unknown, new: Value::Bool(true), .. }]));
    let again = say(&mut state, "lamp", 2, read(&on_off::ON, true));
    assert!(again.changes.is_empty());
    let reading = &again.readings[0].reading;
    assert_eq!((reading.changed_at, reading.reported_at), (Some(at(1)), Some(at(2))));
}

#[test]
fn nonsense_is_dropped_and_grumbled_about_once() {
    let mut state = with_lamp();
    let beyond = say(&mut state, "lamp", 1, read(&brightness::LEVEL, 120.0));
    assert_eq!(beyond.dropped, 1);
    assert_eq!(beyond.grumble.unwrap(), "hall-lamp: brightness.level takes 0 to 100, not 120");
    let unknown = say(&mut state, "lamp", 2, read(&power::WATTS, 1.0));
    assert_eq!((unknown.dropped, unknown.grumble), (1, None));
    assert!(say(&mut state, "nobody", 2, read(&on_off::ON, true)).dropped == 1);
    assert!(state.home.by_handle("hall-lamp").unwrap().readings.iter().all(|reading| reading.value == Value::Unknown));
}

#[test]
fn a_device_that_went_comes_back_with_its_id_name_and_room() {
    let mut state = empty();
    let found = || Said::Found(Box::new(Found { room: Some("Hall".into()), ..lamp("Lamp") }));
    say(&mut state, "lamp", 0, found());
    let before = Device::clone(&state.home.by_handle("lamp").unwrap().device);
    assert_eq!(state.home.rooms.len(), 1);
    say(&mut state, "lamp", 1, Said::Gone);
    assert!(state.home.by_handle("lamp").is_none());
    say(&mut state, "lamp", 2, found());
    assert_eq!(*state.home.by_handle("lamp").unwrap().device, before);
}

#[test]
fn what_the_owner_decided_stays_when_the_adapter_describes_the_device_anew() {
    let mut state = with_lamp();
    let known = Device::clone(&state.home.by_handle("hall-lamp").unwrap().device);
    state.home.put(Arc::new(Device { name: "Our lamp".into(), ..known }));
    say(&mut state, "lamp", 1, read(&on_off::ON, true));
    let mut found = lamp("Another name");
    found.endpoints[0].properties.insert(0, PropertyOffer::new(&power::WATTS));
    say(&mut state, "lamp", 2, Said::Found(Box::new(found)));
    let known = state.home.by_handle("hall-lamp").unwrap();
    assert_eq!(known.device.name, "Our lamp");
    let on = known.reading(&EndpointId::first(), &(&on_off::ON).into()).unwrap();
    assert_eq!(on.value, Value::Bool(true), "readings keep their property though the slots moved");
}

#[test]
fn devices_of_an_adapter_that_fails_are_unreachable_until_it_finds_them() {
    let mut state = with_lamp();
    say(&mut state, "lamp", 1, read(&on_off::ON, true));
    let lost = cast_adrift(&mut state, &adapter(), at(2));
    assert!(matches!(lost.changes[..], [What::Reachable { reachable: false, .. }]));
    let known = state.home.by_handle("hall-lamp").unwrap();
    assert_eq!(known.readings[0].value, Value::Bool(true), "the last value stays");
    let back = say(&mut state, "lamp", 3, Said::Found(Box::new(lamp("Hall lamp"))));
    assert!(matches!(back.changes[..], [What::Reachable { reachable: true, .. }]));
}

#[test]
fn an_occurrence_is_an_event_every_time() {
    let mut state = with_lamp();
    let press = || Said::Occurred(EndpointId::first(), Occurrence::from(&button::SINGLE));
    assert_eq!(say(&mut state, "lamp", 1, press()).changes.len(), 1);
    assert_eq!(say(&mut state, "lamp", 1, press()).changes.len(), 1);
}

proptest! {
    #[test]
    fn the_home_is_always_what_was_said_last(levels in proptest::collection::vec((-50.0..150.0f64, any::<bool>()), 1..60)) {
        let mut state = with_lamp();
        let (mut level, mut on) = (Value::Unknown, Value::Unknown);
        for (second, (number, bool)) in levels.into_iter().enumerate() {
            let second = second as i64;
            say(&mut state, "lamp", second, read(&brightness::LEVEL, number));
            say(&mut state, "lamp", second, read(&on_off::ON, bool));
            if (0.0..=100.0).contains(&number) {
                level = Value::Number(number);
            }
            on = Value::Bool(bool);
        }
        let origin = Origin { adapter: adapter(), key: hub_model::DeviceKey::new("lamp") };
        let known = state.home.by_origin(&origin).unwrap();
        prop_assert_eq!(&known.readings[0].value, &on);
        prop_assert_eq!(&known.readings[1].value, &level);
    }
}
