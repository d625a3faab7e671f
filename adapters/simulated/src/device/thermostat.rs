//! Thermostats on radiators: they heat their room to a setpoint, and lower it at night by themselves.

use hub_model::{
    EndpointKind, Limits, PropertyOffer, Value,
    capability::{temperature, thermostat},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// A thermostat.
#[derive(Debug)]
pub(crate) struct Thermostat {
    room: Room,
    /// °C by day and by night.
    schedule: (f64, f64),
    /// Whether the schedule last said day.
    by_day: Option<bool>,
}

/// A thermostat with its day and night setpoints in °C.
pub(crate) fn radiator(name: &str, room: Room, schedule: (f64, f64)) -> Blueprint {
    let setpoint = PropertyOffer::new(&thermostat::HEATING).within(Limits::new(5.0, 30.0).by(0.5));
    Blueprint::new(name, room, EndpointKind::Thermostat, Thermostat { room, schedule, by_day: None })
        .model("Warm")
        .offers([&temperature::MEASURED, &thermostat::RUNNING, &thermostat::DEMAND].map(PropertyOffer::new))
        .offers([setpoint, PropertyOffer::new(&thermostat::MODE).words(["off", "heat", "auto"])])
        .battery(74.0, 0.12)
}

impl Thermostat {
    /// In mode `auto` the setpoint follows the schedule, at its two hours only, so that a hand's setpoint stays between.
    fn follow(&mut self, panel: &mut Panel, hour: f64) {
        let by_day = (6.0..22.0).contains(&hour);
        if self.by_day != Some(by_day) && panel.word(1, &thermostat::MODE) == "auto" {
            panel.put(1, &thermostat::HEATING, if by_day { self.schedule.0 } else { self.schedule.1 });
        }
        self.by_day = Some(by_day);
    }
}

impl Body for Thermostat {
    fn begin(&mut self, panel: &mut Panel, house: &mut House) {
        house[self.room].has_thermostat = true;
        panel.put(1, &thermostat::MODE, Value::text("auto"));
        panel.put(1, &thermostat::HEATING, self.schedule.0);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        self.follow(panel, house.now.hour());
        let air = &mut house[self.room];
        // An open window cools its sensor: as real ones do, it stops heating then.
        let heats = panel.word(1, &thermostat::MODE) != "off" && !air.open;
        let missing = panel.number(1, &thermostat::HEATING) - air.temperature;
        let demand = if heats { ((missing + 0.3) * 80.0).clamp(0.0, 100.0) } else { 0.0 };
        air.heat += 16.0 * demand;
        panel.put(1, &temperature::MEASURED, air.temperature);
        panel.put(1, &thermostat::DEMAND, (demand / 5.0).round() * 5.0);
        panel.put(1, &thermostat::RUNNING, Value::text(if demand > 2.0 { "heating" } else { "idle" }));
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)?;
        if let Some(setpoint) = asked.number(&thermostat::HEATING) {
            panel.tell(1, &thermostat::HEATING, ((setpoint * 2.0).round() / 2.0).clamp(5.0, 30.0));
        }
        Ok(())
    }
}
