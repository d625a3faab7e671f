//! Beginnings and ends of what stands in a calendar.

use jiff::{SignedDuration, Timestamp};

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
    let meant = entries.iter().filter(|entry| title.is_none_or(|title| entry.is_called(title)));
    let moments = meant.filter_map(|entry| {
        let at = if edge == Edge::Start { entry.start } else { entry.end };
        at.checked_add(offset).ok()
    });
    beyond(after, done, |after| moments.clone().filter(|at| *at > after).min()).map(Due::at)
}
