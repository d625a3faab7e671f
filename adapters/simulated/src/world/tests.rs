//! What the world promises, over days and seeds.

use std::collections::{HashMap, HashSet};

use hub_model::{
    Action, EndpointId, Property, PropertyOffer, Value,
    capability::{
        PropertySpec, appliance, battery, brightness, button, contact, lock, occupancy, on_off, power, presence,
        temperature,
    },
};
use proptest::prelude::*;

use super::*;

/// 2026-11-16 00:00, a Monday.
const MONDAY: Moment = Moment(1_794_787_200.0);
const DAY: u64 = 24 * 60;

fn world(seed: u64, start: Moment) -> (World, Vec<(DeviceKey, Found)>) {
    World::new(Recipe { seed, plain: 0, drop_off: true }, start)
}

fn live(world: &mut World, minutes: u64) -> Vec<(DeviceKey, Said)> {
    (0..minutes).flat_map(|_| world.step(Duration::from_secs(60))).collect()
}

/// Every value of a property of a device, in order.
fn values(said: &[(DeviceKey, Said)], device: &str, property: &'static PropertySpec) -> Vec<Value> {
    readings(said)
        .filter(|(key, _, is, _)| key.0 == device && **is == property.into())
        .map(|found| found.3.clone())
        .collect()
}

fn readings(said: &[(DeviceKey, Said)]) -> impl Iterator<Item = (&DeviceKey, &EndpointId, &Property, &Value)> {
    said.iter().flat_map(|(key, said)| {
        let readings = if let Said::Read(readings) = said { readings.as_slice() } else { &[] };
        readings.iter().map(move |(endpoint, property, value)| (key, endpoint, property, value))
    })
}

fn occurred(said: &[(DeviceKey, Said)], device: &str) -> HashSet<String> {
    let of_device = said.iter().filter(|(key, _)| key.0 == device);
    of_device
        .filter_map(|(_, said)| if let Said::Occurred(_, what) = said { Some(what.to_string()) } else { None })
        .collect()
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let life = |seed| live(&mut world(seed, MONDAY).0, 2 * DAY);
    assert_eq!(life(7), life(7));
    assert_ne!(life(7), life(8));
}

#[test]
fn keys_are_the_same_whatever_the_seed() {
    let keys = |seed| world(seed, MONDAY).1.into_iter().map(|(key, _)| key.0.to_string()).collect::<Vec<_>>();
    assert_eq!(keys(1), keys(2));
    let unique: HashSet<String> = keys(1).into_iter().collect();
    assert_eq!(unique.len(), keys(1).len());
    for name in ["bench-lamp", "hall-lamp", "hall-motion", "washer", "wall-switch", "front-door-lock"] {
        assert!(unique.contains(name), "{name}");
    }
}

#[test]
fn no_endpoint_property_or_action_stands_twice() {
    for (key, found) in world(1, MONDAY).1 {
        let endpoints: HashSet<&EndpointId> = found.endpoints.iter().map(|endpoint| &endpoint.id).collect();
        assert_eq!(endpoints.len(), found.endpoints.len(), "{key}");
        for endpoint in &found.endpoints {
            let properties: HashSet<&Property> = endpoint.properties.iter().map(|offer| &offer.property).collect();
            assert_eq!(properties.len(), endpoint.properties.len(), "{key}/{}", endpoint.id);
            let actions: HashSet<&Action> = endpoint.actions.iter().map(|offer| &offer.action).collect();
            assert_eq!(actions.len(), endpoint.actions.len(), "{key}/{}", endpoint.id);
        }
    }
}

#[test]
fn every_property_has_a_value_from_the_start_unless_its_device_is_silent() {
    let (mut world, found) = world(3, MONDAY);
    let said = live(&mut world, 1);
    for (key, found) in found {
        for endpoint in found.endpoints {
            for offer in endpoint.properties.iter().filter(|offer| offer.reports) {
                let known =
                    readings(&said).any(|(of, at, is, _)| (of, at, is) == (&key, &endpoint.id, &offer.property));
                // Progress is there only while an update runs.
                assert!(known || offer.property.as_str() == "firmware.progress", "{key}/{}", offer.property);
            }
        }
    }
}

#[test]
fn nobody_touches_the_bench_lamp_in_a_month() {
    let (mut world, _) = world(5, MONDAY);
    let said = live(&mut world, 30 * DAY);
    let lamp: Vec<&Said> = said.iter().filter(|(key, _)| key.0 == "bench-lamp").map(|(_, said)| said).collect();
    assert!(lamp.iter().all(|said| matches!(said, Said::Read(_) | Said::Reachable(true))));
    assert!(values(&said, "bench-lamp", &on_off::ON).iter().all(|on| *on == Value::Bool(false)));
    let levels = values(&said, "bench-lamp", &brightness::LEVEL);
    assert!(levels.len() > 100 && levels.iter().all(|level| *level == levels[0]));
}

