//! Lines of cron. What daylight saving leaps over comes right after the leap; what comes twice, comes as cron has it:
//! a fixed time of day once, one with stars each time.

use std::cmp::Ordering;

use croner::{CivilDate, CivilDateTime, CivilTime, CronDateTime, Resolution, Weekday, errors::CronError};
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use super::{Due, Mark, beyond};
use crate::rule::CronLine;

/// The next one; `None` for a line that names no day that there is (February 30th).
pub(super) fn next(line: &CronLine, after: Timestamp, done: Option<Mark>, zone: &TimeZone) -> Option<Due> {
    beyond(after, done, |after| following(line, after, zone)).map(Due::at)
}

fn following(line: &CronLine, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let local = Local { at: after, zone: zone.clone() };
    let found = line.cron().find_next_occurrence(&local, false).ok()?.at;
    // Whatever the library makes of odd days, time goes forward.
    (found > after).then_some(found)
}

/// A moment by the clock on the wall, as the library reads it.
#[derive(Debug, Clone)]
struct Local {
    at: Timestamp,
    zone: TimeZone,
}

impl Local {
    fn clock(&self) -> DateTime {
        self.at.to_zoned_datetime(self.zone.clone()).datetime()
    }
}

impl CronDateTime for Local {
    fn to_civil(&self) -> CivilDateTime {
        let clock = self.clock();
        let part = |number: i8| u32::from(number.unsigned_abs());
        // What the calendar shows is a date and a time.
        let date = CivilDate::from_ymd(i32::from(clock.year()), part(clock.month()), part(clock.day()));
        let time = CivilTime::from_hms_opt(part(clock.hour()), part(clock.minute()), part(clock.second()));
        CivilDateTime::new(date.expect("a date of the calendar is one"), time.expect("a time of day is one"))
    }

    fn civil_weekday(&self) -> Weekday {
        Weekday::from_days_from_sunday(u32::from(self.clock().weekday().to_sunday_zero_offset().unsigned_abs()))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let year = i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?;
        let part = |number: u32| i8::try_from(number).map_err(|_| CronError::InvalidDate);
        let (month, day) = (part(civil.month())?, part(civil.day())?);
        let (hour, minute, second) = (part(civil.hour())?, part(civil.minute())?, part(civil.second())?);
        let clock = DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| CronError::InvalidDate)?;
        let found = self.zone.to_ambiguous_timestamp(clock);
        let local = |at: Result<Timestamp, jiff::Error>| {
            at.map(|at| Self { at, zone: self.zone.clone() }).map_err(|_| CronError::InvalidTime)
        };
        Ok(match found.offset() {
            AmbiguousOffset::Unambiguous { .. } => Resolution::Single(local(found.compatible())?),
            AmbiguousOffset::Fold { .. } => Resolution::Ambiguous(local(found.earlier())?, local(found.later())?),
            AmbiguousOffset::Gap { .. } => Resolution::Gap,
        })
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        let at = self.at.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
        Some(Self { at, zone: self.zone.clone() })
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}
