//! What comes again and again (RFC 5545, section 3.3.10): by day, week, month and year, as people's calendars have it.
//! Rules by the hour and finer, and those on weeks or days of the year, are not understood.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::ics::{Moment, moment};

/// How something comes again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recurrence {
    every: Every,
    interval: i32,
    count: Option<usize>,
    until: Option<Moment>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    /// Weekdays, each with which one of the month or year: 2 for the second, -1 for the last.
    days: Vec<(i32, Weekday)>,
    /// Which ones of the days of a period: 1 for the first, -1 for the last.
    positions: Vec<i32>,
    week_start: Weekday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// The beginnings, one after the other.
pub(super) struct Starts {
    recurrence: Recurrence,
    start: Moment,
    /// No date after this one is looked at.
    last: Date,
    /// The number of the next period.
    period: i32,
    /// What is left of the period before, the latest first.
    ready: Vec<Date>,
    given: usize,
    is_over: bool,
}

impl Recurrence {
    /// Reads a rule; nothing where it says what is not understood.
    pub(super) fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut has_frequency = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    has_frequency = true;
                    rule.every = match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Every::Day,
                        "WEEKLY" => Every::Week,
                        "MONTHLY" => Every::Month,
                        "YEARLY" => Every::Year,
                        _ => return None,
                    };
                }
                "INTERVAL" => rule.interval = value.parse().ok().filter(|every| (1..=1000).contains(every))?,
                "COUNT" => rule.count = Some(value.parse().ok()?),
                "UNTIL" => rule.until = Some(moment(value, zone)?),
                "BYMONTH" => rule.months = list(value, 1..=12)?,
                "BYMONTHDAY" => rule.month_days = list(value, -31..=31)?,
                "BYSETPOS" => rule.positions = list(value, -366..=366)?,
                "BYDAY" => rule.days = value.split(',').map(day).collect::<Option<_>>()?,
                "WKST" => rule.week_start = day(value)?.1,
                _ => return None,
            }
        }
        has_frequency.then_some(rule)
    }

    /// The dates of a period, in order.
    fn dates(&self, number: i32, start: Date) -> Option<Vec<Date>> {
        let steps = number.checked_mul(self.interval)?;
        let mut dates = match self.every {
            Every::Day => self.of_day(start.checked_add(steps.days()).ok()?),
            Every::Week => self.of_week(start, steps)?,
            Every::Month => {
                let first = start.first_of_month().checked_add(steps.months()).ok()?;
                if self.is_month(first) { self.of_month(first, start.day()) } else { Vec::new() }
            }
            Every::Year => self.of_year(start, steps)?,
        };
        dates.sort_unstable();
        dates.dedup();
        if !self.positions.is_empty() {
            let len = i32::try_from(dates.len()).ok()?;
            let at = |position: &i32| if *position > 0 { position - 1 } else { len + position };
            let chosen: Vec<_> = self.positions.iter().map(at).collect();
            let is_chosen = |at: usize| i32::try_from(at).is_ok_and(|at| chosen.contains(&at));
            dates = dates.into_iter().enumerate().filter(|(at, _)| is_chosen(*at)).map(|(_, date)| date).collect();
        }
        Some(dates)
    }

    fn is_month(&self, date: Date) -> bool {
        self.months.is_empty() || self.months.contains(&date.month())
    }

    fn of_day(&self, date: Date) -> Vec<Date> {
        let is_day = self.days.is_empty() || self.days.iter().any(|(_, day)| *day == date.weekday());
        let from_end = date.day() - date.days_in_month() - 1;
        let is_month_day =
            self.month_days.is_empty() || self.month_days.iter().any(|day| *day == date.day() || *day == from_end);
        if is_day && is_month_day && self.is_month(date) { vec![date] } else { Vec::new() }
    }

    fn of_week(&self, start: Date, steps: i32) -> Option<Vec<Date>> {
        let since = i64::from(start.weekday().since(self.week_start));
        let monday = start.checked_sub(since.days()).ok()?.checked_add(steps.weeks()).ok()?;
        let days: Vec<Weekday> =
            if self.days.is_empty() { vec![start.weekday()] } else { self.days.iter().map(|(_, day)| *day).collect() };
        let date = |day: Weekday| monday.checked_add(i64::from(day.since(self.week_start)).days()).ok();
        Some(days.into_iter().filter_map(date).filter(|date| self.is_month(*date)).collect())
    }

    fn of_month(&self, first: Date, day: i8) -> Vec<Date> {
        let length = first.days_in_month();
        let on = |day: i8| if (1..=length).contains(&day) { first.with().day(day).build().ok() } else { None };
        let of_day = |day: i8| if day > 0 { on(day) } else { on(length + day + 1) };
        let by_day = || self.days.iter().flat_map(|(which, day)| weekdays(first, length, *which, *day));
        match (self.month_days.is_empty(), self.days.is_empty()) {
            (true, true) => on(day).into_iter().collect(),
            (false, true) => self.month_days.iter().filter_map(|day| of_day(*day)).collect(),
            (true, false) => by_day().collect(),
            (false, false) => {
                let days: Vec<_> = self.month_days.iter().filter_map(|day| of_day(*day)).collect();
                by_day().filter(|date| days.contains(date)).collect()
            }
        }
    }

    fn of_year(&self, start: Date, steps: i32) -> Option<Vec<Date>> {
        let year = i16::try_from(i32::from(start.year()).checked_add(steps)?).ok()?;
        let months: Vec<i8> = match (self.months.is_empty(), self.days.is_empty() && self.month_days.is_empty()) {
            (false, _) => self.months.clone(),
            (true, true) => vec![start.month()],
            // Days without a month are those of the whole year.
            (true, false) => (1..=12).collect(),
        };
        if self.months.is_empty() && self.days.iter().any(|(which, _)| *which != 0) {
            // "The second Monday of the year" is nobody's appointment.
            return None;
        }
        let first = |month: i8| Date::new(year, month, 1).ok();
        Some(months.into_iter().filter_map(first).flat_map(|first| self.of_month(first, start.day())).collect())
    }
}

