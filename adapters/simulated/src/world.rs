//! The simulated world: a house, its people, its devices. It is pure: time and commands come in, reports go out. It
//! knows no runtime and no wall clock, and the same seed lives the same life.

use std::{collections::HashMap, time::Duration};

use hub_model::{Command, DeviceKey, Found, Outcome, Said};

use crate::{
    blueprint::Blueprint,
    device::{Device, Refusal, Taken},
    home,
    house::House,
    moment::Moment,
    people::People,
    random::Random,
};

/// What a world is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recipe {
    /// Where chance comes from.
    pub(crate) seed: u64,
    /// How many plain devices there are beside the usual ones.
    pub(crate) plain: usize,
    /// Whether devices drop off now and then.
    pub(crate) drop_off: bool,
}

/// The world.
pub(crate) struct World {
    house: House,
    people: People,
    devices: Vec<Device>,
    places: HashMap<DeviceKey, usize>,
    faults: Option<Random>,
}

impl World {
    /// s of the longest step, so that a fast clock does not make the physics coarse.
    const LONGEST: f64 = 30.0;
    /// s from one drop-off to the next, on average.
    const FAULTS: f64 = 6.0 * 3600.0;

    /// A world that begins at this local time, and what its devices are. Their first reports come with the first step.
    pub(crate) fn new(recipe: Recipe, start: Moment) -> (Self, Vec<(DeviceKey, Found)>) {
        let mut house = House::new(recipe.seed, start);
        let people = People::new(recipe.seed, &mut house);
        let faults = recipe.drop_off.then(|| Random::new(recipe.seed, "faults"));
        let mut world = Self { house, people, devices: Vec::new(), places: HashMap::new(), faults };
        let blueprints = home::plain(recipe.plain, recipe.seed).chain(home::usual(recipe.seed, start));
        let found = blueprints.map(|blueprint| world.put(blueprint)).collect();
        (world, found)
    }

    /// Puts another device in the house.
    pub(crate) fn put(&mut self, blueprint: Blueprint) -> (DeviceKey, Found) {
        let key = blueprint.key().clone();
        // The golden ratio spreads the devices' regular reports evenly, however many there are.
        let stagger = (self.devices.len() as f64 * 0.618_034).fract();
        let (device, found) = blueprint.build(&mut self.house, stagger);
        self.places.insert(key.clone(), self.devices.len());
        self.devices.push(device);
        (key, found)
    }

    /// Lets time pass, and gives what devices say of it, in order.
    pub(crate) fn step(&mut self, time: Duration) -> Vec<(DeviceKey, Said)> {
        let mut said = Vec::new();
        let mut left = time.as_secs_f64();
        loop {
            // A step ends where a hand does something, so that a door that opens for a moment is seen open.
            let until_act = self.house.until_act().filter(|seconds| *seconds > 0.0);
            let dt = left.min(Self::LONGEST).min(until_act.unwrap_or(f64::INFINITY));
            self.live(dt);
            self.listen(&mut said);
            left -= dt;
            if left <= 0.0 {
                return said;
            }
        }
    }

    /// Hands a command to a device. What it does to it, the next step tells.
    pub(crate) fn command(&mut self, key: &DeviceKey, command: &Command) -> Result<Taken, Refusal> {
        let place = self.places.get(key).ok_or(Refusal(Outcome::Unreachable, "there is no such device here"))?;
        self.devices[*place].command(command, &mut self.house)
    }

    /// Whether something moves, so that time shall pass in small steps.
    pub(crate) fn is_moving(&self) -> bool {
        self.devices.iter().any(|device| device.body.is_moving())
    }

    fn live(&mut self, dt: f64) {
        self.house.step(dt);
        self.people.live(&mut self.house);
        let now = self.house.now;
        for device in &mut self.devices {
            if device.idle_until.is_none_or(|until| until <= now) {
                device.live(&mut self.house);
            }
        }
        // Hands come last, at the end of the step, so that what they begin does not count the time before.
        self.let_hands_act();
        self.fail(dt);
    }

    fn let_hands_act(&mut self) {
        while let Some(act) = self.house.next_act() {
            if let Some(place) = self.places.get(&DeviceKey::new(act.device)) {
                self.devices[*place].touched(act.hand, &mut self.house);
            }
        }
    }

    /// Now and then a device is lost for some minutes.
    fn fail(&mut self, dt: f64) {
        let now = self.house.now;
        self.devices.iter_mut().for_each(|device| device.radio.find(now));
        let Some(faults) = &mut self.faults else { return };
        if faults.happens(dt, Self::FAULTS) {
            let device = faults.index(self.devices.len());
            let until = now.after(faults.between(120.0, 900.0));
            let radio = &mut self.devices[device].radio;
            if radio.can_drop() {
                radio.drop_until(until);
            }
        }
    }

    fn listen(&mut self, said: &mut Vec<(DeviceKey, Said)>) {
        let now = self.house.now;
        for device in &mut self.devices {
            if device.idle_until.is_none_or(|until| until <= now) {
                let news = device.says(&mut self.house);
                said.extend(news.into_iter().map(|what| (device.key.clone(), what)));
            }
        }
    }
}

#[cfg(test)]
mod obedience;
#[cfg(test)]
mod tests;
