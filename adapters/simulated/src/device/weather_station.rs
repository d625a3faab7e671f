//! The weather station in the garden.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{PropertySpec, humidity, illuminance, pressure, rain, temperature, ultraviolet},
};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// The station.
#[derive(Debug)]
pub(crate) struct WeatherStation;

/// A weather station.
pub(crate) fn weather_station(name: &str, room: Room) -> Blueprint {
    let rows: [&'static PropertySpec; 8] = [
        &temperature::MEASURED,
        &humidity::MEASURED,
        &pressure::MEASURED,
        &illuminance::MEASURED,
        &ultraviolet::INDEX,
        &rain::RAINING,
        &rain::RATE,
        &rain::TOTAL,
    ];
    Blueprint::new(name, room, EndpointKind::Sensor, WeatherStation)
        .model("Sky")
        .offers(rows.map(PropertyOffer::new))
        .battery(70.0, 0.1)
}

impl Body for WeatherStation {
    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let weather = &house.weather;
        panel.put(1, &temperature::MEASURED, weather.temperature);
        panel.put(1, &humidity::MEASURED, weather.humidity);
        panel.put(1, &pressure::MEASURED, weather.pressure);
        panel.put(1, &illuminance::MEASURED, weather.light);
        panel.put(1, &ultraviolet::INDEX, weather.ultraviolet);
        panel.put(1, &rain::RAINING, weather.rain > 0.05);
        panel.put(1, &rain::RATE, weather.rain);
        panel.put(1, &rain::TOTAL, weather.rain_total);
    }
}
