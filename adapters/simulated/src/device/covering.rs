//! Blinds and curtains: they take time to move, say so while they do, and stop when told.

use hub_model::{EndpointKind, PropertyOffer, Value, capability::covering};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// A covering of a room's window.
#[derive(Debug)]
pub(crate) struct Covering {
    room: Room,
    /// % open.
    position: f64,
    /// Where it is going.
    target: Option<f64>,
    /// % that it moves in a second.
    pace: f64,
}

/// A blind with slats that can be tilted.
pub(crate) fn blind(name: &str, room: Room) -> Blueprint {
    covering(name, room, EndpointKind::Blind, 5.0).model("Slat").offers([PropertyOffer::new(&covering::TILT)])
}

/// A curtain.
pub(crate) fn curtain(name: &str, room: Room) -> Blueprint {
    covering(name, room, EndpointKind::Curtain, 8.0).model("Drape")
}

fn covering(name: &str, room: Room, kind: EndpointKind, pace: f64) -> Blueprint {
    let deadline = std::time::Duration::from_secs(45);
    let body = Covering { room, position: 100.0, target: None, pace };
    Blueprint::new(name, room, kind, body)
        .offers([PropertyOffer::new(&covering::POSITION).within_time(deadline), PropertyOffer::new(&covering::STATE)])
        .actions_within([&covering::OPEN, &covering::CLOSE, &covering::STOP], deadline)
}

impl Covering {
    fn go(&mut self, panel: &mut Panel, target: f64) {
        let target = target.clamp(0.0, 100.0).round();
        if (target - self.position).abs() < 0.5 {
            return self.rest(panel, "stopped");
        }
        self.target = Some(target);
        panel.tell(1, &covering::STATE, Value::text(if target > self.position { "opening" } else { "closing" }));
    }

    /// Stands still. At an end it is open or closed whatever stopped it.
    fn rest(&mut self, panel: &mut Panel, state: &'static str) {
        self.target = None;
        let state = match self.position {
            position if position >= 99.5 => "open",
            position if position <= 0.5 => "closed",
            _ => state,
        };
        panel.tell(1, &covering::POSITION, self.position.round());
        panel.tell(1, &covering::STATE, Value::text(state));
    }
}

impl Body for Covering {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &covering::POSITION, self.position);
        panel.put(1, &covering::STATE, Value::text("open"));
        panel.put(1, &covering::TILT, 100.0);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        if let Some(target) = self.target {
            let (way, reach) = (target - self.position, self.pace * house.dt);
            self.position += way.clamp(-reach, reach);
            if way.abs() <= reach {
                self.position = target;
                self.rest(panel, "stopped");
            } else {
                panel.put(1, &covering::POSITION, self.position.round());
            }
        }
        house[self.room].blinds = 0.02 + 0.98 * self.position / 100.0;
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        if let Some(tilt) = asked.number(&covering::TILT) {
            panel.tell(1, &covering::TILT, tilt);
        }
        if let Some(position) = asked.number(&covering::POSITION) {
            self.go(panel, position);
        } else if asked.invokes(&covering::OPEN) {
            self.go(panel, 100.0);
        } else if asked.invokes(&covering::CLOSE) {
            self.go(panel, 0.0);
        } else if asked.invokes(&covering::STOP) {
            self.rest(panel, "stopped");
        }
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Pull(position) = hand {
            self.go(panel, position);
        }
    }

    fn is_moving(&self) -> bool {
        self.target.is_some()
    }
}
