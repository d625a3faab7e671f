//! Valves (Application Cluster Specification §4.6) and pumps (§4.2).

use std::time::Duration;

use hub_model::{
    Limits, PropertyOffer, Value,
    capability::{problem, pump, valve},
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted, view::or_unknown};
use crate::wire::Tlv;

const DEFAULT_DURATION: u32 = 0x0001;
const REMAINING: u32 = 0x0003;
const STATE: u32 = 0x0004;
const TARGET: u32 = 0x0005;
const LEVEL: u32 = 0x0006;
const FAULT: u32 = 0x0009;
const LEVEL_STEP: u32 = 0x000A;

const HAS_LEVEL: u32 = 1;

const OPEN: u32 = 0x00;
const CLOSE: u32 = 0x01;

/// A motor valve for a whole house takes some seconds.
const TURNING: Duration = Duration::from_secs(30);

/// Valve Configuration and Control.
pub(super) static VALVE: Family = Family {
    clusters: &[0x0081],
    rows: VALVE_ROWS,
    deeds: &[Deed::of(&valve::OPEN_FOR, |cluster| cluster.takes(OPEN)).within(TURNING)],
    plan: plan_valve,
    ..Family::OF_NOTHING
};

const VALVE_ROWS: &[Row] = &[
    Row::of(&[STATE, TARGET], |_| Some(PropertyOffer::new(&valve::OPEN).within_time(TURNING)), is_open),
    Row::of(
        &[LEVEL],
        |cluster| {
            let step = cluster.number(LEVEL_STEP, 1.0).filter(|step| (1.0..=50.0).contains(step)).unwrap_or(1.0);
            let offer = PropertyOffer::new(&valve::POSITION).within(Limits::new(0.0, 100.0).by(step));
            cluster.feature(HAS_LEVEL).then(|| offer.within_time(TURNING))
        },
        |cluster| cluster.read_number(LEVEL, 1.0),
    ),
    Row::whole(&[DEFAULT_DURATION], &valve::DEFAULT_DURATION, default_duration),
    Row::number(&[REMAINING], &valve::REMAINING, 1.0),
    Row::whole(&[FAULT], &problem::DETECTED, |cluster| or_unknown(cluster.bits(FAULT, u64::MAX))),
];

/// One on its way is still what it was, so that a command is done when the valve stands.
fn is_open(cluster: &Cluster<'_>) -> Value {
    or_unknown(match (cluster.uint(STATE), cluster.uint(TARGET)) {
        (Some(0), _) | (Some(2), Some(1)) => Some(false),
        (Some(1), _) | (Some(2), Some(0)) => Some(true),
        _ => None,
    })
}

/// None stands for a valve that stays open until it is closed (§4.6.7.2).
fn default_duration(cluster: &Cluster<'_>) -> Value {
    match cluster.get(DEFAULT_DURATION) {
        Some(Tlv::Null) => 0.0.into(),
        _ => cluster.read_number(DEFAULT_DURATION, 1.0),
    }
}

fn plan_valve(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    // What it opens for from now on holds for this command, too.
    if let Some(seconds) = wanted.take_number(&valve::DEFAULT_DURATION) {
        let seconds = seconds.round() as u64;
        wanted.write(cluster.path(DEFAULT_DURATION), if seconds == 0 { Tlv::Null } else { Tlv::Uint(seconds) });
    }
    if let Some(arguments) = wanted.take_deed(&valve::OPEN_FOR) {
        let seconds = arguments.get("duration").and_then(Value::as_number);
        let seconds = seconds.ok_or_else(|| Refusal::OutOfRange("`duration` is missing, in seconds".into()))?;
        wanted.invoke(cluster, OPEN, vec![(0, Tlv::Uint(seconds.round().max(1.0) as u64))]);
    }
    let open = wanted.take_bool(&valve::OPEN);
    let level = wanted.take_number(&valve::POSITION).map(|level| level.round().clamp(0.0, 100.0) as u64);
    match (open, level) {
        (Some(false), _) | (_, Some(0)) => wanted.invoke(cluster, CLOSE, Vec::new()),
        (_, Some(level)) => wanted.invoke(cluster, OPEN, vec![(1, Tlv::Uint(level))]),
        (Some(true), None) => wanted.invoke(cluster, OPEN, Vec::new()),
        (None, None) => {}
    }
    Ok(())
}

const STATUS: u32 = 0x0010;
const CAPACITY: u32 = 0x0013;
const SPEED: u32 = 0x0014;
const MODE: u32 = 0x0020;

/// The bits of the status that are faults of the device or of its supply.
const FAULTS: u64 = 0b11;
const RUNNING: u64 = 1 << 5;

const MODES: &[(u64, &str)] = &[(0, "normal"), (1, "minimum"), (2, "maximum"), (3, "local")];

/// Pump Configuration and Control; what switches a pump, and how strong it is, are On/Off and Level Control.
pub(super) static PUMP: Family = Family { clusters: &[0x0200], rows: PUMP_ROWS, plan: plan_pump, ..Family::OF_NOTHING };

const PUMP_ROWS: &[Row] = &[
    Row::whole(&[MODE], &pump::MODE, |cluster| cluster.read_word(MODE, MODES)),
    Row::whole(&[STATUS], &pump::RUNNING, |cluster| or_unknown(cluster.bits(STATUS, RUNNING))),
    Row::whole(&[STATUS], &problem::DETECTED, |cluster| or_unknown(cluster.bits(STATUS, FAULTS))),
    Row::number(&[CAPACITY], &pump::CAPACITY, 0.005),
    Row::number(&[SPEED], &pump::SPEED, 1.0),
];

fn plan_pump(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    if let Some(mode) = wanted.take_word(&pump::MODE, MODES)? {
        wanted.write(cluster.path(MODE), Tlv::Uint(mode));
    }
    Ok(())
}
