//! Washers, dryers, dishwashers, ovens and refrigerators: Operational State (§1.14), Temperature Control (§8.2) and the
//! alarms of refrigerators and dishwashers (§8.8, §8.4).

use hub_model::{
    Limits, Occurrence, PropertyOffer, Shape, Unit, Value,
    capability::{appliance, problem},
};
use smol_str::SmolStr;

use super::{Cluster, Deed, Family, Heard, Refusal, Row, Wanted, on_off, view::or_unknown};
use crate::wire::{EventReport, Tlv};

const PHASES: u32 = 0x0000;
const PHASE: u32 = 0x0001;
const COUNTDOWN: u32 = 0x0002;
const STATE_OF: u32 = 0x0004;
const ERROR: u32 = 0x0005;

const PAUSE: u32 = 0x00;
const STOP: u32 = 0x01;
const START: u32 = 0x02;
const RESUME: u32 = 0x03;

const COMPLETED: u32 = 0x01;

/// Operational State, and that of an oven's cavity.
pub(super) static STATE: Family = Family {
    clusters: &[0x0060, 0x0048],
    rows: STATE_ROWS,
    deeds: &[
        Deed::of(&appliance::START, |cluster| cluster.takes(START)),
        Deed::of(&appliance::PAUSE, |cluster| cluster.takes(PAUSE)),
        Deed::of(&appliance::RESUME, |cluster| cluster.takes(RESUME)),
        Deed::of(&appliance::STOP, |cluster| cluster.takes(STOP)),
    ],
    occurrences: |_| vec![(&appliance::CYCLE_FINISHED).into()],
    hear,
    plan: plan_state,
};

const STATE_ROWS: &[Row] = &[
    Row::whole(&[STATE_OF], &appliance::STATE, state).also(&[(on_off::CLUSTER, on_off::ON_OFF)]),
    Row::number(&[COUNTDOWN], &appliance::REMAINING, 1.0),
    Row::of(
        &[PHASE, PHASES],
        |cluster| {
            cluster.get(PHASES).is_some_and(|phases| !phases.is_null()).then(|| PropertyOffer::new(&appliance::PHASE))
        },
        phase,
    ),
    Row::whole(&[ERROR], &problem::DETECTED, |cluster| {
        or_unknown(cluster.get(ERROR).and_then(|error| Some(error.field(0)?.as_uint()? != 0)))
    }),
];

fn state(cluster: &Cluster<'_>) -> Value {
    let switch = cluster.sibling(on_off::CLUSTER);
    if switch.and_then(|switch| switch.bool(on_off::ON_OFF)) == Some(false) {
        return Value::text("off");
    }
    cluster.read_word(STATE_OF, &[(0, "idle"), (1, "running"), (2, "paused"), (3, "error")])
}

/// The name of the phase; those without names are told by their number.
fn phase(cluster: &Cluster<'_>) -> Value {
    let Some(number) = cluster.uint(PHASE) else { return Value::Unknown };
    let names = cluster.get(PHASES).map_or(&[][..], Tlv::items);
    let name = usize::try_from(number).ok().and_then(|at| names.get(at)?.as_text());
    name.map_or_else(|| Value::text((number + 1).to_string()), Value::text)
}

fn hear(_: &Cluster<'_>, event: &EventReport) -> Option<Heard> {
    let error = event.value.field(0).and_then(Tlv::as_uint).unwrap_or(0);
    let finished: Occurrence = (&appliance::CYCLE_FINISHED).into();
    (event.event == COMPLETED && error == 0).then_some(Heard::Occurred(finished))
}

fn plan_state(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let deeds = [
        (&appliance::START, START),
        (&appliance::PAUSE, PAUSE),
        (&appliance::RESUME, RESUME),
        (&appliance::STOP, STOP),
    ];
    wanted.act(cluster, &deeds);
    Ok(())
}

