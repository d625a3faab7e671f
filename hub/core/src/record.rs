//! From events to the journal: what of them is kept, and without secrets. Pure.

use std::{fmt::Write as _, time::Duration};

use hub_model::{Actor, Cause, EndpointId, Event, Invoke, Property, Value, What};
use hub_store::Entry;

use crate::{apply::Heard, pending::Ending};

/// The journal's entry of a reading. What the device did by itself has no cause there, which saves most of the bytes.
pub fn reading(heard: Heard, cause: Option<&Cause>) -> Entry {
    let cause = cause.filter(|cause| !matches!(cause.actor, Actor::Device(_))).cloned();
    Entry::Reading { path: heard.path, reading: heard.reading, keep: heard.changed && heard.keep, cause }
}

/// The journal's entry of an event, where it keeps one; changes are kept as readings.
pub fn event(event: &Event) -> Option<Entry> {
    let at = event.at;
    match &event.what {
        What::Occurred { device, endpoint, occurrence } => Some(Entry::Occurred {
            device: *device,
            endpoint: endpoint.clone(),
            occurrence: occurrence.clone(),
            at,
            cause: Some(event.cause.clone()).filter(|cause| !matches!(cause.actor, Actor::Device(_))),
        }),
        What::Reachable { device, reachable } => Some(Entry::Reachable { device: *device, reachable: *reachable, at }),
        What::Notice(notice) => Some(Entry::Notice { notice: notice.clone(), at }),
        What::Changed { .. }
        | What::Device(_)
        | What::Home
        | What::Rules
        | What::Command { .. }
        | What::Scene { .. } => None,
    }
}

/// The journal's entry of a command that ended.
pub fn command(ending: &Ending, at: jiff::Timestamp) -> Entry {
    let command = &ending.command;
    Entry::Command {
        id: command.id,
        key: command.key.clone(),
        device: command.target.device,
        text: describe(&command.target.endpoint, &command.set, command.invoke.as_ref(), command.transition),
        cause: command.cause.clone(),
        at,
        outcome: ending.outcome,
    }
}

/// What was asked of an endpoint, in words, with secrets masked.
pub fn describe(
    endpoint: &EndpointId,
    set: &[(Property, Value)],
    invoke: Option<&Invoke>,
    transition: Option<Duration>,
) -> String {
    let mut text = endpoint.to_string();
    // Writing to a string can't fail.
    for (property, value) in set {
        let _ = write!(text, " {property}={value}");
    }
    if let Some(invoke) = invoke {
        let _ = write!(text, " {invoke:?}");
    }
    if let Some(transition) = transition {
        let _ = write!(text, " in {:.1} s", transition.as_secs_f64());
    }
    text
}
