//! The air: its quality, what is in it by amount, and the filters that clean it (§2.9, §2.10 and §2.8).

use hub_model::{
    PropertyOffer, Shape, Unit, Value,
    capability::{
        PropertySpec, air_quality, carbon_dioxide, carbon_monoxide, filter, formaldehyde, nitrogen_dioxide, ozone,
        particulates, radon, volatile_organics,
    },
};

use super::{
    Cluster, Family, Row,
    view::{or_unknown, tidy},
};

const FIRST: u32 = 0x0000;

/// Air Quality.
pub(super) static QUALITY: Family = Family {
    clusters: &[0x005B],
    rows: &[Row::whole(&[FIRST], &air_quality::LEVEL, |cluster| {
        let words = [(1, "good"), (2, "fair"), (3, "moderate"), (4, "poor"), (5, "very_poor"), (6, "extremely_poor")];
        cluster.read_word(FIRST, &words)
    })],
    ..Family::OF_NOTHING
};

const UNIT: u32 = 0x0008;
const LEVEL: u32 = 0x000A;

/// A substance: its cluster, what it is as an amount of mass or of parts, and its mass in g/mol, where it has one.
struct Substance {
    cluster: u32,
    /// Where the wire counts parts and there is a row for that, this; else `spec` in any case.
    parts: Option<&'static PropertySpec>,
    spec: &'static PropertySpec,
    /// 0 for what is no one gas.
    molar: f64,
}

const fn substance(cluster: u32, spec: &'static PropertySpec, molar: f64) -> Substance {
    Substance { cluster, parts: None, spec, molar }
}

static SUBSTANCES: &[Substance] = &[
    substance(0x040C, &carbon_monoxide::MEASURED, 28.01),
    substance(0x040D, &carbon_dioxide::MEASURED, 44.01),
    substance(0x0413, &nitrogen_dioxide::MEASURED, 46.01),
    substance(0x0415, &ozone::MEASURED, 48.0),
    substance(0x042A, &particulates::PM2_5, 0.0),
    substance(0x042B, &formaldehyde::MEASURED, 30.03),
    substance(0x042C, &particulates::PM1, 0.0),
    substance(0x042D, &particulates::PM10, 0.0),
    Substance {
        cluster: 0x042E,
        parts: Some(&volatile_organics::PARTS),
        spec: &volatile_organics::MEASURED,
        molar: 0.0,
    },
    substance(0x042F, &radon::MEASURED, 0.0),
];

/// The volume of a mole of gas at 25 °C and 1013 hPa, in l.
const MOLAR_VOLUME: f64 = 24.45;

/// The Concentration Measurement clusters.
pub(super) static CONCENTRATION: Family = Family {
    clusters: &[0x040C, 0x040D, 0x0413, 0x0415, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F],
    rows: &[
        Row::of(
            &[FIRST],
            |cluster| Some(PropertyOffer::new(measure(cluster)?.0)),
            |cluster| {
                let factor = measure(cluster).map(|(_, factor)| factor);
                factor
                    .and_then(|factor| cluster.number(FIRST, factor))
                    .map_or(Value::Unknown, |amount| short(amount).into())
            },
        ),
        Row::of(
            &[LEVEL],
            |cluster| {
                let words = LEVELS.iter().map(|(_, word)| (*word).into()).collect();
                Some(cluster.own_offer("level", Shape::Choice(words), Unit::None))
            },
            |cluster| cluster.read_word(LEVEL, LEVELS),
        ),
    ],
    ..Family::OF_NOTHING
};

const LEVELS: &[(u64, &str)] = &[(1, "low"), (2, "medium"), (3, "high"), (4, "critical")];

/// The row for a cluster's amount, and what the wire's number is to be multiplied by. `None` where the wire's unit can't
/// be brought into the row's.
fn measure(cluster: &Cluster<'_>) -> Option<(&'static PropertySpec, f64)> {
    let substance = SUBSTANCES.iter().find(|substance| substance.cluster == cluster.id)?;
    let wire = WireUnit::of(cluster.uint(UNIT)?)?;
    let spec = substance.parts.filter(|_| matches!(wire, WireUnit::Parts(_))).unwrap_or(substance.spec);
    let factor = match (wire, spec.unit) {
        (WireUnit::Parts(ppm), Unit::PartsPerMillion) => ppm,
        (WireUnit::Mass(micrograms), Unit::MicrogramPerCubicMetre) => micrograms,
        // 1 ppm of a gas is its molar mass over the molar volume, in mg/m³.
        (WireUnit::Parts(ppm), Unit::MicrogramPerCubicMetre) => ppm * substance.gas()? / MOLAR_VOLUME * 1000.0,
        (WireUnit::Mass(micrograms), Unit::PartsPerMillion) => micrograms / 1000.0 * MOLAR_VOLUME / substance.gas()?,
        (WireUnit::Decays, Unit::BecquerelPerCubicMetre) => 1.0,
        _ => return None,
    };
    Some((spec, factor))
}

impl Substance {
    fn gas(&self) -> Option<f64> {
        (self.molar > 0.0).then_some(self.molar)
    }
}

/// A unit of the wire.
enum WireUnit {
    /// Parts, with their number in a million.
    Parts(f64),
    /// A mass in a cubic metre, in µg.
    Mass(f64),
    /// Bq/m³.
    Decays,
}

impl WireUnit {
    fn of(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::Parts(1.0),
            1 => Self::Parts(1e-3),
            2 => Self::Parts(1e-6),
            3 => Self::Mass(1e3),
            4 => Self::Mass(1.0),
            5 => Self::Mass(1e-3),
            7 => Self::Decays,
            // Particles in a cubic metre are no amount that a row has.
            _ => return None,
        })
    }
}

/// To five digits: the wire's numbers have no more than seven, and conversions add noise.
fn short(amount: f64) -> f64 {
    if amount == 0.0 || !amount.is_finite() {
        return amount;
    }
    let digit = 10f64.powf(amount.abs().log10().floor() - 4.0);
    tidy((amount / digit).round() * digit)
}

const HEPA: u32 = 0x0071;
const DIRECTION: u32 = 0x0001;
const CHANGE: u32 = 0x0002;

const FILTERS: &[u32] = &[HEPA, 0x0072];

/// HEPA Filter Monitoring and Activated Carbon Filter Monitoring.
pub(super) static FILTER: Family = Family {
    clusters: FILTERS,
    rows: &[
        Row::of(
            &[FIRST, DIRECTION],
            |cluster| Some(PropertyOffer::new(if cluster.id == HEPA { &filter::DUST } else { &filter::ODOUR })),
            // The condition of some counts what is worn, that of others what is left.
            |cluster| {
                let counts_wear = cluster.uint(DIRECTION) == Some(0);
                let left =
                    cluster.number(FIRST, 1.0).map(|condition| if counts_wear { 100.0 - condition } else { condition });
                or_unknown(left)
            },
        ),
        Row::of(
            &[CHANGE],
            |cluster| {
                Some(PropertyOffer::new(if cluster.id == HEPA { &filter::CHANGE_DUST } else { &filter::CHANGE_ODOUR }))
            },
            |cluster| or_unknown(cluster.bits(CHANGE, u64::MAX)),
        ),
    ],
    ..Family::OF_NOTHING
};
