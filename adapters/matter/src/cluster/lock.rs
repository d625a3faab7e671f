//! Door Lock (§5.2). Its commands must be timed, and some locks want a PIN with them.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{
    Occurrence, Property, PropertyOffer, Value,
    capability::{contact, lock},
};
use smol_str::SmolStr;

use super::{Cluster, Deed, Family, Heard, Refusal, Row, Wanted, view::or_unknown};
use crate::wire::{EventReport, Tlv};

const CLUSTER: u32 = 0x0101;
const STATE: u32 = 0x0000;
const DOOR: u32 = 0x0003;
const MOST_DIGITS: u32 = 0x0017;
const LEAST_DIGITS: u32 = 0x0018;
const PIN_NEEDED: u32 = 0x0033;

const HAS_PIN: u32 = 0;
const HAS_DOOR_SENSOR: u32 = 5;
const HAS_USERS: u32 = 8;
const HAS_BOLT: u32 = 12;

const LOCK: u32 = 0x00;
const UNLOCK: u32 = 0x01;
const UNBOLT: u32 = 0x27;

const ALARM: u32 = 0x00;
const JAMMED: u64 = 0;
const WRONG_CODES: u64 = 4;
const FORCED: u64 = 6;
const OPERATION: u32 = 0x02;
/// What was done (OperationType): locked, unlocked, unlatched.
const OPERATIONS: [u64; 3] = [0, 1, 4];
const OPERATION_ERROR: u32 = 0x03;
const INVALID_CREDENTIAL: u64 = 1;

/// A motor takes some seconds for the bolt.
const TURNING: Duration = Duration::from_secs(15);

pub(super) static FAMILY: Family = Family { clusters: &[CLUSTER], rows: ROWS, deeds: DEEDS, occurrences, hear, plan };

const ROWS: &[Row] = &[
    Row::of(
        &[STATE],
        |_| Some(PropertyOffer::new(&lock::STATE).within_time(TURNING)),
        // Not fully locked is not locked: somebody should look.
        |cluster| cluster.read_word(STATE, &[(0, "unlocked"), (1, "locked"), (2, "unlocked"), (3, "open")]),
    ),
    Row::of(
        &[DOOR],
        |cluster| cluster.feature(HAS_DOOR_SENSOR).then(|| PropertyOffer::new(&contact::OPEN)),
        // Open, closed, jammed, forced open, unspecified error, ajar.
        |cluster| {
            or_unknown(match cluster.uint(DOOR) {
                Some(0 | 3 | 5) => Some(true),
                Some(1) => Some(false),
                _ => None,
            })
        },
    ),
    Row::told(|_| Some(PropertyOffer::new(&lock::OPERATED_BY))),
    Row::told(|cluster| cluster.feature(HAS_USERS).then(|| PropertyOffer::new(&lock::USER))),
];

const DEEDS: &[Deed] = &[
    Deed::of(&lock::LOCK, |_| true).within(TURNING),
    Deed::of(&lock::UNLOCK, |_| true).within(TURNING),
    Deed::of(&lock::UNLATCH, has_bolt).within(TURNING),
];

/// Whether it has a bolt and a latch. Then unlocking pulls both, and unbolting leaves the door closed.
fn has_bolt(cluster: &Cluster<'_>) -> bool {
    cluster.feature(HAS_BOLT)
}

fn occurrences(_: &Cluster<'_>) -> Vec<Occurrence> {
    vec![(&lock::WRONG_CODE).into(), (&lock::FORCED).into()]
}

fn hear(_: &Cluster<'_>, event: &EventReport) -> Option<Heard> {
    let code = |tag| event.value.field(tag).and_then(Tlv::as_uint);
    match (event.event, code(0)) {
        (ALARM, Some(JAMMED)) => Some(Heard::Read(vec![(Property::from(&lock::STATE), Value::text("jammed"))])),
        (ALARM, Some(WRONG_CODES)) => Some(Heard::Occurred((&lock::WRONG_CODE).into())),
        (ALARM, Some(FORCED)) => Some(Heard::Occurred((&lock::FORCED).into())),
        (OPERATION, Some(done)) if OPERATIONS.contains(&done) => {
            let user = code(2).map_or(Value::Unknown, |user| Value::Number(user as f64));
            let source = Value::text(source(code(1).unwrap_or(0)));
            Some(Heard::Read(vec![((&lock::OPERATED_BY).into(), source), ((&lock::USER).into(), user)]))
        }
        (OPERATION_ERROR, _) if code(2) == Some(INVALID_CREDENTIAL) => {
            Some(Heard::Occurred((&lock::WRONG_CODE).into()))
        }
        _ => None,
    }
}

/// The word for an OperationSource.
const fn source(code: u64) -> &'static str {
    match code {
        1 => "hand",
        2 | 7 => "remote",
        3 => "keypad",
        4 => "auto",
        5 => "button",
        6 => "schedule",
        8 => "card",
        9 => "finger",
        10 => "phone",
        _ => "other",
    }
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let unlock = if has_bolt(cluster) { UNBOLT } else { UNLOCK };
    for (spec, command) in [(&lock::LOCK, LOCK), (&lock::UNLOCK, unlock), (&lock::UNLATCH, UNLOCK)] {
        if let Some(arguments) = wanted.take_deed(spec) {
            let fields = pin(cluster, &arguments)?.map(|pin| (0, Tlv::Bytes(pin)));
            wanted.invoke_timed(cluster, command, fields.into_iter().collect());
        }
    }
    Ok(())
}

/// The PIN to send. One that the lock doesn't ask for is left out of the message: such locks refuse it.
fn pin(cluster: &Cluster<'_>, arguments: &BTreeMap<SmolStr, Value>) -> Result<Option<Vec<u8>>, Refusal> {
    if !cluster.feature(HAS_PIN) {
        return Ok(None);
    }
    let needed = cluster.bool(PIN_NEEDED) == Some(true);
    let Some(pin) = arguments.get("pin").and_then(Value::as_text).filter(|pin| !pin.is_empty()) else {
        return if needed { Err(Refusal::PinNeeded) } else { Ok(None) };
    };
    let least = cluster.uint(LEAST_DIGITS).unwrap_or(0);
    let most = cluster.uint(MOST_DIGITS).filter(|most| *most > 0).unwrap_or(255);
    if !(least..=most).contains(&(pin.len() as u64)) {
        return Err(Refusal::OutOfRange(format!("a PIN of this lock has {least} to {most} digits")));
    }
    Ok(Some(pin.as_bytes().to_vec()))
}
