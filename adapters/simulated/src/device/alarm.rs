//! What warns: a smoke alarm, a leak sensor, a siren.

use hub_model::{
    EndpointKind, PropertyOffer, Value,
    capability::{carbon_monoxide, leak, siren, smoke, tamper, temperature},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// A smoke and carbon monoxide alarm.
#[derive(Debug)]
pub(crate) struct SmokeAlarm {
    room: Room,
    /// s of a test that is under way.
    testing: f64,
}

/// A leak sensor; nothing leaks in this house.
#[derive(Debug)]
pub(crate) struct LeakSensor {
    room: Room,
}

/// A siren.
#[derive(Debug)]
pub(crate) struct Siren {
    /// s that it still sounds.
    left: f64,
}

/// A smoke alarm. It sounds for its test alone: cooking here never burns.
pub(crate) fn smoke_alarm(name: &str, room: Room) -> Blueprint {
    let rows = [&smoke::DETECTED, &carbon_monoxide::DETECTED, &carbon_monoxide::MEASURED, &temperature::MEASURED];
    Blueprint::new(name, room, EndpointKind::Alarm, SmokeAlarm { room, testing: 0.0 })
        .model("Guard")
        .offers(rows.map(PropertyOffer::new))
        .actions([&smoke::SELF_TEST])
        .battery(97.0, 0.03)
}

/// A leak sensor.
pub(crate) fn leak_sensor(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Alarm, LeakSensor { room })
        .model("Drop")
        .offers([&leak::DETECTED, &temperature::MEASURED].map(PropertyOffer::new))
        .battery(91.0, 0.06)
}

/// A siren.
pub(crate) fn siren(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Alarm, Siren { left: 0.0 })
        .model("Howl")
        .offers([&siren::SOUNDING, &tamper::DETECTED].map(PropertyOffer::new))
        .actions([&siren::SOUND])
}

impl Body for SmokeAlarm {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &carbon_monoxide::DETECTED, false);
        panel.put(1, &carbon_monoxide::MEASURED, 0.0);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        self.testing = (self.testing - house.dt).max(0.0);
        panel.put(1, &smoke::DETECTED, self.testing > 0.0);
        panel.put(1, &temperature::MEASURED, house[self.room].temperature + 0.6);
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        if asked.invokes(&smoke::SELF_TEST) {
            self.testing = 5.0;
            panel.tell(1, &smoke::DETECTED, true);
        }
        Ok(())
    }
}

impl Body for LeakSensor {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &leak::DETECTED, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        panel.put(1, &temperature::MEASURED, house[self.room].temperature - 1.2);
    }
}

impl Siren {
    /// How long it sounds where nobody says, in s.
    const USUAL: f64 = 180.0;

    fn sound(&mut self, panel: &mut Panel, seconds: f64) {
        self.left = seconds;
        panel.tell(1, &siren::SOUNDING, seconds > 0.0);
    }
}

impl Body for Siren {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &siren::SOUNDING, false);
        panel.put(1, &tamper::DETECTED, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        if self.left > 0.0 {
            self.left -= house.dt;
            panel.put(1, &siren::SOUNDING, self.left > 0.0);
        }
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        if asked.invokes(&siren::SOUND) {
            self.sound(panel, asked.argument("duration").and_then(Value::as_number).unwrap_or(Self::USUAL));
        } else if let Some(sounding) = asked.bool(&siren::SOUNDING) {
            self.sound(panel, if sounding { Self::USUAL } else { 0.0 });
        }
        Ok(())
    }
}
