//! Times of day: once on each chosen day.
//!
//! A time that a change to summer time leaps over comes as much later as the leap is long (02:30 becomes 03:30, as
//! RFC 5545 has it); a time that comes twice counts the first time.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{Due, Mark};
use crate::days::Days;

/// The first moment after `after` that is this time on one of these days. A day for which it has been `done` already
/// is left out, so that a clock that is set back brings no second time. `None` only at the end of the calendar.
pub(super) fn next(time: Time, days: Days, after: Timestamp, done: Option<Mark>, zone: &TimeZone) -> Option<Due> {
    /// A week, the day before it, as a leap may carry a time over midnight, and one more for the day that is done.
    const DAYS: usize = 10;
    let today = after.to_zoned_datetime(zone.clone()).date();
    let first = today.yesterday().unwrap_or(today);
    std::iter::successors(Some(first), |date| date.tomorrow().ok())
        .take(DAYS + 7)
        .filter(|date| days.contains(date.weekday()) && Some(Mark::Day(*date)) != done)
        .filter_map(|date| Some(Due { mark: Mark::Day(date), at: moment(date, time, zone)? }))
        .find(|due| due.at > after)
}

/// The moment of a time of day.
pub fn moment(date: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()
}

/// Whether a time of day is within two others, the first included; over midnight where the second is the earlier one,
/// and always where both are the same.
pub fn is_between(time: Time, from: Time, to: Time) -> bool {
    if from < to { from <= time && time < to } else { from <= time || time < to }
}
