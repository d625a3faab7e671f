//! Motion sensors: they see people move, and hold for a while.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{illuminance, occupancy},
};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// A motion sensor in a room.
#[derive(Debug)]
pub(crate) struct Motion {
    room: Room,
}

/// For how many s it holds after the last movement.
const HOLD: f64 = 45.0;

/// A motion sensor that sees light too.
pub(crate) fn motion(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Sensor, Motion { room })
        .model("Eye")
        .offers([&occupancy::OCCUPIED, &illuminance::MEASURED].map(PropertyOffer::new))
        .battery(88.0, 0.25)
}

impl Body for Motion {
    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        panel.put(1, &occupancy::OCCUPIED, house.now.since(house[self.room].moved) < HOLD);
        panel.put(1, &illuminance::MEASURED, house.light_in(self.room));
    }
}
