//! What people press: a wireless button by the bed, the doorbell.

use hub_model::{
    EndpointKind,
    capability::{button, doorbell},
};

use super::Body;
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// A button; it only tells.
#[derive(Debug)]
pub(crate) struct Button;

/// A wireless button.
pub(crate) fn wireless_button(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Button, Button)
        .model("Click")
        .occurrences([&button::SINGLE, &button::DOUBLE, &button::LONG, &button::RELEASE])
        .battery(80.0, 0.05)
}

/// A doorbell.
pub(crate) fn bell(name: &str, room: Room) -> Blueprint {
    Blueprint::new(name, room, EndpointKind::Button, Button)
        .model("Ding")
        .occurrences([&doorbell::RING])
        .battery(66.0, 0.15)
}

impl Body for Button {
    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Press(what) = hand {
            panel.happen(1, what);
        }
    }
}
