//! A wall switch with two gangs. The first speaks to a lamp elsewhere; the second carries its own light.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{on_off, power},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// The switch.
#[derive(Debug)]
pub(crate) struct WallSwitch {
    room: Room,
    /// The key of the lamp that the first gang switches.
    lamp: &'static str,
}

/// A double switch whose first gang switches `lamp`.
pub(crate) fn wall_switch(name: &str, room: Room, lamp: &'static str) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Switch, WallSwitch { room, lamp })
        .model("Duo")
        .called("Ceiling")
        .offers([PropertyOffer::new(&on_off::ON)])
        .actions([&on_off::TOGGLE])
        .endpoint(EndpointKind::Switch)
        .called("Worktop")
        .offers([PropertyOffer::new(&on_off::ON), PropertyOffer::new(&power::WATTS)])
        .actions([&on_off::TOGGLE])
}

impl WallSwitch {
    fn switch(&self, panel: &mut Panel, endpoint: u16, on: bool, house: &mut House) {
        panel.tell(endpoint, &on_off::ON, on);
        if endpoint == 1 {
            house.act(self.lamp, Hand::Switch(on));
        }
    }
}

impl Body for WallSwitch {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, false);
        panel.put(2, &on_off::ON, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let lit = panel.is(2, &on_off::ON);
        let watts = if lit { 12.0 } else { 0.0 };
        panel.put(2, &power::WATTS, watts);
        house.load[0] += watts;
        house[self.room].lamps += if lit { 220.0 } else { 0.0 };
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, house: &mut House) -> Result<(), Refusal> {
        let toggled = asked.invokes(&on_off::TOGGLE).then(|| !panel.is(asked.endpoint, &on_off::ON));
        if let Some(on) = asked.bool(&on_off::ON).or(toggled) {
            self.switch(panel, asked.endpoint, on, house);
        }
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, house: &mut House) {
        if let Hand::Switch(on) = hand
            && panel.is(1, &on_off::ON) != on
        {
            self.switch(panel, 1, on, house);
        }
    }
}
