//! Sensors of a room's air.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{
        PropertySpec, carbon_dioxide, humidity, particulates, pressure, sound, temperature, volatile_organics,
    },
};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
    random::Random,
};

/// A sensor in a room. Each has an error of its own, as real ones have.
#[derive(Debug)]
pub(crate) struct AirSensor {
    room: Room,
    error: f64,
    random: Random,
}

/// Temperature and humidity, on a battery.
pub(crate) fn climate(name: &str, room: Room, seed: u64) -> Blueprint {
    sensor(name, room, &[&temperature::MEASURED, &humidity::MEASURED, &pressure::MEASURED], seed)
        .model("Air mini")
        .battery(61.0, 0.08)
}

/// Carbon dioxide and all else that people do to the air.
pub(crate) fn air_quality(name: &str, room: Room, seed: u64) -> Blueprint {
    let rows: [&'static PropertySpec; 5] = [
        &carbon_dioxide::MEASURED,
        &volatile_organics::INDEX,
        &temperature::MEASURED,
        &humidity::MEASURED,
        &sound::LEVEL,
    ];
    sensor(name, room, &rows, seed).model("Air pro")
}

/// Fine dust by size.
pub(crate) fn dust(name: &str, room: Room, seed: u64) -> Blueprint {
    sensor(name, room, &[&particulates::PM1, &particulates::PM2_5, &particulates::PM10], seed).model("Dust")
}

/// Temperature alone, from the mains.
pub(crate) fn plain(name: &str, room: Room, seed: u64) -> Blueprint {
    sensor(name, room, &[&temperature::MEASURED], seed).model("Air nano")
}

fn sensor(name: &str, room: Room, rows: &[&'static PropertySpec], seed: u64) -> Blueprint {
    let mut random = Random::new(seed, name);
    let body = AirSensor { room, error: 0.3 * random.noise(), random };
    Blueprint::new(name, room, EndpointKind::Sensor, body).offers(rows.iter().copied().map(PropertyOffer::new))
}

impl Body for AirSensor {
    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let (air, outside) = (&house[self.room], house.weather.pressure);
        panel.put(1, &temperature::MEASURED, air.temperature + self.error);
        panel.put(1, &humidity::MEASURED, (air.humidity + 2.0 * self.error).clamp(0.0, 100.0));
        panel.put(1, &pressure::MEASURED, outside);
        panel.put(1, &carbon_dioxide::MEASURED, air.carbon_dioxide);
        panel.put(
            1,
            &volatile_organics::INDEX,
            (40.0 + 0.12 * (air.carbon_dioxide - 400.0) + air.dust).clamp(0.0, 500.0),
        );
        panel.put(1, &particulates::PM1, air.dust * 0.6);
        panel.put(1, &particulates::PM2_5, air.dust);
        panel.put(1, &particulates::PM10, air.dust * 1.4);
        let recent = house.now.since(air.moved) < 60.0;
        let loud = if recent { 44.0 } else { 31.0 };
        panel.put(1, &sound::LEVEL, loud + self.random.noise());
    }
}
