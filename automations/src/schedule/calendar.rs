//! Beginnings and ends of what stands in a calendar.

use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{Due, Mark, beyond};
use crate::{calendar::Entry, rule::Edge};

/// The next one.
pub(super) fn next(
    entries: &[Entry],
    edge: Edge,
    offset: SignedDuration,
    title: Option<&str>,
    after: Timestamp,
    done: Option<Mark>,
) -> Option<Due> {
    let moments = meant(entries, edge, offset, title).map(|(_, at)| at);
    beyond(after, done, |after| moments.clone().filter(|at| *at > after).min()).map(Due::at)
}

/// What those of this moment are called.
pub(super) fn at(
    entries: &[Entry],
    edge: Edge,
    offset: SignedDuration,
    title: Option<&str>,
    moment: Timestamp,
) -> Vec<SmolStr> {
    let of_moment = meant(entries, edge, offset, title).filter(|(_, at)| *at == moment);
    of_moment.map(|(entry, _)| SmolStr::from(&entry.title)).collect()
}

/// The entries that are meant, each with its moment.
fn meant<'a>(
    entries: &'a [Entry],
    edge: Edge,
    offset: SignedDuration,
    title: Option<&'a str>,
) -> impl Iterator<Item = (&'a Entry, Timestamp)> + Clone {
    let meant = entries.iter().filter(move |entry| title.is_none_or(|title| entry.is_called(title)));
    meant.filter_map(move |entry| {
        let at = if edge == Edge::Start { entry.start } else { entry.end };
        Some((entry, at.checked_add(offset).ok()?))
    })
}
