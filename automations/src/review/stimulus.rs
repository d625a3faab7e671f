//! What can trigger rules: single things that happen.

use std::sync::Arc;

use hub_model::{DeviceId, EndpointId, Home, Occurrence, Path, SceneId, Signal, Topic, Value};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{
    domain::Domain,
    subject::{scene_writes, watched},
    way::Way,
};
use crate::{
    calendar::Calendars,
    days::Days,
    message::Payload,
    plan::{Check, Watch},
    rule::{Change, Edge, Test, Timing},
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
    /// A device can be reached again, or no longer.
    Reach {
        /// Which one.
        device: DeviceId,
        /// Which of the two.
        reachable: bool,
    },
    /// Somebody runs a scene.
    Scene(SceneId),
    /// A message comes from the broker.
    Message {
        /// Where it was published.
        topic: Topic,
        /// What it says.
        payload: Arc<[u8]>,
    },
    /// Somebody says something to the rules, calls an address or chooses an answer, or the hub has started.
    Told(Signal),
    /// Something in a calendar begins or ends.
    Entry {
        /// In which calendar.
        calendar: SmolStr,
        /// What it is called; empty where it is called anything.
        title: SmolStr,
        /// Which of the two.
        edge: Edge,
        /// How long after that.
        offset: SignedDuration,
    },
}

/// How far ahead times of day are looked for: each comes at least once in it.
const AHEAD: SignedDuration = SignedDuration::from_hours(8 * 24);
/// More times of one trigger than this are not looked at.
const MOST_MOMENTS: usize = 64;

/// Everything that sets a rule off in this way, one of each kind; the moments are those of the days after `now`.
pub(super) fn stimuli(way: &Way<'_>, domain: &Domain<'_>, home: &Home, now: Timestamp) -> Vec<Stimulus> {
    match way.watch {
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
        Watch::Timed { timing: Timing::Calendar { calendar, edge, offset, title }, .. } => {
            let title = title.clone().unwrap_or_default();
            vec![Stimulus::Entry { calendar: calendar.clone(), title, edge: *edge, offset: *offset }]
        }
        Watch::Timed { .. } => moments(way.watch, home, now).into_iter().map(Stimulus::Clock).collect(),
        Watch::Reachable { devices, is, .. } => devices.iter().map(|device| reach(*device, *is)).collect(),
        Watch::Holds { check, .. } => {
            let changed = watched(way.watch).into_iter().flat_map(|path| changes(path, &Change::Any, domain));
            changed.chain(turns(check, home, now)).collect()
        }
        Watch::Message { topic, wording } => domain.hearing.messages(topic, wording),
        Watch::Scene(scene) => vec![Stimulus::Scene(*scene)],
        Watch::Phrase(phrases) => phrases.iter().flat_map(|phrase| domain.hearing.said(phrase)).collect(),
        Watch::Webhook(_) => {
            let (rule, trigger) = (&way.first.rule.id.value, way.number);
            let call = |body| Stimulus::Told(Signal::Webhook { rule: rule.clone(), trigger, body });
            domain.hearing.bodies().into_iter().map(call).collect()
        }
        Watch::Answer(answer) => vec![Stimulus::Told(Signal::Answer(answer.clone()))],
        Watch::Started => vec![Stimulus::Told(Signal::Started)],
        // Whatever sets the other rule off does.
        Watch::Rule(_) => Vec::new(),
    }
}

/// Whether something sets a rule off in this way.
pub(super) fn meets(way: &Way<'_>, stimulus: &Stimulus, home: &Home) -> bool {
    match (way.watch, stimulus) {
        (Watch::Property { paths, from, change, .. }, Stimulus::Change { path, old, new }) => {
            paths.contains(path) && begins(change, old, new) && leaves(from.as_ref(), old, new)
        }
        (Watch::Property { .. }, Stimulus::Scene(scene)) => {
            scene_writes(*scene, home).iter().any(|(path, value)| may_meet(way.watch, path, value.as_ref()))
        }
        (Watch::Occurs { places, what }, Stimulus::Occurs { device, endpoint, occurrence }) => {
            what == occurrence && places.iter().any(|place| place.0 == *device && place.1 == *endpoint)
        }
        // Whether it turns by that, only the engine can say.
        (Watch::Holds { .. }, Stimulus::Change { path, .. }) => watched(way.watch).contains(&path),
        (Watch::Holds { check, .. }, Stimulus::Clock(_) | Stimulus::Reach { .. } | Stimulus::Entry { .. }) => {
            looks_at_more(check)
        }
        (
            Watch::Timed { timing: Timing::Calendar { calendar, edge, offset, title }, .. },
            Stimulus::Entry { calendar: of, title: called, edge: end, offset: by },
        ) => {
            let is_called = title.as_ref().is_none_or(|title| called.to_lowercase().contains(&title.to_lowercase()));
            calendar == of && edge == end && offset == by && is_called
        }
        (Watch::Timed { .. }, Stimulus::Clock(at)) => {
            moments(way.watch, home, *at - SignedDuration::from_secs(1)).first() == Some(at)
        }
        (Watch::Reachable { devices, is, .. }, Stimulus::Reach { device, reachable }) => {
            is == reachable && devices.contains(device)
        }
        (Watch::Scene(scene), Stimulus::Scene(run)) => scene == run,
        (Watch::Message { topic: filter, wording }, Stimulus::Message { topic, payload }) => {
            filter.matches(topic.as_str()) && wording.fits(&Payload::new(payload))
        }
        (Watch::Phrase(phrases), Stimulus::Told(Signal::Phrase { words, language })) => {
            phrases.iter().any(|phrase| phrase.is(words, language))
        }
        (Watch::Webhook(_), Stimulus::Told(Signal::Webhook { rule, trigger, .. })) => {
            way.first.rule.id.value == *rule && way.number == *trigger
        }
        (Watch::Answer(answer), Stimulus::Told(Signal::Answer(chosen))) => answer == chosen,
        (Watch::Started, Stimulus::Told(Signal::Started)) => true,
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

/// Whether more than readings can make a condition turn.
pub(super) fn looks_at_more(check: &Check) -> bool {
    let mut more = false;
    check.each(&mut |part| {
        more |= !matches!(part, Check::All(_) | Check::Any(_) | Check::Not(_) | Check::Property { held: None, .. });
    });
    more
}

/// What can make a condition turn beside readings.
fn turns(check: &Check, home: &Home, now: Timestamp) -> Vec<Stimulus> {
    let mut found = Vec::new();
    let clock = |at| {
        let watch = Watch::Timed { timing: Timing::Daily { at, days: Days::ALL }, place: None };
        moments(&watch, home, now).into_iter().map(Stimulus::Clock).collect::<Vec<_>>()
    };
    check.each(&mut |part| match part {
        Check::Between(from, to) => found.extend([*from, *to].into_iter().flat_map(clock)),
        Check::Days(_) => found.extend(clock(jiff::civil::Time::midnight())),
        Check::Reachable { devices, .. } => {
            found.extend(devices.iter().flat_map(|device| [true, false].map(|is| reach(*device, is))));
        }
        Check::Calendar { calendar, title } => found.extend([Edge::Start, Edge::End].map(|edge| Stimulus::Entry {
            calendar: calendar.clone(),
            title: title.clone().unwrap_or_default(),
            edge,
            offset: SignedDuration::ZERO,
        })),
        _ => {}
    });
    found
}

const fn reach(device: DeviceId, reachable: bool) -> Stimulus {
    Stimulus::Reach { device, reachable }
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
