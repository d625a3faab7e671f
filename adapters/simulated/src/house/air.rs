//! The air of a room: heat, damp, carbon dioxide and dust.

use super::Room;
use crate::{moment::Moment, weather::Weather};

/// The air of a room, and what presses on it. Devices and people add to the pressures while they live a step; the next
/// step of the air takes them.
#[derive(Debug)]
pub(crate) struct Air {
    /// °C.
    pub(crate) temperature: f64,
    /// Relative, in %.
    pub(crate) humidity: f64,
    /// Carbon dioxide in ppm.
    pub(crate) carbon_dioxide: f64,
    /// Dust below 2.5 µm in µg/m³.
    pub(crate) dust: f64,
    /// W of heating.
    pub(crate) heat: f64,
    /// g/h of water.
    pub(crate) damp: f64,
    /// µg/s of dust.
    pub(crate) smoke: f64,
    /// m³/h that a purifier cleans.
    pub(crate) cleaned: f64,
    /// lx of lamps.
    pub(crate) lamps: f64,
    /// The share of daylight that blinds let in.
    pub(crate) blinds: f64,
    /// Whether a window or an outer door is open.
    pub(crate) open: bool,
    /// How many people are in it.
    pub(crate) people: u8,
    /// When somebody last moved in it.
    pub(crate) moved: Moment,
    /// Whether a thermostat of ours heats it; other rooms have a plain radiator.
    pub(crate) has_thermostat: bool,
    /// g/m³ of water.
    vapour: f64,
    outside: bool,
}

/// The mean of the rooms inside, which mix through their doors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixed {
    temperature: f64,
    vapour: f64,
    carbon_dioxide: f64,
    dust: f64,
}

/// m³ of a room, J/K to warm it with its walls, W/K that its walls lose.
const VOLUME: f64 = 40.0;
const CAPACITY: f64 = 1.5e6;
const LOSS: f64 = 14.0;

impl Air {
    pub(super) fn new(room: Room, now: Moment) -> Self {
        Self {
            temperature: 20.5,
            humidity: 45.0,
            carbon_dioxide: 600.0,
            dust: 6.0,
            heat: 0.0,
            damp: 0.0,
            smoke: 0.0,
            cleaned: 0.0,
            lamps: 0.0,
            blinds: 1.0,
            open: false,
            people: 0,
            moved: now.after(-3600.0),
            has_thermostat: false,
            vapour: 0.45 * saturation(20.5),
            outside: room == Room::Garden,
        }
    }

    pub(super) fn step(&mut self, dt: f64, weather: &Weather, inside: &Mixed) {
        if self.outside {
            self.temperature = weather.temperature;
            self.humidity = weather.humidity;
            self.carbon_dioxide = 420.0;
        } else {
            self.exchange(dt, weather, inside);
            self.warm(dt, weather, inside);
            self.humidity = (100.0 * self.vapour / saturation(self.temperature)).clamp(5.0, 98.0);
        }
        (self.heat, self.damp, self.smoke, self.cleaned, self.lamps) = (0.0, 0.0, 0.0, 0.0, 0.0);
    }

    /// How often an hour the air is changed. In warm rooms people tilt the windows.
    fn changes(&self, weather: &Weather) -> f64 {
        let tilted = self.temperature > 24.5 && weather.temperature < self.temperature;
        0.4 + if self.open { 8.0 } else { 0.0 } + if tilted { 4.0 } else { 0.0 }
    }

    fn exchange(&mut self, dt: f64, weather: &Weather, inside: &Mixed) {
        let hours = dt / 3600.0;
        let (fresh, mixed) = ((self.changes(weather) * hours).min(0.5), (0.8 * hours).min(0.3));
        let toward =
            |value: f64, outside: f64, inside: f64| value + (outside - value) * fresh + (inside - value) * mixed;
        let people = f64::from(self.people);
        let outside_vapour = weather.humidity / 100.0 * saturation(weather.temperature);
        self.vapour = toward(self.vapour, outside_vapour, inside.vapour) + (self.damp + 50.0 * people) * hours / VOLUME;
        self.vapour = self.vapour.clamp(0.5, 0.98 * saturation(self.temperature));
        // A person breathes out 18 l of carbon dioxide an hour.
        self.carbon_dioxide =
            toward(self.carbon_dioxide, 420.0, inside.carbon_dioxide) + people * 18_000.0 / VOLUME * hours;
        self.dust = toward(self.dust, 8.0, inside.dust) + self.smoke * dt / VOLUME;
        self.dust *= 1.0 - (self.cleaned / VOLUME * hours).min(0.5);
    }

    fn warm(&mut self, dt: f64, weather: &Weather, inside: &Mixed) {
        let colder = self.temperature - weather.temperature;
        // Air holds 0.33 Wh/(m³·K).
        let lost = (LOSS + 0.33 * self.changes(weather) * VOLUME) * colder;
        let mixed = 25.0 * (inside.temperature - self.temperature);
        let sun = (weather.light / 100_000.0 * 250.0 * self.blinds).min(250.0);
        let plain = if self.has_thermostat { 7.0 } else { 20.0 };
        let radiator = ((plain - self.temperature) * 800.0).clamp(0.0, 1200.0);
        let gained = self.heat + radiator + 80.0 * f64::from(self.people) + sun + mixed;
        self.temperature += (gained - lost) * dt / CAPACITY;
    }
}

pub(super) fn mixed(rooms: &[Air]) -> Mixed {
    let inside = || rooms.iter().filter(|air| !air.outside);
    let count = inside().count().max(1) as f64;
    let mean = |part: fn(&Air) -> f64| inside().map(part).sum::<f64>() / count;
    Mixed {
        temperature: mean(|air| air.temperature),
        vapour: mean(|air| air.vapour),
        carbon_dioxide: mean(|air| air.carbon_dioxide),
        dust: mean(|air| air.dust),
    }
}

/// The g/m³ of water that air of this temperature can hold (Magnus formula).
fn saturation(temperature: f64) -> f64 {
    let pascal = 611.2 * (17.62 * temperature / (243.12 + temperature)).exp();
    pascal / (461.5 * (temperature + 273.15)) * 1000.0
}
