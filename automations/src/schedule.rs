//! When a time of day comes next, by the clock on the wall: once on each chosen day, whatever the clocks do that day.
//!
//! A time that a change to summer time leaps over comes as much later as the leap is long (02:30 becomes 03:30, as
//! RFC 5545 has it); a time that comes twice counts the first time.

use hub_model::Home;
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::days::Days;

/// A time of day that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day that it counts for.
    pub date: Date,
    /// The moment.
    pub at: Timestamp,
}

/// The first moment after `after` that is this time on one of these days. A day for which it has been `done` already
/// is left out, so that a clock that is set back brings no second time. `None` only at the end of the calendar.
pub fn next(time: Time, days: Days, after: Timestamp, done: Option<Date>, zone: &TimeZone) -> Option<Due> {
    /// A week, the day before it, as a leap may carry a time over midnight, and one more for the day that is done.
    const DAYS: usize = 10;
    let today = after.to_zoned_datetime(zone.clone()).date();
    let first = today.yesterday().unwrap_or(today);
    std::iter::successors(Some(first), |date| date.tomorrow().ok())
        .take(DAYS + 7)
        .filter(|date| days.contains(date.weekday()) && Some(*date) != done)
        .filter_map(|date| Some(Due { date, at: moment(date, time, zone)? }))
        .find(|due| due.at > after)
}

fn moment(date: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()
}

/// Whether a time of day is within two others, the first included; over midnight where the second is the earlier one,
/// and always where both are the same.
pub fn is_between(time: Time, from: Time, to: Time) -> bool {
    if from < to { from <= time && time < to } else { from <= time || time < to }
}

/// The day and the time by the clock on the home's wall.
pub fn wall_clock(now: Timestamp, home: &Home) -> (Date, Time) {
    let local = now.to_zoned_datetime(home.zone.clone());
    (local.date(), local.time())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"];

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn due(text: &str, after: &str, zone_name: &str) -> String {
        let time = text.parse().unwrap();
        next(time, Days::ALL, at(after), None, &zone(zone_name)).unwrap().at.to_string()
    }

    #[test]
    fn every_time_of_day_comes_once_on_each_day_of_a_year() {
        for name in ZONES {
            let zone = zone(name);
            for time in ["00:00", "00:30", "01:30", "01:59:59", "02:00", "02:15", "02:30", "03:00", "12:00", "23:59:59"]
            {
                let time: Time = time.parse().unwrap();
                let (mut now, end) = (at("2026-01-01T14:00:00Z"), at("2027-01-01T14:00:00Z"));
                let mut count = BTreeMap::new();
                while let Some(due) = next(time, Days::ALL, now, None, &zone).filter(|due| due.at <= end) {
                    assert!(due.at > now);
                    *count.entry(due.date).or_insert(0) += 1;
                    now = due.at;
                }
                assert_eq!(count.len(), 365, "{name} {time}");
                assert!(count.values().all(|times| *times == 1), "{name} {time}");
            }
        }
    }

    #[test]
    fn a_time_that_is_leapt_over_comes_by_the_leap_later() {
        assert_eq!(due("02:30", "2026-03-28T23:00:00Z", "Europe/Berlin"), "2026-03-29T01:30:00Z");
        assert_eq!(due("02:30", "2026-03-08T06:00:00Z", "America/New_York"), "2026-03-08T07:30:00Z");
        // Lord Howe leaps by half an hour: 02:15 becomes 02:45 at +11.
        assert_eq!(due("02:15", "2026-10-03T14:00:00Z", "Australia/Lord_Howe"), "2026-10-03T15:45:00Z");
    }

    #[test]
    fn a_time_that_comes_twice_counts_the_first_time() {
        for (zone_name, time, before) in [
            ("Europe/Berlin", "02:30", "2026-10-24T23:00:00Z"),
            ("America/New_York", "01:30", "2026-11-01T04:00:00Z"),
            ("Australia/Lord_Howe", "01:45", "2026-04-04T13:00:00Z"),
        ] {
            let zone = zone(zone_name);
            let time: Time = time.parse().unwrap();
            let first = next(time, Days::ALL, at(before), None, &zone).unwrap();
            let second = next(time, Days::ALL, first.at, None, &zone).unwrap();
            assert_eq!(second.date, first.date.tomorrow().unwrap(), "{zone_name}");
        }
    }

    #[test]
    fn a_day_that_is_done_does_not_come_again_when_the_clock_is_set_back() {
        let (time, zone) = (Time::constant(8, 0, 0, 0), zone("Europe/Berlin"));
        let done = next(time, Days::ALL, at("2026-11-23T06:00:00Z"), None, &zone).unwrap();
        let again = next(time, Days::ALL, at("2026-11-23T06:30:00Z"), Some(done.date), &zone).unwrap();
        assert_eq!(again.date, done.date.tomorrow().unwrap());
    }

    #[test]
    fn one_day_a_week_that_is_done_comes_the_week_after() {
        let (time, zone) = (Time::constant(8, 0, 0, 0), zone("Europe/Berlin"));
        let monday = Days::from_words(["mon"]).unwrap();
        let done = next(time, monday, at("2026-11-23T06:00:00Z"), None, &zone).unwrap();
        let again = next(time, monday, at("2026-11-22T06:00:00Z"), Some(done.date), &zone).unwrap();
        assert_eq!(again.date.to_string(), "2026-11-30");
    }

    #[test]
    fn a_span_of_the_day_may_cross_midnight() {
        let time = |hour| Time::constant(hour, 0, 0, 0);
        assert!(is_between(time(23), time(22), time(6)) && is_between(time(5), time(22), time(6)));
        assert!(!is_between(time(6), time(22), time(6)) && !is_between(time(12), time(22), time(6)));
        assert!(is_between(time(12), time(8), time(13)) && !is_between(time(13), time(8), time(13)));
    }
}
