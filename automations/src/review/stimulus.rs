//! What can trigger rules: single things that happen.

use hub_model::{DeviceId, EndpointId, Home, Occurrence, Path, Value};
use jiff::{SignedDuration, Timestamp};

use super::{domain::Domain, subject::watched};
use crate::{
    calendar::Calendars,
    plan::Watch,
    rule::{Change, Test},
    schedule::{self, Setting},
};

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Stimulus {
    /// A property changes.
    Change {
        /// Which one.
        path: Path,
        /// From what.
        old: Value,
        /// To what.
        new: Value,
    },
    /// Something happens and is over.
    Occurs {
        /// Where.
        device: DeviceId,
        /// On which endpoint.
        endpoint: EndpointId,
        /// What.
        occurrence: Occurrence,
    },
    /// The clock comes to this moment.
    Clock(Timestamp),
}

/// How far ahead times of day are looked for: each comes at least once in it.
const AHEAD: SignedDuration = SignedDuration::from_hours(8 * 24);
/// More times of one trigger than this are not looked at.
const MOST_MOMENTS: usize = 64;

/// Everything that meets a trigger, one of each kind; the moments are those of the days after `now`.
pub(super) fn stimuli(watch: &Watch, domain: &Domain<'_>, home: &Home, now: Timestamp) -> Vec<Stimulus> {
    match watch {
        Watch::Property { paths, from, change, .. } => {
            let comes = |stimulus: &Stimulus| {
                let Stimulus::Change { old, new, .. } = stimulus else { return true };
                leaves(from.as_ref(), old, new)
            };
            paths.iter().flat_map(|path| changes(path, change, domain)).filter(comes).collect()
        }
        Watch::Occurs { places, what } => {
            let at = |(device, endpoint): &(DeviceId, EndpointId)| Stimulus::Occurs {
                device: *device,
                endpoint: endpoint.clone(),
                occurrence: what.clone(),
            };
            places.iter().map(at).collect()
        }
        Watch::Timed { .. } => moments(watch, home, now).into_iter().map(Stimulus::Clock).collect(),
        Watch::Holds { .. } => {
            watched(watch).into_iter().flat_map(|path| changes(path, &Change::Any, domain)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether something meets a trigger.
pub(super) fn meets(watch: &Watch, stimulus: &Stimulus, home: &Home) -> bool {
    match (watch, stimulus) {
        (Watch::Property { paths, from, change, .. }, Stimulus::Change { path, old, new }) => {
            paths.contains(path) && begins(change, old, new) && leaves(from.as_ref(), old, new)
        }
        (Watch::Occurs { places, what }, Stimulus::Occurs { device, endpoint, occurrence }) => {
            what == occurrence && places.iter().any(|place| place.0 == *device && place.1 == *endpoint)
        }
        // Whether it turns by that, only the engine can say.
        (Watch::Holds { .. }, Stimulus::Change { path, .. }) => watched(watch).contains(&path),
        (Watch::Timed { .. }, Stimulus::Clock(at)) => {
            moments(watch, home, *at - SignedDuration::from_secs(1)).first() == Some(at)
        }
        _ => false,
    }
}

/// Whether a write can meet a trigger, whatever was before; a value of `None` can be any.
pub(super) fn may_meet(watch: &Watch, path: &Path, value: Option<&Value>) -> bool {
    let Watch::Property { paths, change, .. } = watch else { return watched(watch).contains(&path) };
    let begins = match (change, value) {
        (Change::Any, _) | (_, None) => true,
        (Change::Becomes(test), Some(value)) => test.holds(value),
    };
    begins && paths.contains(path)
}

/// When a time comes within the next days.
pub(super) fn moments(watch: &Watch, home: &Home, after: Timestamp) -> Vec<Timestamp> {
    let Watch::Timed { timing, place } = watch else { return Vec::new() };
    let calendars = Calendars::new();
    let setting = Setting { zone: &home.zone, place: *place, calendars: &calendars };
    let next = |after| schedule::next(timing, after, None, setting).map(|due| due.at);
    let end = after.saturating_add(AHEAD).unwrap_or(after);
    std::iter::successors(next(after), |at| next(*at)).take_while(|at| *at < end).take(MOST_MOMENTS).collect()
}

fn begins(change: &Change, old: &Value, new: &Value) -> bool {
    match change {
        Change::Any => old != new && *old != Value::Unknown && *new != Value::Unknown,
        Change::Becomes(test) => became(test, old, new),
    }
}

/// Whether a change is one away from what a trigger wants to have been before.
fn leaves(from: Option<&Test>, old: &Value, new: &Value) -> bool {
    from.is_none_or(|from| from.holds(old) && !from.holds(new))
}

fn became(test: &Test, old: &Value, new: &Value) -> bool {
    test.holds(new) && !test.holds(old)
}

/// The changes of a property that meet a trigger. What was unknown before comes last: a better example is one that
/// people can see.
fn changes(path: &Path, change: &Change, domain: &Domain<'_>) -> Vec<Stimulus> {
    let values = domain.values(path);
    let pairs = values.iter().flat_map(|old| values.iter().map(move |new| (old, new)));
    let mut pairs: Vec<_> = pairs.filter(|(old, new)| begins(change, old, new)).collect();
    pairs.sort_by_key(|(old, _)| **old == Value::Unknown);
    let change =
        |(old, new): (&Value, &Value)| Stimulus::Change { path: path.clone(), old: old.clone(), new: new.clone() };
    pairs.into_iter().map(change).collect()
}