#[test]
fn a_week_has_all_that_happens_in_a_home() {
    let (mut world, _) = world(11, MONDAY);
    let said = live(&mut world, 7 * DAY);
    let both = |device, property| {
        let values = values(&said, device, property);
        assert!(values.contains(&true.into()) && values.contains(&false.into()), "{device} {}", property.name);
    };
    both("alex", &presence::HOME);
    both("robin", &presence::HOME);
    both("hall-motion", &occupancy::OCCUPIED);
    both("front-door", &contact::OPEN);
    both("bedroom-window", &contact::OPEN);
    both("living-room-lamp", &on_off::ON);
    both("kitchen-lamp", &on_off::ON);
    for state in ["locked", "unlocked", "locking", "unlocking"] {
        assert!(values(&said, "front-door-lock", &lock::STATE).contains(&Value::text(state)), "{state}");
    }
    assert!(occurred(&said, "washer").contains(appliance::CYCLE_FINISHED.name));
    assert!(occurred(&said, "bedside-button").contains(button::SINGLE.name));
    assert!(occurred(&said, "doorbell").contains("doorbell.ring"));
    assert!(said.iter().any(|(_, said)| *said == Said::Reachable(false)), "a device drops off");
}

#[test]
fn a_lost_device_says_nothing_and_comes_back_with_its_values() {
    let (mut world, _) = world(2, MONDAY);
    let said = live(&mut world, 7 * DAY);
    let lost = said.iter().position(|(_, said)| *said == Said::Reachable(false)).expect("a week has a loss");
    let device = &said[lost].0;
    let mut after = said[lost + 1..].iter().filter(|(key, _)| key == device).map(|(_, said)| said);
    assert_eq!(after.next(), Some(&Said::Reachable(true)));
    assert!(matches!(after.next(), Some(Said::Read(_) | Said::Reachable(_))) || device.0 == "garden-lights");
}

#[test]
fn a_fast_clock_still_sees_the_door_open_and_close() {
    let (mut world, _) = world(4, MONDAY);
    let said: Vec<_> = (0..24).flat_map(|_| world.step(Duration::from_secs(3600))).collect();
    let door = values(&said, "front-door", &contact::OPEN);
    let turns = door.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(turns >= 8, "three people go and come: {door:?}");
}

#[test]
fn washing_draws_power_until_it_is_done() {
    let (mut world, _) = world(11, MONDAY);
    let said = live(&mut world, 7 * DAY);
    let washing = values(&said, "washer", &power::WATTS).iter().filter_map(Value::as_number).fold(0.0, f64::max);
    assert!(washing > 1500.0, "{washing}");
    let end =
        said.iter().position(|(key, said)| key.0 == "washer" && matches!(said, Said::Occurred(..))).expect("a cycle");
    let after = values(&said[end..], "washer", &power::WATTS);
    assert!(after[0].as_number().is_some_and(|watts| watts < 5.0), "{:?}", after[0]);
}

#[test]
fn a_thousand_plain_devices_say_little() {
    let (mut world, found) = World::new(Recipe { seed: 1, plain: 1000, drop_off: true }, MONDAY);
    assert!(found.len() > 1030);
    let first = world.step(Duration::ZERO);
    assert!(readings(&first).map(|(key, ..)| key).collect::<HashSet<_>>().len() > 1000);
    // The first ten minutes bring each its first regular report.
    live(&mut world, 10);
    let said = live(&mut world, 10);
    let plain = |key: &DeviceKey| key.0.starts_with("lamp-") || key.0.starts_with("sensor-");
    let reports = said.iter().filter(|(key, _)| plain(key)).count();
    assert!((900..=1100).contains(&reports), "{reports}");
}

/// What a week must keep to.
struct Watch {
    offers: HashMap<(DeviceKey, EndpointId, Property), PropertyOffer>,
    outside: HashSet<DeviceKey>,
    charging: HashSet<DeviceKey>,
    batteries: HashMap<DeviceKey, f64>,
}

impl Watch {
    fn new(found: Vec<(DeviceKey, Found)>) -> Self {
        let mut watch = Self {
            offers: HashMap::new(),
            outside: HashSet::new(),
            charging: HashSet::new(),
            batteries: HashMap::new(),
        };
        for (key, found) in found {
            if found.room.as_deref() == Some("Garden") {
                watch.outside.insert(key.clone());
            }
            for endpoint in found.endpoints {
                for offer in endpoint.properties {
                    if offer.property == (&battery::CHARGING).into() {
                        watch.charging.insert(key.clone());
                    }
                    watch.offers.insert((key.clone(), endpoint.id.clone(), offer.property.clone()), offer);
                }
            }
        }
        watch
    }

    fn check(&mut self, said: &[(DeviceKey, Said)]) -> Result<(), TestCaseError> {
        for (key, endpoint, property, value) in readings(said) {
            let offer = self.offers.get(&(key.clone(), endpoint.clone(), property.clone()));
            let offer = offer.ok_or_else(|| TestCaseError::fail(format!("{key} has no {endpoint}/{property}")))?;
            prop_assert!(offer.reports, "{} is silent", key);
            prop_assert!(*value != Value::Unknown && offer.check(value).is_ok(), "{}: {:?}", key, offer.check(value));
            let number = value.as_number().unwrap_or_default();
            if *property == (&temperature::MEASURED).into() && !self.outside.contains(key) {
                prop_assert!((5.0..=35.0).contains(&number), "{} has {} °C", key, number);
            }
            if *property == (&battery::LEVEL).into() && !self.charging.contains(key) {
                let before = self.batteries.insert(key.clone(), number).unwrap_or(100.0);
                prop_assert!(number <= before || number == 100.0, "the battery of {} rose to {}", key, number);
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn any_week_of_any_seed_is_sound(seed: u64, day in 0..365_u32) {
        let (mut world, found) = world(seed, MONDAY.after(f64::from(day) * 86_400.0));
        let mut watch = Watch::new(found);
        for _ in 0..7 {
            watch.check(&live(&mut world, DAY))?;
        }
    }
}
