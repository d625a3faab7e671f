//! Contacts on doors and windows: they open under people's hands and let the weather in.

use hub_model::{EndpointKind, PropertyOffer, capability::contact};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// A contact on a door or window of a room.
#[derive(Debug)]
pub(crate) struct Contact {
    room: Room,
}

/// A contact.
pub(crate) fn contact(name: &str, room: Room, kind: EndpointKind) -> Blueprint {
    Blueprint::new(name, room, kind, Contact { room })
        .model("Reed")
        .offers([PropertyOffer::new(&contact::OPEN)])
        .battery(93.0, 0.1)
}

impl Body for Contact {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &contact::OPEN, false);
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, house: &mut House) {
        if let Hand::Open(open) = hand {
            panel.put(1, &contact::OPEN, open);
            house[self.room].open = open;
        }
    }
}