const SETPOINT_OF: u32 = 0x0000;
const LEAST: u32 = 0x0001;
const MOST: u32 = 0x0002;
const STEP: u32 = 0x0003;
const LEVEL: u32 = 0x0004;
const LEVELS: u32 = 0x0005;

const SET_TEMPERATURE: u32 = 0x00;

/// Temperature Control, in degrees or in words of the device's own.
pub(super) static SETPOINT: Family =
    Family { clusters: &[0x0056], rows: SETPOINT_ROWS, plan: plan_setpoint, ..Family::OF_NOTHING };

const SETPOINT_ROWS: &[Row] = &[
    Row::of(
        &[SETPOINT_OF],
        |cluster| {
            let offer = PropertyOffer::new(&appliance::SETPOINT);
            let (min, max) = (cluster.number(LEAST, 0.01)?, cluster.number(MOST, 0.01)?);
            let step = cluster.number(STEP, 0.01).filter(|step| *step > 0.0).unwrap_or(1.0);
            (min < max).then(|| offer.within(Limits::new(min, max).by(step)))
        },
        |cluster| cluster.read_number(SETPOINT_OF, 0.01),
    ),
    Row::of(
        &[LEVEL],
        |cluster| {
            let words: Vec<SmolStr> = levels(cluster).into_iter().map(Into::into).collect();
            (!words.is_empty()).then(|| PropertyOffer::new(&appliance::TEMPERATURE_LEVEL).words(words))
        },
        |cluster| {
            let at = cluster.uint(LEVEL).and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| levels(cluster).get(at).copied()).map_or(Value::Unknown, Value::text)
        },
    ),
];

fn levels<'a>(cluster: &Cluster<'a>) -> Vec<&'a str> {
    cluster.get(LEVELS).map_or(&[][..], Tlv::items).iter().map(|level| level.as_text().unwrap_or_default()).collect()
}

fn plan_setpoint(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    if let Some(degrees) = wanted.take_number(&appliance::SETPOINT) {
        let degrees = Tlv::Int((degrees * 100.0).round() as i64);
        wanted.invoke(cluster, SET_TEMPERATURE, vec![(0, degrees)]);
    }
    if let Some(word) = wanted.take_text(&appliance::TEMPERATURE_LEVEL) {
        let at = levels(cluster).iter().position(|level| *level == word);
        let at = at.ok_or_else(|| Refusal::OutOfRange(format!("there is no temperature `{word}`")))?;
        wanted.invoke(cluster, SET_TEMPERATURE, vec![(1, Tlv::Uint(at as u64))]);
    }
    Ok(())
}

const REFRIGERATOR: u32 = 0x0057;
const ALARMS: u32 = 0x0002;

/// The alarms of a refrigerator and of a dishwasher, by their bits.
const REFRIGERATOR_ALARMS: &[&str] = &["door open"];
const DISHWASHER_ALARMS: &[&str] =
    &["no water comes in", "no water goes out", "door open", "too cold", "too hot", "wrong water level"];

/// Refrigerator Alarm and Dishwasher Alarm.
pub(super) static ALARM: Family = Family {
    clusters: &[REFRIGERATOR, 0x005D],
    rows: &[
        Row::whole(&[ALARMS], &problem::DETECTED, |cluster| or_unknown(cluster.bits(ALARMS, u64::MAX))),
        Row::of(
            &[ALARMS],
            |cluster| Some(cluster.own_offer("alarms", Shape::Text(256), Unit::None)),
            |cluster| cluster.uint(ALARMS).map_or(Value::Unknown, |bits| Value::text(alarms(cluster, bits))),
        ),
    ],
    ..Family::OF_NOTHING
};

fn alarms(cluster: &Cluster<'_>, bits: u64) -> String {
    let names = if cluster.id == REFRIGERATOR { REFRIGERATOR_ALARMS } else { DISHWASHER_ALARMS };
    let set = names.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    set.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}
