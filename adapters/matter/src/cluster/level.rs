//! Level Control (§1.6): how bright a light, how loud a loudspeaker, how strong a pump.

use hub_model::{
    Limits, PropertyOffer, Value,
    capability::{PropertySpec, brightness, media, on_off, pump},
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted, on_off as switching, view::tidy};
use crate::wire::Tlv;

const CLUSTER: u32 = 0x0008;
const CURRENT: u32 = 0x0000;
const MIN: u32 = 0x0002;
const MAX: u32 = 0x0003;
const ON_LEVEL: u32 = 0x0011;

/// The feature of a level that is bound to on and off.
const BOUND_TO_ON_OFF: u32 = 0;

const MOVE_TO: u32 = 0x00;
const STEP: u32 = 0x02;
const MOVE_TO_WITH_ON_OFF: u32 = 0x04;
const STEP_WITH_ON_OFF: u32 = 0x06;

/// The device type of a pump, whose level is a set point in steps of half a percent.
const PUMP: u32 = 0x0303;

/// The bit of the options that lets a command act on a lamp that is off.
pub(super) const EXECUTE_IF_OFF: u64 = 1;

pub(super) static FAMILY: Family =
    Family { clusters: &[CLUSTER], rows: ROWS, deeds: DEEDS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[Row::of(
    &[CURRENT],
    |cluster| {
        let (spec, span) = (spec(cluster), Span::of(cluster));
        let offer = PropertyOffer::new(spec).within(Limits::new(span.least(), 100.0).by(span.step()));
        Some(if is_light(cluster) { offer.with_transition() } else { offer })
    },
    |cluster| cluster.number(CURRENT, 1.0).map_or(Value::Unknown, |level| Span::of(cluster).percent(level).into()),
)];

const DEEDS: &[Deed] = &[Deed::of(&brightness::STEP, is_light)];

/// What the level is of this device.
fn spec(cluster: &Cluster<'_>) -> &'static PropertySpec {
    if cluster.is(switching::SPEAKER) {
        &media::VOLUME
    } else if cluster.is(PUMP) {
        &pump::SETPOINT
    } else {
        &brightness::LEVEL
    }
}

fn is_light(cluster: &Cluster<'_>) -> bool {
    spec(cluster).name == brightness::LEVEL.name
}

/// The levels that a device has, and their percentages.
struct Span {
    /// The least level at which the device is on.
    least: f64,
    /// The greatest level, which is 100 %.
    most: f64,
}

impl Span {
    fn of(cluster: &Cluster<'_>) -> Self {
        let usual = if cluster.is(PUMP) { 200.0 } else { 254.0 };
        let most = cluster.number(MAX, 1.0).filter(|most| (1.0..=254.0).contains(most)).unwrap_or(usual);
        let floor = if is_light(cluster) { 1.0 } else { 0.0 };
        let least = cluster.number(MIN, 1.0).filter(|least| (0.0..most).contains(least)).unwrap_or(floor);
        // Going down to the least level switches off, where the level is bound to on and off.
        let bound = is_light(cluster) && cluster.feature(BOUND_TO_ON_OFF) && least + 1.0 < most;
        Self { least: if bound { least + 1.0 } else { least }, most }
    }

    /// The least percentage, a whole one.
    fn least(&self) -> f64 {
        (self.least / self.most * 100.0).ceil().min(99.0)
    }

    fn step(&self) -> f64 {
        tenths(100.0 / self.most).max(0.1)
    }

    fn percent(&self, level: f64) -> f64 {
        tenths(level / self.most * 100.0).clamp(self.least(), 100.0)
    }

    fn level(&self, percent: f64) -> u64 {
        (percent / 100.0 * self.most).round().clamp(self.least, self.most) as u64
    }
}

fn tenths(number: f64) -> f64 {
    tidy((number * 10.0).round() / 10.0)
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let level = wanted.take_number(spec(cluster)).map(|percent| Span::of(cluster).level(percent));
    if !is_light(cluster) {
        if let Some(level) = level {
            move_to(cluster, wanted, MOVE_TO, level);
        }
        return Ok(());
    }
    let switch = cluster.sibling(switching::CLUSTER);
    let on = if switch.is_some() { wanted.peek(&on_off::ON).and_then(Value::as_bool) } else { None };
    match (on, level, switch) {
        (Some(false), Some(level), Some(switch)) => {
            // Off first, so that nobody sees the new level flash.
            wanted.take(&on_off::ON);
            switching::switch_off(&switch, wanted);
            move_to(cluster, wanted, MOVE_TO, level);
        }
        (Some(false), None, _) if wanted.tenths() > 0 => fade_out(cluster, wanted),
        (Some(true), None, _) => fade_in(cluster, wanted),
        (_, Some(level), Some(_)) => {
            wanted.take(&on_off::ON);
            move_to(cluster, wanted, MOVE_TO_WITH_ON_OFF, level);
        }
        (_, Some(level), None) => move_to(cluster, wanted, MOVE_TO, level),
        _ => {}
    }
    step(cluster, wanted);
    Ok(())
}

/// Down to the least level, which is off. The level before is remembered, as the device itself forgets it.
fn fade_out(cluster: &Cluster<'_>, wanted: &mut Wanted) {
    wanted.take(&on_off::ON);
    if let Some(level) = cluster.uint(CURRENT).filter(|level| *level > floor(cluster)) {
        wanted.remember_level(cluster.endpoint, level);
    }
    move_to(cluster, wanted, MOVE_TO_WITH_ON_OFF, floor(cluster));
}

/// On at the level of before, if it shall take a time or was faded out; else the plain command for it will do.
fn fade_in(cluster: &Cluster<'_>, wanted: &mut Wanted) {
    let now = cluster.uint(CURRENT);
    let own = cluster.uint(ON_LEVEL);
    let faded = cluster.level_before().filter(|_| now.is_some_and(|now| now <= floor(cluster)));
    let is_off = cluster.sibling(switching::CLUSTER).and_then(|switch| switch.bool(switching::ON_OFF)) == Some(false);
    let slowly = wanted.tenths() > 0 && is_off;
    let level = match (own, faded, now) {
        (None, Some(faded), _) => Some(faded),
        (Some(level), _, _) | (None, None, Some(level)) if slowly => Some(level),
        _ => None,
    };
    if let Some(level) = level.filter(|level| *level > floor(cluster)) {
        wanted.take(&on_off::ON);
        move_to(cluster, wanted, MOVE_TO_WITH_ON_OFF, level);
    }
}

/// The least level that the device names.
fn floor(cluster: &Cluster<'_>) -> u64 {
    cluster.uint(MIN).unwrap_or(1)
}

fn step(cluster: &Cluster<'_>, wanted: &mut Wanted) {
    let Some(arguments) = wanted.take_deed(&brightness::STEP) else { return };
    let by = arguments.get("by").and_then(Value::as_number).unwrap_or(0.0);
    let size = (by.abs() / 100.0 * Span::of(cluster).most).round().clamp(1.0, 254.0) as u64;
    // Brighter switches on; darker never switches off.
    let (command, down) = if by < 0.0 { (STEP, 1) } else { (STEP_WITH_ON_OFF, 0) };
    let fields = vec![(0, Tlv::Uint(down)), (1, Tlv::Uint(size)), (2, transition(wanted))];
    wanted.invoke(cluster, command, [fields, options(3)].concat());
}

fn move_to(cluster: &Cluster<'_>, wanted: &mut Wanted, command: u32, level: u64) {
    let fields = vec![(0, Tlv::Uint(level)), (1, transition(wanted))];
    wanted.invoke(cluster, command, [fields, options(2)].concat());
}

/// Nothing said leaves it to the device, which knows what looks well.
fn transition(wanted: &Wanted) -> Tlv {
    wanted.transition().map_or(Tlv::Null, |_| Tlv::Uint(wanted.tenths()))
}

/// The options' mask and their values, at this tag and the next: act on what is off, too.
pub(super) fn options(tag: u8) -> Vec<(u8, Tlv)> {
    vec![(tag, Tlv::Uint(EXECUTE_IF_OFF)), (tag + 1, Tlv::Uint(EXECUTE_IF_OFF))]
}
