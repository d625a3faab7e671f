use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::*;
use crate::{
    days::Days,
    rule::{CronLine, Timing},
    sun::SunEvent,
};

const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The next one where no calendar matters, over Berlin.
fn comes(timing: &Timing, after: Timestamp, done: Option<Mark>, zone: &TimeZone) -> Option<Due> {
    let place = Place { latitude: 52.52, longitude: 13.405 };
    super::next(timing, after, done, Setting { zone, place: Some(place), calendars: &Calendars::new() })
}

fn next(at: Time, days: Days, after: Timestamp, done: Option<Mark>, zone: &TimeZone) -> Option<Due> {
    comes(&Timing::Daily { at, days }, after, done, zone)
}

fn date(due: Due) -> Date {
    if let Mark::Day(date) = due.mark { date } else { panic!("{due:?}") }
}

fn due(text: &str, after: &str, zone_name: &str) -> String {
    let time = text.parse().unwrap();
    next(time, Days::ALL, at(after), None, &zone(zone_name)).unwrap().at.to_string()
}

#[test]
fn every_time_of_day_comes_once_on_each_day_of_a_year() {
    for name in ZONES {
        let zone = zone(name);
        for time in ["00:00", "00:30", "01:30", "01:59:59", "02:00", "02:15", "02:30", "03:00", "12:00", "23:59:59"] {
            let time: Time = time.parse().unwrap();
            let (mut now, end) = (at("2026-01-01T14:00:00Z"), at("2027-01-01T14:00:00Z"));
            let mut count = BTreeMap::new();
            while let Some(due) = next(time, Days::ALL, now, None, &zone).filter(|due| due.at <= end) {
                assert!(due.at > now);
                *count.entry(date(due)).or_insert(0) += 1;
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
        assert_eq!(date(second), date(first).tomorrow().unwrap(), "{zone_name}");
    }
}

#[test]
fn a_day_that_is_done_does_not_come_again_when_the_clock_is_set_back() {
    let (time, zone) = (Time::constant(8, 0, 0, 0), zone("Europe/Berlin"));
    let done = next(time, Days::ALL, at("2026-11-23T06:00:00Z"), None, &zone).unwrap();
    let again = next(time, Days::ALL, at("2026-11-23T06:30:00Z"), Some(done.mark), &zone).unwrap();
    assert_eq!(date(again), date(done).tomorrow().unwrap());
}

#[test]
fn one_day_a_week_that_is_done_comes_the_week_after() {
    let (time, zone) = (Time::constant(8, 0, 0, 0), zone("Europe/Berlin"));
    let monday = Days::from_words(["mon"]).unwrap();
    let done = next(time, monday, at("2026-11-23T06:00:00Z"), None, &zone).unwrap();
    let again = next(time, monday, at("2026-11-22T06:00:00Z"), Some(done.mark), &zone).unwrap();
    assert_eq!(date(again).to_string(), "2026-11-30");
}

#[test]
fn all_that_came_before_what_is_done_does_not_come_again_when_the_clock_is_set_back() {
    let (zone, back) = (zone("Europe/Berlin"), at("2026-11-23T06:05:00Z"));
    for timing in [Timing::Every(std::time::Duration::from_secs(600)), Timing::Cron("*/10 * * * *".parse().unwrap())] {
        let done = Mark::Moment(at("2026-11-23T08:00:00Z"));
        let next = comes(&timing, back, Some(done), &zone).unwrap();
        assert_eq!(next.at.to_string(), "2026-11-23T08:10:00Z", "{timing:?}");
    }
}

#[test]
fn a_span_of_the_day_may_cross_midnight() {
    let time = |hour| Time::constant(hour, 0, 0, 0);
    assert!(is_between(time(23), time(22), time(6)) && is_between(time(5), time(22), time(6)));
    assert!(!is_between(time(6), time(22), time(6)) && !is_between(time(12), time(22), time(6)));
    assert!(is_between(time(12), time(8), time(13)) && !is_between(time(13), time(8), time(13)));
}

/// Every moment of a year, from one to the next.
fn year(timing: &Timing, zone_name: &str) -> Vec<Timestamp> {
    let zone = zone(zone_name);
    let (mut now, end) = (at("2026-01-01T14:00:00Z"), at("2027-01-01T14:00:00Z"));
    let mut moments = Vec::new();
    let mut done = None;
    while let Some(due) = comes(timing, now, done, &zone).filter(|due| due.at <= end) {
        assert!(due.at > now, "{timing:?} {zone_name} {now} {due:?}");
        moments.push(due.at);
        (now, done) = (due.at, Some(due.mark));
    }
    moments
}

#[test]
fn every_so_often_comes_evenly_over_a_year_of_changing_clocks() {
    let every = Timing::Every(std::time::Duration::from_secs(600));
    for name in ZONES {
        let moments = year(&every, name);
        assert_eq!(moments.len(), 365 * 24 * 6, "{name}");
        let even = |pair: &[Timestamp]| pair[1].duration_since(pair[0]) == SignedDuration::from_mins(10);
        assert!(moments.windows(2).all(even), "{name}");
    }
}

#[test]
fn a_span_that_does_not_divide_the_day_begins_anew_at_midnight() {
    let every = Timing::Every(std::time::Duration::from_secs(7 * 3600));
    let zone = zone("Europe/Berlin");
    let mut now = at("2026-11-23T22:59:00Z");
    let mut told = Vec::new();
    for _ in 0..5 {
        now = comes(&every, now, None, &zone).unwrap().at;
        told.push(now.to_zoned_datetime(zone.clone()).strftime("%d %H:%M").to_string());
    }
    assert_eq!(told, ["24 00:00", "24 07:00", "24 14:00", "24 21:00", "25 00:00"]);
}

#[test]
fn a_line_of_cron_at_a_fixed_time_comes_once_on_each_day_of_a_year() {
    for name in ZONES {
        for line in ["30 2 * * *", "0 0 * * *", "30 1 * * *", "15 2 * * *", "59 23 * * *"] {
            let timing = Timing::Cron(line.parse().unwrap());
            let moments = year(&timing, name);
            assert_eq!(moments.len(), 365, "{name} {line}");
        }
    }
}

#[test]
fn cron_knows_words_of_days_and_the_last_day_of_a_month() {
    let zone = zone("Europe/Berlin");
    let next = |line: &str| {
        let timing = Timing::Cron(line.parse().unwrap());
        comes(&timing, at("2026-11-23T11:00:00Z"), None, &zone).map(|due| due.at.to_string())
    };
    assert_eq!(next("0 7 * * mon-fri").as_deref(), Some("2026-11-24T06:00:00Z"));
    assert_eq!(next("0 7 L * *").as_deref(), Some("2026-11-30T06:00:00Z"));
    assert_eq!(next("*/15 * * * *").as_deref(), Some("2026-11-23T11:15:00Z"));
    assert_eq!(next("0 0 30 2 *"), None);
    let wrong = "0 7 * * mon-fir".parse::<CronLine>().unwrap_err();
    assert!(wrong.contains("is no line of cron") && wrong.contains("0 7 * * mon-fri"), "{wrong}");
}

#[test]
fn a_date_comes_once_or_every_year() {
    let zone = zone("Europe/Berlin");
    let date = |year, month, day| Timing::Date { year, month, day, at: Time::constant(18, 0, 0, 0) };
    let christmas = date(Some(2026), 12, 24);
    let first = comes(&christmas, at("2026-11-23T11:00:00Z"), None, &zone).unwrap();
    assert_eq!(first.at.to_string(), "2026-12-24T17:00:00Z");
    assert_eq!(comes(&christmas, first.at, None, &zone), None);
    let every = date(None, 12, 24);
    let second = comes(&every, first.at, Some(first.mark), &zone).unwrap();
    assert_eq!(second.at.to_string(), "2027-12-24T17:00:00Z");
    let leap = comes(&date(None, 2, 29), at("2026-11-23T11:00:00Z"), None, &zone).unwrap();
    assert_eq!(leap.at.to_string(), "2028-02-29T17:00:00Z");
}

#[test]
fn the_sun_sets_once_on_each_day_of_a_year_whatever_the_offset() {
    for offset in [-3600, 0, 5400] {
        let offset = SignedDuration::from_secs(offset);
        let timing = Timing::Sun { event: SunEvent::Sunset, offset, days: Days::ALL };
        let moments = year(&timing, "Europe/Berlin");
        assert!((364..=366).contains(&moments.len()), "{offset:?} {}", moments.len());
        let daily = |pair: &[Timestamp]| (23..=25).contains(&((pair[1].duration_since(pair[0]).as_mins() + 30) / 60));
        assert!(moments.windows(2).all(daily), "{offset:?}");
    }
}

#[test]
fn a_sunset_that_is_done_does_not_come_again_when_the_clock_is_set_back() {
    let zone = zone("Europe/Berlin");
    let timing = Timing::Sun { event: SunEvent::Sunset, offset: SignedDuration::ZERO, days: Days::ALL };
    let done = comes(&timing, at("2026-11-23T11:00:00Z"), None, &zone).unwrap();
    let again = comes(&timing, at("2026-11-23T11:00:00Z"), Some(done.mark), &zone).unwrap();
    assert_eq!(date(again), date(done).tomorrow().unwrap());
}
