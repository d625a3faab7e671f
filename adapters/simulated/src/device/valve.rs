//! The garden's water: a valve with a flow meter, and the moisture of the bed that it waters.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{flow, moisture, valve},
};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// A valve and the bed behind it.
#[derive(Debug)]
pub(crate) struct Valve {
    /// % of water in the bed.
    moisture: f64,
}

/// A water valve.
pub(crate) fn water_valve(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Valve, Valve { moisture: 38.0 })
        .model("Tap")
        .offers([&valve::OPEN, &flow::RATE, &moisture::MEASURED].map(PropertyOffer::new))
        .battery(49.0, 0.2)
}

impl Body for Valve {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &valve::OPEN, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let open = panel.is(1, &valve::OPEN);
        let hours = house.dt / 3600.0;
        let wetted = if open { 20.0 } else { 0.0 } + 4.0 * house.weather.rain;
        let dried = (0.05 + 0.02 * house.weather.temperature.max(0.0)) * self.moisture / 40.0;
        self.moisture = (self.moisture + (wetted - dried) * hours).clamp(5.0, 95.0);
        panel.put(1, &flow::RATE, if open { 0.9 } else { 0.0 });
        panel.put(1, &moisture::MEASURED, self.moisture);
    }
}
