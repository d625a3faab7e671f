//! A person as a device: their telephone tells whether they are at home.

use hub_model::{EndpointKind, Found, PropertyOffer, capability::presence};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// A person's telephone.
#[derive(Debug)]
pub(crate) struct Telephone;

/// A person. They belong to no room.
pub(crate) fn person(name: &str) -> Blueprint {
    Blueprint::new(name, Room::Hall, EndpointKind::Person, Telephone)
        .described(|found: &mut Found| found.room = None)
        .offers([PropertyOffer::new(&presence::HOME)])
}

impl Body for Telephone {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &presence::HOME, true);
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Home(home) = hand {
            panel.put(1, &presence::HOME, home);
        }
    }
}
