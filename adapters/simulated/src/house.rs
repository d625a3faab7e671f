//! The house as physics: rooms with their air, light and power, and the hands that reach for devices in it. It knows
//! no device; devices read it and press on it.

mod air;

use std::ops::{Index, IndexMut};

pub(crate) use air::Air;
use hub_model::capability::OccurrenceSpec;

use crate::{moment::Moment, weather::Weather};

/// A room; the garden is the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Living,
    Kitchen,
    Bedroom,
    Children,
    Bathroom,
    Hall,
    Garden,
}

/// All that devices share.
#[derive(Debug)]
pub(crate) struct House {
    /// The end of the step that is being lived.
    pub(crate) now: Moment,
    /// How long that step is, in s.
    pub(crate) dt: f64,
    /// What it is like outside.
    pub(crate) weather: Weather,
    /// W drawn from each phase in this step.
    pub(crate) load: [f64; 3],
    /// What hands are about to do, in the order of time.
    acts: Vec<(Moment, Act)>,
    rooms: [Air; 7],
}

/// What somebody, or a wire, does to a device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act {
    /// The device's key.
    pub(crate) device: &'static str,
    /// What is done.
    pub(crate) hand: Hand,
}

/// What a hand can do. A device that has no such thing does not notice.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hand {
    /// Switches its first endpoint on or off; starts a programme.
    Switch(bool),
    /// Presses a button.
    Press(&'static OccurrenceSpec),
    /// Opens or closes a door or window.
    Open(bool),
    /// Turns a lock's knob.
    Lock(bool),
    /// Pulls a covering to this %.
    Pull(f64),
    /// Comes home or goes: a person's telephone.
    Home(bool),
}

impl Room {
    /// Every room.
    pub(crate) const ALL: [Self; 7] =
        [Self::Living, Self::Kitchen, Self::Bedroom, Self::Children, Self::Bathroom, Self::Hall, Self::Garden];

    /// Its name for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Living => "Living room",
            Self::Kitchen => "Kitchen",
            Self::Bedroom => "Bedroom",
            Self::Children => "Children's room",
            Self::Bathroom => "Bathroom",
            Self::Hall => "Hall",
            Self::Garden => "Garden",
        }
    }
}

impl House {
    /// A house on a day of a seed.
    pub(crate) fn new(seed: u64, now: Moment) -> Self {
        let weather = Weather::new(seed, now);
        let rooms = Room::ALL.map(|room| Air::new(room, now));
        Self { now, dt: 0.0, weather, load: [0.0; 3], acts: Vec::new(), rooms }
    }

    /// Lets the weather and the air go on for `dt` seconds, and clears what devices press on it for them to press anew.
    pub(crate) fn step(&mut self, dt: f64) {
        self.now = self.now.after(dt);
        self.dt = dt;
        self.weather.step(self.now, dt);
        let inside = air::mixed(&self.rooms);
        for air in &mut self.rooms {
            air.step(dt, &self.weather, &inside);
        }
        // What no plug measures: standby, pumps, the router.
        self.load = [45.0, 30.0, 20.0];
    }

    /// Lets a hand do something at once.
    pub(crate) fn act(&mut self, device: &'static str, hand: Hand) {
        self.act_in(0.0, device, hand);
    }

    /// Lets a hand do something in so many seconds.
    pub(crate) fn act_in(&mut self, seconds: f64, device: &'static str, hand: Hand) {
        let due = self.now.after(seconds);
        let at = self.acts.partition_point(|(when, _)| *when <= due);
        self.acts.insert(at, (due, Act { device, hand }));
    }

    /// The next thing that a hand does by now.
    pub(crate) fn next_act(&mut self) -> Option<Act> {
        let (due, act) = *self.acts.first()?;
        (due <= self.now).then(|| {
            self.acts.remove(0);
            act
        })
    }

    /// The seconds until a hand does something.
    pub(crate) fn until_act(&self) -> Option<f64> {
        self.acts.first().map(|(due, _)| due.since(self.now).max(0.0))
    }

    /// The lux in a room: daylight and lamps.
    pub(crate) fn light_in(&self, room: Room) -> f64 {
        let air = &self[room];
        let share = if room == Room::Garden { 1.0 } else { 0.012 };
        self.weather.light * share * air.blinds + air.lamps
    }
}

impl Index<Room> for House {
    type Output = Air;
    fn index(&self, room: Room) -> &Air {
        &self.rooms[room as usize]
    }
}

impl IndexMut<Room> for House {
    fn index_mut(&mut self, room: Room) -> &mut Air {
        &mut self.rooms[room as usize]
    }
}
