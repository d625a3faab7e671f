//! Small words of rule files: spans of time and times of day.

use std::time::Duration;

use jiff::{
    SignedDuration,
    civil::{Date, Time},
};

use crate::rule::YearDay;

/// The longest span; it keeps sums of times within what the clock can show.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// A span such as `30s`, `3m`, `1h30m`, `500ms`, `2d`; more than nothing, at most 366 days.
pub(crate) fn span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(unit)?))?;
        rest = rest[letters..].trim_start();
    }
    (Duration::ZERO < total && total <= LONGEST).then_some(total)
}

/// A span that may stand behind a `-`: `-30m` is half an hour before.
pub(super) fn offset(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (is_before, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let by = SignedDuration::try_from(span(rest.strip_prefix('+').unwrap_or(rest))?).ok()?;
    Some(if is_before { -by } else { by })
}

/// A date such as `2026-12-24`, or a day of every year such as `12-24`.
pub(super) fn year_day(text: &str) -> Option<YearDay> {
    /// A leap year, so that February 29th is a day of some years.
    const SOME_YEAR: i16 = 2024;
    let number = |part: &str, digits: usize| {
        let sound = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if sound { part.parse::<i16>().ok() } else { None }
    };
    let parts: Vec<_> = text.trim().split('-').collect();
    let (year, month, day) = match parts[..] {
        [year, month, day] => (Some(number(year, 4)?), number(month, 2)?, number(day, 2)?),
        [month, day] => (None, number(month, 2)?, number(day, 2)?),
        _ => return None,
    };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year.unwrap_or(SOME_YEAR), month, day).ok()?;
    Some(YearDay { year, month, day })
}

/// A date, or a day of every year, with a time of day: `2026-12-24 18:00`.
pub(super) fn moment(text: &str) -> Option<(YearDay, Time)> {
    let (day, time) = text.trim().split_once([' ', 'T'])?;
    Some((year_day(day)?, clock(time)?))
}

/// A time of day such as `23:30` or `23:30:15`.
pub(crate) fn clock(text: &str) -> Option<Time> {
    let number = |part: &str| {
        let sound = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if sound { part.parse::<i8>().ok() } else { None }
    };
    let mut parts = text.trim().split(':').map(number);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_units() {
        for (text, seconds) in [("2s", 2.0), ("3m", 180.0), ("1h30m", 5400.0), ("500ms", 0.5), ("1d 2h", 93_600.0)] {
            assert_eq!(span(text).map(|span| span.as_secs_f64()), Some(seconds), "{text}");
        }
        for bad in ["", "5", "m", "3x", "0s", "-3m", "3 m m", "400d", "99999999999999999999s", "3M", "１s"] {
            assert_eq!(span(bad), None, "{bad}");
        }
    }

    #[test]
    fn offsets_go_both_ways() {
        assert_eq!(offset("-30m"), Some(SignedDuration::from_mins(-30)));
        assert_eq!(offset("1h"), offset("+1h"));
        assert_eq!((offset("--1h"), offset("-"), offset("0s")), (None, None, None));
    }

    #[test]
    fn days_have_a_year_or_are_of_every_year() {
        assert_eq!(year_day("2026-12-24"), Some(YearDay { year: Some(2026), month: 12, day: 24 }));
        assert_eq!(year_day("02-29"), Some(YearDay { year: None, month: 2, day: 29 }));
        for bad in ["2026-02-29", "24.12.2026", "12-32", "2026-12", "1-1", ""] {
            assert_eq!(year_day(bad), None, "{bad}");
        }
        let at = Time::constant(18, 0, 0, 0);
        assert_eq!(moment("2026-12-24T18:00:00"), moment("2026-12-24 18:00"));
        assert_eq!(moment("12-24 18:00"), Some((YearDay { year: None, month: 12, day: 24 }, at)));
    }

    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(clock("23:30"), Some(Time::constant(23, 30, 0, 0)));
        assert_eq!(clock("06:00:15"), Some(Time::constant(6, 0, 15, 0)));
        for bad in ["24:00", "7:30", "07:60", "07", "07:00:00:00", "+7:30", ""] {
            assert_eq!(clock(bad), None, "{bad}");
        }
    }
}
