//! What works on the air: a purifier and a humidifier.

use hub_model::{
    EndpointKind, PropertyOffer, Value,
    capability::{fan, humidifier, humidity, identify, on_off, particulates, power},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// A purifier in a room.
#[derive(Debug)]
pub(crate) struct Purifier {
    room: Room,
}

/// A humidifier in a room.
#[derive(Debug)]
pub(crate) struct Humidifier {
    room: Room,
}

/// An air purifier.
pub(crate) fn purifier(name: &str, room: Room) -> Blueprint {
    let rows = [&on_off::ON, &fan::SPEED, &fan::OSCILLATION, &particulates::PM2_5, &power::WATTS];
    Blueprint::new(name, room, EndpointKind::Purifier, Purifier { room })
        .model("Clear")
        .offers(rows.map(PropertyOffer::new))
        .offers([PropertyOffer::new(&fan::MODE).words(["off", "low", "medium", "high", "auto", "sleep"])])
        .actions([&on_off::TOGGLE, &identify::IDENTIFY])
        .updatable("2.3.1", "2.4.0")
}

/// A humidifier.
pub(crate) fn humidifier(name: &str, room: Room) -> Blueprint {
    let target = PropertyOffer::new(&humidifier::TARGET).within(hub_model::Limits::new(30.0, 70.0).by(1.0));
    Blueprint::new(name, room, EndpointKind::Humidifier, Humidifier { room })
        .model("Mist")
        .offers([&on_off::ON, &humidity::MEASURED, &humidifier::RUNNING].map(PropertyOffer::new))
        .offers([target, PropertyOffer::new(&humidifier::MODE).words(["auto", "sleep", "baby"])])
        .actions([&on_off::TOGGLE])
}

impl Purifier {
    fn speed_of(mode: &str, dust: f64) -> Option<f64> {
        match mode {
            "off" => Some(0.0),
            "sleep" => Some(10.0),
            "low" => Some(30.0),
            "medium" => Some(60.0),
            "high" => Some(100.0),
            // By tens, so that it does not hunt after every speck.
            "auto" => Some((dust * 0.25).round().clamp(2.0, 10.0) * 10.0),
            _ => None,
        }
    }
}

impl Body for Purifier {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, true);
        panel.put(1, &fan::MODE, Value::text("auto"));
        panel.put(1, &fan::SPEED, 20.0);
        panel.put(1, &fan::OSCILLATION, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let dust = house[self.room].dust;
        panel.put(1, &particulates::PM2_5, dust);
        let on = panel.is(1, &on_off::ON);
        if on
            && panel.word(1, &fan::MODE) == "auto"
            && let Some(speed) = Self::speed_of("auto", dust)
        {
            panel.put(1, &fan::SPEED, speed);
        }
        let share = if on { panel.number(1, &fan::SPEED) / 100.0 } else { 0.0 };
        let watts = if on { 3.0 + 42.0 * share * share } else { 0.8 };
        house[self.room].cleaned += 300.0 * share;
        house.load[1] += watts;
        panel.put(1, &power::WATTS, watts);
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)?;
        if asked.invokes(&on_off::TOGGLE) {
            panel.tell(1, &on_off::ON, !panel.is(1, &on_off::ON));
        }
        let mode = asked.value(&fan::MODE).and_then(Value::as_text);
        match (mode.and_then(|mode| Self::speed_of(mode, house[self.room].dust)), asked.number(&fan::SPEED)) {
            (Some(speed), None) => panel.tell(1, &fan::SPEED, speed),
            // A speed of one's own ends the automatic; the nearest word takes its place.
            (None, Some(speed)) => {
                let word = match speed {
                    speed if speed <= 0.0 => "off",
                    speed if speed < 45.0 => "low",
                    speed if speed < 80.0 => "medium",
                    _ => "high",
                };
                panel.tell(1, &fan::MODE, Value::text(word));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Body for Humidifier {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, true);
        panel.put(1, &humidifier::TARGET, 45.0);
        panel.put(1, &humidifier::MODE, Value::text("auto"));
        panel.put(1, &humidifier::RUNNING, Value::text("idle"));
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let humidity = house[self.room].humidity;
        let missing = panel.number(1, &humidifier::TARGET) - humidity;
        let was_running = panel.word(1, &humidifier::RUNNING) == "humidifying";
        let runs = missing > if was_running { -1.0 } else { 2.0 };
        let state = match (panel.is(1, &on_off::ON), runs) {
            (false, _) => "off",
            (true, true) => "humidifying",
            (true, false) => "idle",
        };
        if state == "humidifying" {
            house[self.room].damp += 250.0;
            house.load[0] += 24.0;
        }
        panel.put(1, &humidity::MEASURED, humidity);
        panel.put(1, &humidifier::RUNNING, Value::text(state));
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)?;
        if asked.invokes(&on_off::TOGGLE) {
            panel.tell(1, &on_off::ON, !panel.is(1, &on_off::ON));
        }
        Ok(())
    }
}
