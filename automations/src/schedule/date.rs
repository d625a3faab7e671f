//! A date with a time, once or every year.

use jiff::{Timestamp, civil::Time, tz::TimeZone};

use super::{Due, Mark, moment};
use crate::rule::Timing;

/// The next one. February 29th of every year comes in leap years only.
pub(super) fn next(
    (year, month, day): (Option<i16>, i8, i8),
    at: Time,
    after: Timestamp,
    done: Option<Mark>,
    zone: &TimeZone,
) -> Option<Due> {
    /// From one leap year to the next but one, as 2100 is none; and the year before, for zones ahead.
    const YEARS: i16 = 9;
    let this = after.to_zoned_datetime(zone.clone()).year();
    let years = match year {
        Some(year) => year..=year,
        None => this.saturating_sub(1)..=this.saturating_add(YEARS),
    };
    let dates = years.filter_map(|year| Timing::date_in(year, month, day));
    let dues = dates.filter_map(|date| Some(Due { mark: Mark::Day(date), at: moment(date, at, zone)? }));
    dues.into_iter().find(|due| due.at > after && Some(due.mark) != done)
}
