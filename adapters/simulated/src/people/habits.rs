//! What people do with their hands as they come, stay and go.

use hub_model::capability::button;

use super::plan::Place;
use crate::{
    house::{Hand, House, Room},
    random::Random,
};

/// The switch that people reach for in a room.
const fn switch_of(room: Room) -> Option<&'static str> {
    match room {
        Room::Living => Some("living-room-lamp"),
        Room::Kitchen => Some("wall-switch"),
        Room::Bedroom => Some("bedside-lamp"),
        Room::Children => Some("night-light"),
        Room::Bathroom | Room::Hall | Room::Garden => None,
    }
}

/// The front door, on the way out and in: unlocked, opened, closed, and locked again behind the last one.
pub(super) fn doors(from: Place, to: Place, somebody_home: bool, house: &mut House) {
    if (from == Place::Away) == (to == Place::Away) {
        return;
    }
    house.act("front-door-lock", Hand::Lock(false));
    house.act_in(4.0, "front-door", Hand::Open(true));
    house.act_in(13.0, "front-door", Hand::Open(false));
    house[Room::Hall].moved = house.now;
    if !somebody_home || to != Place::Away {
        house.act_in(20.0, "front-door-lock", Hand::Lock(true));
    }
    if from == Place::Away && house.light_in(Room::Hall) < DARK {
        house.act_in(5.0, "hall-lamp", Hand::Switch(true));
        house.act_in(150.0, "hall-lamp", Hand::Switch(false));
    }
}

/// lx below which people switch on a lamp.
const DARK: f64 = 60.0;

/// The last one out of a room mostly thinks of the lamp.
pub(super) fn leaving(from: Place, house: &mut House, random: &mut Random) {
    let Place::In(room) = from else { return };
    if house[room].people > 0 {
        return;
    }
    if let Some(switch) = switch_of(room)
        && random.chance(0.85)
    {
        house.act_in(2.0, switch, Hand::Switch(false));
    }
    match room {
        Room::Living => house.act("tv", Hand::Switch(false)),
        Room::Kitchen => house.act("kitchen-speaker", Hand::Switch(false)),
        _ => {}
    }
}

/// What people do as they enter a room.
pub(super) fn entering(to: Place, from: Place, house: &mut House, random: &mut Random) {
    match to {
        Place::In(room) => {
            light(room, house, random);
            if from == Place::Asleep(Room::Bedroom) && house.now.hour() > 5.0 {
                wake(house, random);
            }
            busy(room, house, random);
        }
        Place::Asleep(room) => sleep(room, house, random),
        Place::Away => {}
    }
}

fn light(room: Room, house: &mut House, random: &mut Random) {
    if let Some(switch) = switch_of(room)
        && house.light_in(room) < DARK
        && random.chance(0.95)
    {
        house.act_in(1.0, switch, Hand::Switch(true));
    }
}

fn wake(house: &mut House, random: &mut Random) {
    house.act_in(30.0, "bedroom-curtain", Hand::Pull(100.0));
    if random.chance(0.4) {
        house.act(BUTTON, Hand::Press(&button::DOUBLE));
    }
    if random.chance(0.7) {
        house.act_in(60.0, "bedroom-window", Hand::Open(true));
        house.act_in(60.0 + random.between(480.0, 1200.0), "bedroom-window", Hand::Open(false));
    }
}

/// The button by the bed.
const BUTTON: &str = "bedside-button";

fn sleep(room: Room, house: &mut House, random: &mut Random) {
    if room == Room::Bedroom {
        house.act_in(10.0, "bedroom-curtain", Hand::Pull(0.0));
        if random.chance(0.15) {
            house.act_in(100.0, BUTTON, Hand::Press(&button::LONG));
            house.act_in(102.0, BUTTON, Hand::Press(&button::RELEASE));
        } else if random.chance(0.7) {
            house.act_in(100.0, BUTTON, Hand::Press(&button::SINGLE));
        }
    }
    if let Some(switch) = switch_of(room) {
        if house.light_in(room) < DARK {
            house.act_in(5.0, switch, Hand::Switch(true));
        }
        house.act_in(random.between(300.0, 1500.0), switch, Hand::Switch(false));
    }
}

fn busy(room: Room, house: &mut House, random: &mut Random) {
    let hour = house.now.hour();
    match room {
        Room::Living if hour > 18.4 && random.chance(0.8) => house.act_in(60.0, "tv", Hand::Switch(true)),
        Room::Kitchen if random.chance(0.4) => house.act_in(40.0, "kitchen-speaker", Hand::Switch(true)),
        Room::Bathroom if (7.0..20.0).contains(&hour) && random.chance(0.35) => {
            house.act_in(120.0, "washer", Hand::Switch(true));
        }
        _ => {}
    }
}

/// What somebody does to the air and the mains while they are awake in a room.
pub(super) fn staying(room: Room, house: &mut House) {
    let hour = house.now.hour();
    match room {
        Room::Kitchen if (11.5..13.5).contains(&hour) || (17.0..19.0).contains(&hour) => {
            house[room].smoke += 0.4;
            house[room].damp += 120.0;
            house[room].heat += 250.0;
            house.load[2] += 900.0;
        }
        Room::Kitchen if hour < 9.5 => house.load[2] += 350.0,
        Room::Bathroom if hour < 10.0 => house[room].damp += 350.0,
        _ => {}
    }
}
