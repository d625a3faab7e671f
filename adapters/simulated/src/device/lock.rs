//! The lock of the front door: it takes a PIN, needs a moment to turn, and jams once in a long while.

use std::time::Duration;

use hub_model::{
    EndpointKind, Outcome, PropertyOffer, Value,
    capability::{lock, problem},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
    random::Random,
};

/// The lock.
#[derive(Debug)]
pub(crate) struct Lock {
    /// Where it turns to, and how many s it still needs.
    turning: Option<(Turn, f64)>,
    random: Random,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Lock,
    Unlock,
    /// Unlocks, and pulls the latch for a moment.
    Unlatch,
    /// The latch falls back.
    Fall,
    /// A jammed lock that somebody helps by hand.
    Free,
}

/// The PIN that unlocks it; locking needs none.
pub(crate) const PIN: &str = "1234";

/// s that a turn takes.
const TURN: f64 = 1.5;

/// A door lock.
pub(crate) fn door_lock(name: &str, room: Room, seed: u64) -> Blueprint {
    let deadline = Duration::from_secs(10);
    Blueprint::new(name, room, EndpointKind::Lock, Lock { turning: None, random: Random::new(seed, name) })
        .model("Bolt")
        .offers([PropertyOffer::new(&lock::STATE).within_time(deadline), PropertyOffer::new(&problem::DETECTED)])
        .actions_within([&lock::LOCK, &lock::UNLOCK, &lock::UNLATCH], deadline)
        .occurrences([&lock::WRONG_CODE])
        .battery(57.0, 0.3)
}

impl Lock {
    fn turn(&mut self, panel: &mut Panel, turn: Turn) {
        let state = if turn == Turn::Lock { "locking" } else { "unlocking" };
        panel.tell(1, &lock::STATE, Value::text(state));
        self.turning = Some((turn, TURN));
    }

    /// What it comes to, and what follows.
    fn arrive(&mut self, turn: Turn) -> (&'static str, Option<(Turn, f64)>) {
        match turn {
            Turn::Lock if self.random.chance(1.0 / 300.0) => ("jammed", Some((Turn::Free, 120.0))),
            Turn::Lock | Turn::Free => ("locked", None),
            Turn::Unlock | Turn::Fall => ("unlocked", None),
            Turn::Unlatch => ("open", Some((Turn::Fall, 5.0))),
        }
    }
}

impl Body for Lock {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &lock::STATE, Value::text("locked"));
        panel.put(1, &problem::DETECTED, false);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let Some((turn, left)) = &mut self.turning else { return };
        *left -= house.dt;
        if *left <= 0.0 {
            let turn = *turn;
            let (state, next) = self.arrive(turn);
            self.turning = next;
            panel.tell(1, &lock::STATE, Value::text(state));
            panel.put(1, &problem::DETECTED, state == "jammed");
        }
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        let turn = if asked.invokes(&lock::LOCK) {
            Turn::Lock
        } else if asked.invokes(&lock::UNLATCH) {
            Turn::Unlatch
        } else {
            Turn::Unlock
        };
        if turn != Turn::Lock {
            match asked.argument("pin").and_then(Value::as_text) {
                Some(PIN) => {}
                Some(_) => {
                    panel.happen(1, &lock::WRONG_CODE);
                    return Err(Refusal(Outcome::Refused, "the PIN is wrong"));
                }
                None => return Err(Refusal(Outcome::Refused, "the lock asks for its PIN")),
            }
        }
        self.turn(panel, turn);
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Lock(locks) = hand {
            self.turn(panel, if locks { Turn::Lock } else { Turn::Unlock });
        }
    }

    fn is_moving(&self) -> bool {
        matches!(self.turning, Some((Turn::Lock | Turn::Unlock | Turn::Unlatch, _)))
    }
}