/// The weekdays of a month: all of them, or the one that is meant.
fn weekdays(first: Date, length: i8, which: i32, day: Weekday) -> Vec<Date> {
    let all: Vec<_> = (1..=length)
        .filter_map(|day| first.with().day(day).build().ok())
        .filter(|date| date.weekday() == day)
        .collect();
    let at = match which {
        0 => return all,
        which if which > 0 => usize::try_from(which - 1).ok(),
        which => all.len().checked_sub(which.unsigned_abs() as usize),
    };
    at.and_then(|at| all.get(at)).copied().into_iter().collect()
}

fn list<N: std::str::FromStr + PartialOrd + Default>(
    text: &str,
    within: std::ops::RangeInclusive<N>,
) -> Option<Vec<N>> {
    let number = |text: &str| text.parse().ok().filter(|number| within.contains(number) && *number != N::default());
    text.split(',').map(number).collect()
}

/// `MO`, `2MO` or `-1FR`.
fn day(text: &str) -> Option<(i32, Weekday)> {
    let text = text.trim();
    let at = text.len().checked_sub(2)?;
    let (number, word) = (text.get(..at)?, text.get(at..)?);
    let which =
        if number.is_empty() { 0 } else { number.parse().ok().filter(|n: &i32| (1..=53).contains(&n.abs()))? };
    let day = match word.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    Some((which, day))
}

impl Starts {
    pub(super) const fn new(recurrence: Recurrence, start: Moment, last: Date) -> Self {
        Self { recurrence, start, last, period: 0, ready: Vec::new(), given: 0, is_over: false }
    }

    /// Looks at periods until one of them has a date.
    fn refill(&mut self) {
        /// More empty periods in a row than this, and nothing comes any more: February 29th is seven years apart at
        /// most, and no rule is rarer.
        const EMPTY: usize = 4000;
        let first = self.start.clock.date();
        for _ in 0..EMPTY {
            let dates = self.recurrence.dates(self.period, first);
            self.period += 1;
            let Some(dates) = dates else { break };
            if dates.first().is_some_and(|date| *date > self.last) {
                break;
            }
            self.ready = dates.into_iter().filter(|date| *date >= first).rev().collect();
            if !self.ready.is_empty() {
                return;
            }
        }
        self.is_over = true;
    }
}

impl Iterator for Starts {
    type Item = Moment;

    fn next(&mut self) -> Option<Moment> {
        if self.ready.is_empty() && !self.is_over {
            self.refill();
        }
        let date = self.ready.pop()?;
        if self.recurrence.count.is_some_and(|count| self.given >= count) || date > self.last {
            return None;
        }
        let next = Moment { clock: date.to_datetime(self.start.clock.time()), ..self.start.clone() };
        let is_late = self
            .recurrence
            .until
            .as_ref()
            .is_some_and(|until| if until.is_date { date > until.clock.date() } else { next.at() > until.at() });
        if is_late {
            return None;
        }
        self.given += 1;
        Some(next)
    }
}
