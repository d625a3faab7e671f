//! The vacuum robot: it cleans on weekdays when nobody is there, comes home when it is tired, and obeys.

use hub_model::{
    EndpointKind, Outcome, PropertyOffer, Value,
    capability::{battery, vacuum},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
};

/// The robot.
#[derive(Debug)]
pub(crate) struct Vacuum {
    state: State,
    /// %.
    charge: f64,
    /// s in the present state.
    since: f64,
    /// The day on which it last began by itself.
    cleaned: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Docked,
    Cleaning,
    Paused,
    Returning,
    Idle,
}

/// How hard it can suck.
const SUCTIONS: [&str; 3] = ["quiet", "standard", "strong"];

/// A vacuum robot.
pub(crate) fn robot(name: &str, room: Room) -> Blueprint {
    let body = Vacuum { state: State::Docked, charge: 100.0, since: 0.0, cleaned: 0 };
    Blueprint::new(name, room, EndpointKind::Vacuum, body)
        .model("Roam")
        .offers([&vacuum::STATE, &battery::LEVEL, &battery::CHARGING].map(PropertyOffer::new))
        .offers([PropertyOffer::new(&vacuum::SUCTION).words(SUCTIONS)])
        .actions([&vacuum::START, &vacuum::PAUSE, &vacuum::STOP, &vacuum::RETURN_HOME, &vacuum::LOCATE])
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Docked => "docked",
            Self::Cleaning => "cleaning",
            Self::Paused => "paused",
            Self::Returning => "returning",
            Self::Idle => "idle",
        }
    }
}

impl Vacuum {
    fn become_state(&mut self, panel: &mut Panel, state: State) {
        if self.state != state {
            (self.state, self.since) = (state, 0.0);
        }
        panel.tell(1, &vacuum::STATE, Value::text(self.state.word()));
    }

    /// What it does next by itself.
    fn next(&mut self, house: &House) -> Option<State> {
        let (day, hour) = (house.now.day(), house.now.hour());
        match self.state {
            State::Docked if self.cleaned < day && (10.5..11.0).contains(&hour) && self.charge > 80.0 => {
                self.cleaned = day;
                (!house.now.is_weekend()).then_some(State::Cleaning)
            }
            State::Cleaning if self.since > 2400.0 || self.charge < 15.0 => Some(State::Returning),
            State::Returning if self.since > 60.0 => Some(State::Docked),
            State::Paused | State::Idle if self.since > 1800.0 => Some(State::Returning),
            _ => None,
        }
    }
}

impl Body for Vacuum {
    fn begin(&mut self, panel: &mut Panel, house: &mut House) {
        self.cleaned = house.now.day() - 1;
        panel.put(1, &vacuum::STATE, Value::text("docked"));
        panel.put(1, &vacuum::SUCTION, Value::text(SUCTIONS[1]));
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        self.since += house.dt;
        let minutes = house.dt / 60.0;
        let charging = self.state == State::Docked && self.charge < 100.0;
        self.charge += minutes
            * match self.state {
                State::Docked => 0.6,
                State::Cleaning | State::Returning => -1.1,
                State::Paused | State::Idle => -0.05,
            };
        self.charge = self.charge.clamp(1.0, 100.0);
        if charging {
            house.load[1] += 28.0;
        }
        if self.state == State::Cleaning {
            house[Room::Hall].moved = house.now;
        }
        panel.put(1, &battery::LEVEL, self.charge.floor());
        panel.put(1, &battery::CHARGING, charging);
        if let Some(next) = self.next(house) {
            self.become_state(panel, next);
        }
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)?;
        if asked.invokes(&vacuum::START) {
            if self.charge < 20.0 {
                return Err(Refusal(Outcome::Refused, "its battery is nearly empty: let it charge first"));
            }
            self.become_state(panel, State::Cleaning);
        } else if asked.invokes(&vacuum::PAUSE) {
            if self.state == State::Docked {
                return Err(Refusal(Outcome::Refused, "it is in its dock: there is nothing to pause"));
            }
            self.become_state(panel, State::Paused);
        } else if asked.invokes(&vacuum::STOP) && self.state != State::Docked {
            self.become_state(panel, State::Idle);
        } else if asked.invokes(&vacuum::RETURN_HOME) && self.state != State::Docked {
            self.become_state(panel, State::Returning);
        }
        Ok(())
    }
}
