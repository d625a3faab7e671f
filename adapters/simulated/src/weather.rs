//! The weather outside. It knows the calendar and chance, and nothing of the house.

use std::f64::consts::TAU;

use crate::{moment::Moment, random::Random};

/// What it is like outside.
#[derive(Debug)]
pub(crate) struct Weather {
    /// °C.
    pub(crate) temperature: f64,
    /// Relative, in %.
    pub(crate) humidity: f64,
    /// hPa.
    pub(crate) pressure: f64,
    /// How much of the sky they cover, 0 to 1.
    pub(crate) clouds: f64,
    /// mm/h.
    pub(crate) rain: f64,
    /// mm since the gauge began.
    pub(crate) rain_total: f64,
    /// lx on open ground.
    pub(crate) light: f64,
    /// The UV index.
    pub(crate) ultraviolet: f64,
    /// How much warmer the air mass is than the season, in K.
    front: f64,
    /// How far the clouds are from the usual half.
    cover: f64,
    random: Random,
}

impl Weather {
    /// The weather of a seed at a moment.
    pub(crate) fn new(seed: u64, now: Moment) -> Self {
        let mut random = Random::new(seed, "weather");
        let (front, cover) = (3.0 * random.noise(), 0.3 * random.noise());
        let mut weather = Self {
            temperature: 0.0,
            humidity: 70.0,
            pressure: 1013.0 + 6.0 * random.noise(),
            clouds: 0.5,
            rain: 0.0,
            rain_total: 212.0,
            light: 0.0,
            ultraviolet: 0.0,
            front,
            cover,
            random,
        };
        weather.step(now, 0.0);
        weather.temperature = weather.wanted_temperature(now);
        weather
    }

    /// Lets time pass; `now` is its end.
    pub(crate) fn step(&mut self, now: Moment, dt: f64) {
        self.front = self.random.wander(self.front, 3.0, 2.0 * 86_400.0, dt);
        self.cover = self.random.wander(self.cover, 0.35, 4.0 * 3600.0, dt);
        let swing = self.random.wander(self.pressure - 1013.0, 8.0, 86_400.0, dt);
        self.pressure = (1013.0 + swing).clamp(960.0, 1050.0);
        self.clouds = (0.5 + self.cover).clamp(0.0, 1.0);
        self.rain = ((self.clouds - 0.85) * 16.0).max(0.0);
        self.rain_total += self.rain * dt / 3600.0;
        self.temperature += (self.wanted_temperature(now) - self.temperature) * (dt / 3600.0).min(1.0);
        let dampness = if self.rain > 0.0 { 90.0 } else { 72.0 - 12.0 * (TAU * (now.hour() - 9.0) / 24.0).sin() };
        self.humidity += (dampness - self.humidity) * (dt / 3600.0).min(1.0);
        self.shine(now);
    }

    fn wanted_temperature(&self, now: Moment) -> f64 {
        let season = 10.0 - 9.0 * (TAU * (now.day_of_year() - 20.0) / 365.2425).cos();
        let swing = 5.0 * (1.0 - 0.6 * self.clouds);
        (season + swing * (TAU * (now.hour() - 9.0) / 24.0).sin() + self.front).clamp(-15.0, 36.0)
    }

    fn shine(&mut self, now: Moment) {
        let sun = now.sun();
        let clear = 1.0 - 0.8 * self.clouds;
        // Twilight fades by a factor of ten for every 4° below the horizon.
        let twilight = 400.0 * 10.0_f64.powf((sun.min(0.0) / 0.07).max(-9.0));
        self.light = (100_000.0 * sun.max(0.0).powf(1.3) + twilight) * clear;
        self.ultraviolet = 9.0 * sun.max(0.0).powi(2) * clear;
    }
}
