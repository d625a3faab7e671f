//! Eve's own cluster, of before Matter had meters, and for what it still has none: plain numbers in our units.

use hub_model::capability::{current, energy, power, pressure, thermostat, voltage};

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
        Row::number(&[WATTS], &power::WATTS, 1.0),
        Row::number(&[VOLTS], &voltage::VOLTS, 1.0),
        Row::number(&[AMPERES], &current::AMPERES, 1.0),
        Row::number(&[KILOWATT_HOURS], &energy::CONSUMED, 1.0),
        Row::number(&[HECTOPASCALS], &pressure::MEASURED, 1.0),
        Row::number(&[VALVE], &thermostat::DEMAND, 1.0),
    ],
    ..Family::OF_NOTHING
};
