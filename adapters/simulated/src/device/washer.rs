//! A washing machine behind a plug: somebody starts it, it heats, tumbles and spins, and says when it is done.

use hub_model::{
    EndpointKind, PropertyOffer, Value,
    capability::{appliance, energy, on_off, power},
};

use super::{Asked, Body, Refusal, plug::Count};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
    random::Random,
};

/// The machine.
#[derive(Debug)]
pub(crate) struct Washer {
    /// s of the programme: how long it takes, and how much of it is done.
    cycle: Option<(f64, f64)>,
    count: Count,
    random: Random,
}

/// The washing machine.
pub(crate) fn washer(name: &str, room: Room, seed: u64) -> Blueprint {
    let body = Washer { cycle: None, count: Count::from(127.0), random: Random::new(seed, name) };
    let rows = [&on_off::ON, &power::WATTS, &energy::CONSUMED, &appliance::STATE, &appliance::REMAINING];
    Blueprint::new(name, room, EndpointKind::Appliance, body)
        .model("Wash 8")
        .offers(rows.map(PropertyOffer::new))
        .actions([&on_off::TOGGLE])
        .occurrences([&appliance::CYCLE_FINISHED])
}

impl Washer {
    /// The W at this share of a programme: heating, then tumbling in turns, then spinning.
    fn watts(&mut self, share: f64) -> f64 {
        let wanted: f64 = match share {
            share if share < 0.25 => 2050.0,
            share if share > 0.88 => 480.0,
            share if ((share * 40.0) as u32).is_multiple_of(2) => 210.0,
            _ => 45.0,
        };
        (wanted * (1.0 + 0.02 * self.random.noise())).max(0.0)
    }

    fn run(&mut self, panel: &mut Panel, dt: f64) -> f64 {
        if !panel.is(1, &on_off::ON) {
            panel.put(1, &appliance::STATE, Value::text(if self.cycle.is_some() { "paused" } else { "off" }));
            return 0.0;
        }
        let Some((takes, done)) = &mut self.cycle else {
            panel.put(1, &appliance::STATE, Value::text("idle"));
            return 1.2;
        };
        *done += dt;
        let (share, left) = (*done / *takes, (*takes - *done).max(0.0));
        panel.put(1, &appliance::REMAINING, left.round());
        if share < 1.0 {
            panel.put(1, &appliance::STATE, Value::text("running"));
            return self.watts(share);
        }
        self.cycle = None;
        panel.put(1, &appliance::STATE, Value::text("idle"));
        panel.happen(1, &appliance::CYCLE_FINISHED);
        1.2
    }
}

impl Body for Washer {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, true);
        panel.put(1, &appliance::REMAINING, 0.0);
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        let watts = self.run(panel, house.dt);
        house.load[2] += watts;
        panel.put(1, &power::WATTS, watts);
        panel.put(1, &energy::CONSUMED, self.count.add(watts, house.dt));
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        let toggled = asked.invokes(&on_off::TOGGLE).then(|| !panel.is(1, &on_off::ON));
        if let Some(on) = asked.bool(&on_off::ON).or(toggled) {
            panel.tell(1, &on_off::ON, on);
        }
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if matches!(hand, Hand::Switch(true)) && self.cycle.is_none() && panel.is(1, &on_off::ON) {
            self.cycle = Some((self.random.between(50.0, 90.0) * 60.0, 0.0));
        }
    }
}
