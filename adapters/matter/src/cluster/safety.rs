//! What notices and warns: occupancy, the one bit of contact, leak, freeze and rain sensors, smoke and carbon monoxide.

use hub_model::{
    PropertyOffer, Shape, Unit, Value,
    capability::{
        PropertySpec, battery, carbon_monoxide, contact, freeze, leak, occupancy, problem, rain, smoke, tamper,
    },
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted, view::or_unknown};

const FIRST: u32 = 0x0000;

/// Occupancy Sensing.
pub(super) static OCCUPANCY: Family = Family {
    clusters: &[0x0406],
    rows: &[Row::whole(&[FIRST], &occupancy::OCCUPIED, |cluster| or_unknown(cluster.bits(FIRST, 1)))],
    ..Family::OF_NOTHING
};

/// What the one bit means, by device type. A contact sensor's says that there is contact: it is closed.
const MEANINGS: &[(u32, &PropertySpec)] = &[
    (CONTACT_SENSOR, &contact::OPEN),
    (0x0041, &freeze::DETECTED),
    (0x0043, &leak::DETECTED),
    (0x0044, &rain::RAINING),
];
const CONTACT_SENSOR: u32 = 0x0015;

/// Boolean State.
pub(super) static STATE: Family = Family {
    clusters: &[0x0045],
    rows: &[
        Row::of(
            &[FIRST],
            |cluster| meaning(cluster).map(PropertyOffer::new),
            |cluster| or_unknown(cluster.bool(FIRST).map(|bit| bit != cluster.is(CONTACT_SENSOR))),
        ),
        Row::of(
            &[FIRST],
            |cluster| meaning(cluster).is_none().then(|| cluster.own_offer("state", Shape::Bool, Unit::None)),
            |cluster| cluster.read_bool(FIRST),
        ),
    ],
    ..Family::OF_NOTHING
};

fn meaning(cluster: &Cluster<'_>) -> Option<&'static PropertySpec> {
    MEANINGS.iter().find(|(device_type, _)| cluster.is(*device_type)).map(|(_, spec)| *spec)
}

const SMOKE: u32 = 0x0001;
const CARBON_MONOXIDE: u32 = 0x0002;
const BATTERY: u32 = 0x0003;
const HARDWARE_FAULT: u32 = 0x0006;
const END_OF_SERVICE: u32 = 0x0007;
const SMOKE_ELSEWHERE: u32 = 0x0008;
const CARBON_MONOXIDE_ELSEWHERE: u32 = 0x0009;
const UNMOUNTED: u32 = 0x000D;

const SENSES_SMOKE: u32 = 0;
const SENSES_CARBON_MONOXIDE: u32 = 1;

const SELF_TEST: u32 = 0x00;

/// Smoke CO Alarm. An alarm that one of its fellows raised is an alarm.
pub(super) static ALARM: Family = Family {
    clusters: &[0x005C],
    rows: &[
        Row::of(
            &[SMOKE, SMOKE_ELSEWHERE],
            |cluster| cluster.feature(SENSES_SMOKE).then(|| PropertyOffer::new(&smoke::DETECTED)),
            |cluster| warns(cluster, &[SMOKE, SMOKE_ELSEWHERE]),
        ),
        Row::of(
            &[CARBON_MONOXIDE, CARBON_MONOXIDE_ELSEWHERE],
            |cluster| cluster.feature(SENSES_CARBON_MONOXIDE).then(|| PropertyOffer::new(&carbon_monoxide::DETECTED)),
            |cluster| warns(cluster, &[CARBON_MONOXIDE, CARBON_MONOXIDE_ELSEWHERE]),
        ),
        Row::whole(&[BATTERY], &battery::LOW, |cluster| warns(cluster, &[BATTERY])),
        Row::whole(&[HARDWARE_FAULT, END_OF_SERVICE], &problem::DETECTED, |cluster| {
            let worn_out = cluster.bits(END_OF_SERVICE, u64::MAX) == Some(true);
            or_unknown(cluster.bool(HARDWARE_FAULT).map(|fault| fault || worn_out))
        }),
        Row::whole(&[UNMOUNTED], &tamper::DETECTED, |cluster| cluster.read_bool(UNMOUNTED)),
    ],
    deeds: &[Deed::of(&smoke::SELF_TEST, |cluster| cluster.feature(SENSES_SMOKE) && cluster.takes(SELF_TEST))],
    plan: plan_alarm,
    ..Family::OF_NOTHING
};

/// Whether one of these states is a warning or worse; unknown while the first is.
fn warns(cluster: &Cluster<'_>, states: &[u32]) -> Value {
    let warning = |state: &u32| cluster.bits(*state, u64::MAX);
    let first = states.first().and_then(warning);
    or_unknown(first.map(|_| states.iter().any(|state| warning(state) == Some(true))))
}

fn plan_alarm(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    if wanted.take_deed(&smoke::SELF_TEST).is_some() {
        wanted.invoke(cluster, SELF_TEST, Vec::new());
    }
    Ok(())
}
