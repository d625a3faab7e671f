//! Thermostat (§4.3): set points in hundredths of a degree, modes by what it can do.

use hub_model::{
    Limits, PropertyOffer, Value,
    capability::{occupancy, temperature, thermostat},
};

use super::{Cluster, Family, Refusal, Row, Wanted, view::or_unknown};
use crate::wire::Tlv;

const CLUSTER: u32 = 0x0201;
const LOCAL_TEMPERATURE: u32 = 0x0000;
const OCCUPANCY: u32 = 0x0002;
const COOLING_DEMAND: u32 = 0x0007;
const HEATING_DEMAND: u32 = 0x0008;
const COOLING: u32 = 0x0011;
const HEATING: u32 = 0x0012;
const MODE: u32 = 0x001C;
const RUNNING_MODE: u32 = 0x001E;
const RUNNING_STATE: u32 = 0x0029;

/// The limits of a set point: the owner's, the device's, and what the specification takes where there are none.
const HEATING_LIMITS: [(u32, u32); 2] = [(0x0015, 0x0016), (0x0003, 0x0004)];
const COOLING_LIMITS: [(u32, u32); 2] = [(0x0017, 0x0018), (0x0005, 0x0006)];
const USUAL_HEATING: (f64, f64) = (7.0, 30.0);
const USUAL_COOLING: (f64, f64) = (16.0, 32.0);

const HEATS: u32 = 0;
const COOLS: u32 = 1;
const SENSES_OCCUPANCY: u32 = 2;
const IS_AUTOMATIC: u32 = 5;
const HIDES_TEMPERATURE: u32 = 6;

/// The device type of an air conditioner, which also dries and blows.
const AIR_CONDITIONER: u32 = 0x0072;

/// The system modes, and the words for them. The first of a word is the one that is written.
const MODES: &[(u64, &str)] =
    &[(0, "off"), (4, "heat"), (3, "cool"), (1, "auto"), (8, "dry"), (7, "fan_only"), (5, "heat"), (6, "cool")];

pub(super) static FAMILY: Family = Family { clusters: &[CLUSTER], rows: ROWS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[
    Row::of(
        &[MODE],
        |cluster| Some(PropertyOffer::new(&thermostat::MODE).words(modes(cluster))),
        |cluster| cluster.read_word(MODE, MODES),
    ),
    Row::of(
        &[HEATING],
        |cluster| {
            let limits = limits(cluster, HEATING_LIMITS, USUAL_HEATING);
            cluster.feature(HEATS).then(|| PropertyOffer::new(&thermostat::HEATING).within(limits))
        },
        |cluster| cluster.read_number(HEATING, 0.01),
    ),
    Row::of(
        &[COOLING],
        |cluster| {
            let limits = limits(cluster, COOLING_LIMITS, USUAL_COOLING);
            cluster.feature(COOLS).then(|| PropertyOffer::new(&thermostat::COOLING).within(limits))
        },
        |cluster| cluster.read_number(COOLING, 0.01),
    ),
    Row::whole(&[RUNNING_STATE], &thermostat::RUNNING, running),
    Row::of(
        &[RUNNING_MODE],
        |cluster| (!cluster.has(RUNNING_STATE)).then(|| PropertyOffer::new(&thermostat::RUNNING)),
        |cluster| cluster.read_word(RUNNING_MODE, &[(0, "idle"), (3, "cooling"), (4, "heating")]),
    ),
    Row::number(&[HEATING_DEMAND], &thermostat::DEMAND, 1.0),
    Row::of(
        &[COOLING_DEMAND],
        |cluster| (!cluster.has(HEATING_DEMAND)).then(|| PropertyOffer::new(&thermostat::DEMAND)),
        |cluster| cluster.read_number(COOLING_DEMAND, 1.0),
    ),
    Row::of(
        &[LOCAL_TEMPERATURE],
        |cluster| (!cluster.feature(HIDES_TEMPERATURE)).then(|| PropertyOffer::new(&temperature::MEASURED)),
        |cluster| cluster.read_number(LOCAL_TEMPERATURE, 0.01),
    ),
    Row::of(
        &[OCCUPANCY],
        |cluster| cluster.feature(SENSES_OCCUPANCY).then(|| PropertyOffer::new(&occupancy::OCCUPIED)),
        |cluster| or_unknown(cluster.bits(OCCUPANCY, 1)),
    ),
];

fn modes(cluster: &Cluster<'_>) -> Vec<&'static str> {
    let (heats, cools) = (cluster.feature(HEATS), cluster.feature(COOLS));
    let air = cluster.is(AIR_CONDITIONER);
    let can = |word: &str| match word {
        "off" => true,
        "heat" => heats,
        "cool" => cools,
        "auto" => cluster.feature(IS_AUTOMATIC),
        _ => air,
    };
    let mut words: Vec<&str> = Vec::new();
    for (_, word) in MODES.iter().filter(|(_, word)| can(word)) {
        if !words.contains(word) {
            words.push(word);
        }
    }
    words
}

fn limits(cluster: &Cluster<'_>, attributes: [(u32, u32); 2], usual: (f64, f64)) -> Limits {
    let told = attributes.iter().find_map(|(min, max)| {
        let (min, max) = (cluster.number(*min, 0.01)?, cluster.number(*max, 0.01)?);
        (min < max && min >= -50.0 && max <= 150.0).then_some((min, max))
    });
    let (min, max) = told.unwrap_or(usual);
    Limits::new(min, max).by(0.5)
}

/// From the relays: heat, cool and fan, each in several stages.
fn running(cluster: &Cluster<'_>) -> Value {
    let Some(relays) = cluster.uint(RUNNING_STATE) else { return Value::Unknown };
    Value::text(match relays {
        relays if relays & 0b000_1001 != 0 => "heating",
        relays if relays & 0b001_0010 != 0 => "cooling",
        relays if relays & 0b110_0100 != 0 => "fan",
        _ => "idle",
    })
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    if let Some(mode) = wanted.take_word(&thermostat::MODE, MODES)? {
        wanted.write(cluster.path(MODE), Tlv::Uint(mode));
    }
    let heating = wanted.take_number(&thermostat::HEATING);
    let cooling = wanted.take_number(&thermostat::COOLING);
    let mut writes = vec![(HEATING, heating), (COOLING, cooling)];
    // The device keeps a gap between the two, so that the one that makes room goes first.
    if heating.zip(cluster.number(HEATING, 0.01)).is_some_and(|(new, old)| new > old) {
        writes.reverse();
    }
    for (attribute, degrees) in writes {
        if let Some(degrees) = degrees {
            wanted.write(cluster.path(attribute), Tlv::Int((degrees * 100.0).round() as i64));
        }
    }
    Ok(())
}
