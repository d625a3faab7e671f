//! Plugs that measure: a fridge that cools in turns, a television that people watch.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{current, energy, on_off, power, voltage},
};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
    random::Random,
};

/// A plug with something in it.
#[derive(Debug)]
pub(crate) struct Plug {
    room: Room,
    load: Load,
    count: Count,
    random: Random,
}

/// What a meter counts.
#[derive(Debug)]
pub(crate) struct Count {
    kilowatt_hours: f64,
}

#[derive(Debug)]
enum Load {
    Fridge { inside: f64, cooling: bool },
    Television { watched: bool },
}

/// The fridge's plug.
pub(crate) fn fridge(name: &str, room: Room, seed: u64) -> Blueprint {
    plug(name, room, Load::Fridge { inside: 5.0, cooling: false }, 381.0, seed)
}

/// The television's plug.
pub(crate) fn television(name: &str, room: Room, seed: u64) -> Blueprint {
    plug(name, room, Load::Television { watched: false }, 94.0, seed)
}

fn plug(name: &str, room: Room, load: Load, counted: f64, seed: u64) -> Blueprint {
    let body = Plug { room, load, count: Count::from(counted), random: Random::new(seed, name) };
    let measured = [&power::WATTS, &energy::CONSUMED, &voltage::VOLTS, &current::AMPERES];
    Blueprint::new(name, room, EndpointKind::Plug, body)
        .model("Plug M")
        .offers([PropertyOffer::new(&on_off::ON)])
        .offers(measured.map(PropertyOffer::new))
        .actions([&on_off::TOGGLE])
}

impl Count {
    /// A meter that stands there.
    pub(crate) const fn from(kilowatt_hours: f64) -> Self {
        Self { kilowatt_hours }
    }

    /// Counts so many W over so many s, and gives the sum in kWh.
    pub(crate) fn add(&mut self, watts: f64, dt: f64) -> f64 {
        self.kilowatt_hours += watts * dt / 3.6e6;
        self.kilowatt_hours
    }
}

impl Load {
    /// The W that it draws while its plug is on.
    fn draws(&mut self, on: bool, dt: f64, room: f64, random: &mut Random) -> f64 {
        match self {
            Self::Fridge { inside, cooling } => {
                *inside += (room - *inside) * dt / 30_000.0;
                if *cooling && on {
                    *inside -= dt * 0.0022;
                }
                *cooling = if *cooling { *inside > 4.0 } else { *inside > 6.0 };
                if !on {
                    0.0
                } else if *cooling {
                    88.0 + 1.5 * random.noise()
                } else {
                    1.8
                }
            }
            Self::Television { watched } if on => {
                if *watched {
                    104.0 + 4.0 * random.noise()
                } else {
                    0.6
                }
            }
            Self::Television { .. } => 0.0,
        }
    }
}

impl Body for Plug {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, true);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let (on, dt) = (panel.is(1, &on_off::ON), house.dt);
        let watts = self.load.draws(on, dt, house[self.room].temperature, &mut self.random).max(0.0);
        house.load[1] += watts;
        house[self.room].heat += watts;
        let volts = 230.0;
        panel.put(1, &power::WATTS, watts);
        panel.put(1, &energy::CONSUMED, self.count.add(watts, dt));
        panel.put(1, &voltage::VOLTS, volts);
        panel.put(1, &current::AMPERES, watts / volts);
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        let toggled = asked.invokes(&on_off::TOGGLE).then(|| !panel.is(1, &on_off::ON));
        if let Some(on) = asked.bool(&on_off::ON).or(toggled) {
            panel.tell(1, &on_off::ON, on);
        }
        Ok(())
    }

    fn touched(&mut self, _panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let (Hand::Switch(on), Load::Television { watched }) = (hand, &mut self.load) {
            *watched = on;
        }
    }
}
