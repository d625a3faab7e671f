//! Electricity: where it comes from (Core Specification §11.7), and how much of it flows (Application Cluster
//! Specification §2.13 and §2.12).

use hub_model::{
    PropertyOffer, Value,
    capability::{PropertySpec, battery, current, energy, power, voltage},
};

use super::{
    Cluster, Family, Row,
    view::{or_unknown, tidy},
};
use crate::wire::Tlv;

const REMAINING: u32 = 0x000C;
const CHARGE_LEVEL: u32 = 0x000E;
const REPLACE: u32 = 0x000F;
const CHARGE_STATE: u32 = 0x001A;

const HAS_BATTERY: u32 = 1;
const IS_CHARGING: u64 = 1;

/// Power Source. Its percentage counts halves.
pub(super) static SOURCE: Family = Family {
    clusters: &[0x002F],
    rows: &[
        Row::number(&[REMAINING], &battery::LEVEL, 0.5),
        Row::of(
            &[CHARGE_LEVEL, REPLACE],
            |cluster| cluster.feature(HAS_BATTERY).then(|| PropertyOffer::new(&battery::LOW)),
            |cluster| {
                let replace = cluster.bool(REPLACE) == Some(true);
                or_unknown(cluster.bits(CHARGE_LEVEL, u64::MAX).map(|low| low || replace))
            },
        ),
        Row::whole(&[CHARGE_STATE], &battery::CHARGING, |cluster| {
            or_unknown(cluster.uint(CHARGE_STATE).filter(|state| *state != 0).map(|state| state == IS_CHARGING))
        }),
    ],
    ..Family::OF_NOTHING
};

const VOLTAGE: u32 = 0x0004;
const ACTIVE_CURRENT: u32 = 0x0005;
const ACTIVE_POWER: u32 = 0x0008;
const RMS_VOLTAGE: u32 = 0x000B;
const RMS_CURRENT: u32 = 0x000C;

/// Electrical Power Measurement, in thousandths. Where it has both, the effective value of an alternating current counts.
pub(super) static POWER: Family = Family {
    clusters: &[0x0090],
    rows: &[
        Row::number(&[ACTIVE_POWER], &power::WATTS, 0.001),
        Row::whole(&[VOLTAGE, RMS_VOLTAGE], &voltage::VOLTS, |cluster| either(cluster, VOLTAGE, RMS_VOLTAGE)),
        Row::of(
            &[RMS_VOLTAGE],
            |cluster| offer_unless(cluster, VOLTAGE, &voltage::VOLTS),
            |cluster| cluster.read_number(RMS_VOLTAGE, 0.001),
        ),
        Row::whole(&[ACTIVE_CURRENT, RMS_CURRENT], &current::AMPERES, |cluster| {
            either(cluster, ACTIVE_CURRENT, RMS_CURRENT)
        }),
        Row::of(
            &[RMS_CURRENT],
            |cluster| offer_unless(cluster, ACTIVE_CURRENT, &current::AMPERES),
            |cluster| cluster.read_number(RMS_CURRENT, 0.001),
        ),
    ],
    ..Family::OF_NOTHING
};

fn offer_unless(cluster: &Cluster<'_>, attribute: u32, spec: &'static PropertySpec) -> Option<PropertyOffer> {
    (!cluster.has(attribute)).then(|| PropertyOffer::new(spec))
}

fn either(cluster: &Cluster<'_>, attribute: u32, effective: u32) -> Value {
    let number = cluster.number(effective, 0.001).or_else(|| cluster.number(attribute, 0.001));
    or_unknown(number)
}

const IMPORTED: u32 = 0x0001;
const EXPORTED: u32 = 0x0002;
const PERIODIC_IMPORTED: u32 = 0x0003;

/// Electrical Energy Measurement, in mWh. What a period took has no total, so that it tells nothing here.
pub(super) static ENERGY: Family = Family {
    clusters: &[0x0091],
    rows: &[
        Row::whole(&[IMPORTED], &energy::CONSUMED, |cluster| meter(cluster, IMPORTED)),
        Row::whole(&[EXPORTED], &energy::PRODUCED, |cluster| meter(cluster, EXPORTED)),
        Row::of(
            &[PERIODIC_IMPORTED],
            |cluster| {
                let offer = cluster.own_offer("last_period", SHAPE, hub_model::Unit::KilowattHour);
                (!cluster.has(IMPORTED)).then_some(offer)
            },
            |cluster| meter(cluster, PERIODIC_IMPORTED),
        ),
    ],
    ..Family::OF_NOTHING
};

const SHAPE: hub_model::Shape = hub_model::Shape::Number(hub_model::Limits::new(0.0, 1e9));

fn meter(cluster: &Cluster<'_>, attribute: u32) -> Value {
    let milliwatt_hours = cluster.get(attribute).and_then(|measured| measured.field(0)).and_then(Tlv::as_number);
    milliwatt_hours.map_or(Value::Unknown, |energy| tidy(energy * 1e-6).into())
}
