//! What the sun does, with an offset, on some days of the week. It counts for the day on which the sun does it.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Due, Mark};
use crate::{
    days::Days,
    sun::{Place, SunEvent},
};

/// The next one; `None` where it does not come for months.
pub(super) fn next(
    event: SunEvent,
    offset: SignedDuration,
    days: Days,
    after: Timestamp,
    done: Option<Mark>,
    place: Place,
    zone: &TimeZone,
) -> Option<Due> {
    /// A week, one for the day that is done, and some for events that fall twice or not at all on a day.
    const EVENTS: usize = 12;
    let first = place.next(event, after.checked_sub(offset).ok()?)?;
    let events = std::iter::successors(Some(first), |before| place.next(event, *before)).take(EVENTS);
    let dues = events.filter_map(|at| {
        let date = at.to_zoned_datetime(zone.clone()).date();
        Some((date, Due { mark: Mark::Day(date), at: at.checked_add(offset).ok()? }))
    });
    let mut dues = dues.filter(|(date, due)| days.contains(date.weekday()) && Some(due.mark) != done);
    dues.find(|(_, due)| due.at > after).map(|(_, due)| due)
}
