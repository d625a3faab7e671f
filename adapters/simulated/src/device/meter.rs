//! The meter in the hall: three phases as endpoints, and the roof's solar panels as the fourth.

use hub_model::{
    EndpointKind, PropertyOffer,
    capability::{current, energy, power, voltage},
};

use super::{Body, plug::Count};
use crate::{
    blueprint::Blueprint,
    house::{House, Room},
    panel::Panel,
    random::Random,
};

/// The meter. It lives after every other device, as it reads what they drew.
#[derive(Debug)]
pub(crate) struct Meter {
    counts: [Count; 3],
    made: Count,
    volts: [f64; 3],
    random: Random,
}

/// The endpoint of the solar panels.
const SOLAR: u16 = 4;

/// The meter.
pub(crate) fn meter(name: &str, room: Room, seed: u64) -> Blueprint {
    let counts = [4812.0, 2203.0, 1954.0].map(Count::from);
    let body = Meter { counts, made: Count::from(6120.0), volts: [0.0; 3], random: Random::new(seed, name) };
    let rows = [&power::WATTS, &energy::CONSUMED, &voltage::VOLTS, &current::AMPERES];
    let phase = |blueprint: Blueprint, name| blueprint.called(name).offers(rows.map(PropertyOffer::new));
    let blueprint = phase(Blueprint::new(name, room, EndpointKind::Sensor, body).model("Three"), "Phase 1");
    let blueprint = phase(blueprint.endpoint(EndpointKind::Sensor), "Phase 2");
    let blueprint = phase(blueprint.endpoint(EndpointKind::Sensor), "Phase 3");
    blueprint
        .endpoint(EndpointKind::Sensor)
        .called("Solar")
        .offers([&power::WATTS, &energy::PRODUCED].map(PropertyOffer::new))
}

impl Body for Meter {
    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        for (endpoint, phase) in (1..).zip(0..3) {
            let watts = house.load[phase];
            self.volts[phase] = self.random.wander(self.volts[phase], 1.8, 600.0, house.dt);
            let volts = 231.0 + self.volts[phase];
            panel.put(endpoint, &power::WATTS, watts);
            panel.put(endpoint, &energy::CONSUMED, self.counts[phase].add(watts, house.dt));
            panel.put(endpoint, &voltage::VOLTS, volts);
            panel.put(endpoint, &current::AMPERES, watts / volts);
        }
        // 5 kW of panels give their best at 100,000 lx.
        let made = house.weather.light / 100_000.0 * 5000.0;
        let made = if made < 20.0 { 0.0 } else { made };
        panel.put(SOLAR, &power::WATTS, 0.0 - made);
        panel.put(SOLAR, &energy::PRODUCED, self.made.add(made, house.dt));
    }
}
