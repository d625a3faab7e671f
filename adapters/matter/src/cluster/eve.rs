//! Eve's own cluster, of before Matter had meters, and for what it still has none: plain numbers in our units.

use hub_model::{
    PropertyOffer,
    capability::{current, energy, power, pressure, thermostat, voltage},
};

use super::{Family, Row};

const VOLTS: u32 = 0x130A_0008;
const AMPERES: u32 = 0x130A_0009;
const WATTS: u32 = 0x130A_000A;
const KILOWATT_HOURS: u32 = 0x130A_000B;
const HECTOPASCALS: u32 = 0x130A_0014;
const VALVE: u32 = 0x130A_0018;

pub(super) static FAMILY: Family = Family {
    clusters: &[0x130A_FC01],
    rows: &[
        Row::of(&[WATTS], |_| Some(PropertyOffer::new(&power::WATTS)), |cluster| cluster.read_number(WATTS, 1.0)),
        Row::of(&[VOLTS], |_| Some(PropertyOffer::new(&voltage::VOLTS)), |cluster| cluster.read_number(VOLTS, 1.0)),
        Row::of(
            &[AMPERES],
            |_| Some(PropertyOffer::new(&current::AMPERES)),
            |cluster| cluster.read_number(AMPERES, 1.0),
        ),
        Row::of(
            &[KILOWATT_HOURS],
            |_| Some(PropertyOffer::new(&energy::CONSUMED)),
            |cluster| cluster.read_number(KILOWATT_HOURS, 1.0),
        ),
        Row::of(
            &[HECTOPASCALS],
            |_| Some(PropertyOffer::new(&pressure::MEASURED)),
            |cluster| cluster.read_number(HECTOPASCALS, 1.0),
        ),
        Row::of(&[VALVE], |_| Some(PropertyOffer::new(&thermostat::DEMAND)), |cluster| cluster.read_number(VALVE, 1.0)),
    ],
    ..Family::OF_NOTHING
};
