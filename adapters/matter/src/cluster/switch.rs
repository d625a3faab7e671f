//! Switch (§1.13): what people press. What was pressed is told by events; only a latching switch has a position.

use hub_model::{
    Limits, Occurrence, Shape, Unit,
    capability::{button, doorbell},
};

use super::{Cluster, Family, Heard, Row, view::or_unknown};
use crate::wire::{EventReport, Tlv};

const POSITIONS: u32 = 0x0000;
const POSITION: u32 = 0x0001;
const MOST_PRESSES: u32 = 0x0002;

const IS_LATCHING: u32 = 0;
const TELLS_RELEASE: u32 = 2;
const TELLS_LONG: u32 = 3;
const COUNTS: u32 = 4;

const INITIAL_PRESS: u32 = 0x01;
const LONG_PRESS: u32 = 0x02;
const SHORT_RELEASE: u32 = 0x03;
const LONG_RELEASE: u32 = 0x04;
const COUNTED: u32 = 0x06;

/// The device types of doorbells.
const DOORBELLS: [u32; 3] = [0x0141, 0x0143, 0x0148];

/// More presses than this are told as this many.
const MOST_TOLD: u64 = 8;

pub(super) static FAMILY: Family = Family { clusters: &[0x003B], rows: ROWS, occurrences, hear, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[Row::of(
    &[POSITION],
    |cluster| {
        let last = cluster.number(POSITIONS, 1.0).filter(|positions| *positions >= 2.0).unwrap_or(2.0) - 1.0;
        let offer = cluster.own_offer("position", Shape::Number(Limits::new(0.0, last).by(1.0)), Unit::None);
        cluster.feature(IS_LATCHING).then_some(offer)
    },
    |cluster| or_unknown(cluster.number(POSITION, 1.0)),
)];

fn is_doorbell(cluster: &Cluster<'_>) -> bool {
    DOORBELLS.iter().any(|device_type| cluster.is(*device_type))
}

fn occurrences(cluster: &Cluster<'_>) -> Vec<Occurrence> {
    if is_doorbell(cluster) {
        return vec![(&doorbell::RING).into()];
    }
    if cluster.feature(IS_LATCHING) {
        return Vec::new();
    }
    let most = if cluster.feature(COUNTS) { cluster.uint(MOST_PRESSES).unwrap_or(2) } else { 1 };
    let mut all: Vec<Occurrence> = (1..=most.clamp(1, MOST_TOLD)).map(|count| presses(cluster, count)).collect();
    if cluster.feature(TELLS_LONG) {
        all.extend([Occurrence::from(&button::LONG), (&button::RELEASE).into()]);
    }
    all
}

/// So many presses in a row.
fn presses(cluster: &Cluster<'_>, count: u64) -> Occurrence {
    match count {
        0 | 1 => (&button::SINGLE).into(),
        2 => (&button::DOUBLE).into(),
        3 => (&button::TRIPLE).into(),
        _ => cluster.own_occurrence(&format!("pressed_{}", count.min(MOST_TOLD))),
    }
}

/// A press is told once, by the event that says most: the count where it counts, else the release, else the press itself.
fn hear(cluster: &Cluster<'_>, event: &EventReport) -> Option<Heard> {
    if is_doorbell(cluster) {
        return (event.event == INITIAL_PRESS).then(|| Heard::Occurred((&doorbell::RING).into()));
    }
    let counts = cluster.feature(COUNTS);
    let occurrence = match event.event {
        INITIAL_PRESS if !counts && !cluster.feature(TELLS_RELEASE) => (&button::SINGLE).into(),
        SHORT_RELEASE if !counts => (&button::SINGLE).into(),
        LONG_PRESS => (&button::LONG).into(),
        LONG_RELEASE => (&button::RELEASE).into(),
        COUNTED => {
            // None means that there were more than it can count, which is no gesture.
            let count = event.value.field(1).and_then(Tlv::as_uint).filter(|count| *count > 0)?;
            let most = cluster.uint(MOST_PRESSES).unwrap_or(2).clamp(1, MOST_TOLD);
            presses(cluster, count.min(most))
        }
        _ => return None,
    };
    Some(Heard::Occurred(occurrence))
}
