//! The usual home: which devices stand in which room. Names are keys too, so that a device is the same in every run.

use hub_model::EndpointKind;

use crate::{
    blueprint::Blueprint,
    device::{
        alarm, button, climate, contact, covering,
        lamp::{self, Ability, lamp},
        lock, meter, motion, person, plug, purifier, sound, switch, thermostat, vacuum, valve, washer, weather_station,
    },
    house::Room,
    moment::Moment,
    radio::RadioKind,
    random::Random,
};

/// Every device of the home. The meter stands last, as it reads what the others drew.
pub(crate) fn usual(seed: u64, now: Moment) -> Vec<Blueprint> {
    let mut home = lights();
    home.extend(climate(seed, now));
    home.extend(safety(seed));
    home.extend(machines(seed));
    home.extend([person::person("Alex"), person::person("Robin")]);
    home.push(meter::meter("Energy meter", Room::Hall, seed));
    home
}

fn lights() -> Vec<Blueprint> {
    vec![
        lamp("Living room lamp", Room::Living, Ability::Colour).updatable("1.0.4", "1.0.4"),
        lamp("Kitchen lamp", Room::Kitchen, Ability::White),
        lamp("Bedside lamp", Room::Bedroom, Ability::DimIn254),
        lamp("Night light", Room::Children, Ability::Colour),
        lamp("Hall lamp", Room::Hall, Ability::Dim),
        // Tests count on it: nobody switches it, and its radio never fails.
        lamp("Bench lamp", Room::Garden, Ability::White).radio(RadioKind::Steady),
        lamp("Garden lights", Room::Garden, Ability::Plain).silent(),
        switch::wall_switch("Wall switch", Room::Kitchen, "kitchen-lamp"),
    ]
}

fn climate(seed: u64, now: Moment) -> Vec<Blueprint> {
    let sleeper = RadioKind::Sleeper { every: 60.0, wakes: now, waiting: Vec::new() };
    vec![
        thermostat::radiator("Living room thermostat", Room::Living, (21.0, 18.0)),
        thermostat::radiator("Bedroom radiator", Room::Bedroom, (19.0, 17.0)),
        thermostat::radiator("Children's radiator", Room::Children, (21.0, 18.5)).radio(sleeper),
        climate::climate("Bathroom climate", Room::Bathroom, seed),
        climate::air_quality("Living room air", Room::Living, seed),
        climate::dust("Kitchen air", Room::Kitchen, seed),
        purifier::purifier("Air purifier", Room::Living),
        purifier::humidifier("Humidifier", Room::Bedroom),
        covering::blind("Living room blind", Room::Living),
        covering::curtain("Bedroom curtain", Room::Bedroom),
        weather_station::weather_station("Weather station", Room::Garden),
        valve::water_valve("Water valve", Room::Garden),
    ]
}

fn safety(seed: u64) -> Vec<Blueprint> {
    vec![
        motion::motion("Hall motion", Room::Hall),
        motion::motion("Bathroom motion", Room::Bathroom),
        contact::contact("Front door", Room::Hall, EndpointKind::Door),
        contact::contact("Bedroom window", Room::Bedroom, EndpointKind::Window),
        lock::door_lock("Front door lock", Room::Hall, seed),
        button::bell("Doorbell", Room::Hall),
        button::wireless_button("Bedside button", Room::Bedroom),
        alarm::smoke_alarm("Smoke alarm", Room::Hall),
        alarm::leak_sensor("Leak sensor", Room::Bathroom),
        alarm::siren("Siren", Room::Hall),
    ]
}

fn machines(seed: u64) -> Vec<Blueprint> {
    vec![
        washer::washer("Washer", Room::Bathroom, seed),
        plug::fridge("Fridge", Room::Kitchen, seed),
        plug::television("TV", Room::Living, seed),
        vacuum::robot("Vacuum", Room::Hall),
        sound::speaker("Kitchen speaker", Room::Kitchen),
    ]
}

/// So many plain devices more, in turn a lamp and a sensor. They say nothing by themselves but every ten minutes.
pub(crate) fn plain(count: usize, seed: u64) -> impl Iterator<Item = Blueprint> {
    let mut random = Random::new(seed, "plain");
    (1..=count).map(move |number| {
        let room = Room::ALL[random.index(Room::ALL.len())];
        let blueprint = if number % 2 == 1 {
            lamp::plain(&format!("Lamp {number}"), room)
        } else {
            climate::plain(&format!("Sensor {number}"), room, seed)
        };
        blueprint.radio(RadioKind::Steady).beats_every(600.0).plain()
    })
}
