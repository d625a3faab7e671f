//! Window Covering (§5.3). Its percentages count how far it is closed; ours count how far it is open.

use hub_model::{
    EndpointKind, Limits, PropertyOffer, Value,
    capability::{PropertySpec, covering, problem},
};

use super::{Cluster, Deed, Family, Refusal, Row, SLOW, Wanted, view::or_unknown};
use crate::wire::Tlv;

const CLUSTER: u32 = 0x0102;
const TYPE: u32 = 0x0000;
const CONFIGURATION: u32 = 0x0007;
const LIFT_PERCENT: u32 = 0x0008;
const OPERATION: u32 = 0x000A;
const LIFT: u32 = 0x000E;
const TILT: u32 = 0x000F;
const SAFETY: u32 = 0x001A;

const HAS_LIFT: u32 = 0;
const HAS_TILT: u32 = 1;
const KNOWS_LIFT: u32 = 2;
const KNOWS_TILT: u32 = 4;

const OPEN: u32 = 0x00;
const CLOSE: u32 = 0x01;
const STOP: u32 = 0x02;
const GO_TO_LIFT: u32 = 0x05;
const GO_TO_TILT: u32 = 0x08;

/// All bits of the safety status but manual operation, which is no fault.
const FAULTS: u64 = 0x0BFF;

pub(super) static FAMILY: Family =
    Family { clusters: &[CLUSTER], rows: ROWS, deeds: DEEDS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[
    Row::of(
        &[LIFT],
        |cluster| (cluster.feature(HAS_LIFT) && cluster.feature(KNOWS_LIFT)).then(|| offer(&covering::POSITION)),
        |cluster| position(cluster, LIFT),
    ),
    Row::of(
        &[TILT],
        |cluster| (cluster.feature(HAS_TILT) && cluster.feature(KNOWS_TILT)).then(|| offer(&covering::TILT)),
        |cluster| position(cluster, TILT),
    ),
    Row::of(
        &[OPERATION, LIFT, TILT, LIFT_PERCENT],
        |cluster| {
            let offer = PropertyOffer::new(&covering::STATE).within_time(SLOW);
            let knows_ends = cluster.feature(KNOWS_LIFT) || cluster.feature(KNOWS_TILT);
            Some(if knows_ends { offer } else { offer.words(["opening", "closing", "stopped"]) })
        },
        state,
    ),
    Row::whole(&[SAFETY, CONFIGURATION], &problem::DETECTED, |cluster| or_unknown(cluster.bits(SAFETY, FAULTS))),
];

const DEEDS: &[Deed] = &[
    Deed::of(&covering::OPEN, |_| true).within(SLOW),
    Deed::of(&covering::CLOSE, |_| true).within(SLOW),
    Deed::of(&covering::STOP, |_| true),
];

fn offer(spec: &'static PropertySpec) -> PropertyOffer {
    PropertyOffer::new(spec).within(Limits::new(0.0, 100.0).by(1.0)).within_time(SLOW)
}

/// How far it is open, in %.
fn open(cluster: &Cluster<'_>, attribute: u32) -> Option<f64> {
    cluster.number(attribute, 0.01).map(|closed| 100.0 - closed)
}

fn position(cluster: &Cluster<'_>, attribute: u32) -> Value {
    or_unknown(open(cluster, attribute))
}

/// What it does, or at which end it stands. One that doesn't know where it stands has stopped, no more.
fn state(cluster: &Cluster<'_>) -> Value {
    let Some(operation) = cluster.uint(OPERATION) else { return Value::Unknown };
    let known = open(cluster, LIFT).or_else(|| open(cluster, TILT));
    Value::text(match (operation & 0b11, known) {
        (1, _) => "opening",
        (2, _) => "closing",
        (_, Some(open)) if open <= 0.0 => "closed",
        (_, Some(open)) if open >= 100.0 => "open",
        _ => "stopped",
    })
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    for (spec, command) in [(&covering::POSITION, GO_TO_LIFT), (&covering::TILT, GO_TO_TILT)] {
        if let Some(open) = wanted.take_number(spec) {
            let closed = ((100.0 - open) * 100.0).round().clamp(0.0, 10_000.0) as u64;
            wanted.invoke(cluster, command, vec![(0, Tlv::Uint(closed))]);
        }
    }
    wanted.act(cluster, &[(&covering::OPEN, OPEN), (&covering::CLOSE, CLOSE), (&covering::STOP, STOP)]);
    Ok(())
}

/// The types of covering that are drawn to the side.
const DRAPERY: u64 = 4;

/// What a covering is to people.
pub(crate) fn kind(endpoint: &Cluster<'_>) -> EndpointKind {
    let drawn = endpoint.sibling(CLUSTER).and_then(|cluster| cluster.uint(TYPE)) == Some(DRAPERY);
    if drawn { EndpointKind::Curtain } else { EndpointKind::Blind }
}
