//! Moments that come by themselves.

use std::{fmt, str::FromStr, time::Duration};

use croner::{
    Cron,
    parser::{CronParser, Seconds},
};
use jiff::{
    SignedDuration,
    civil::{Date, Time},
};
use smol_str::SmolStr;

use crate::{days::Days, sun::SunEvent};

/// When something comes, by the clock on the home's wall.
#[derive(Debug, Clone, PartialEq)]
pub enum Timing {
    /// A time of day on some days of the week. Once on each of these days.
    Daily {
        /// The time.
        at: Time,
        /// The days.
        days: Days,
    },
    /// Every so often, counted from midnight, so that "10m" is at 00:00, 00:10 and so on.
    Every(Duration),
    /// As a line of cron says.
    Cron(CronLine),
    /// Once, or on that date of every year.
    Date {
        /// The year; every one without it.
        year: Option<i16>,
        /// The month.
        month: i8,
        /// The day.
        day: i8,
        /// The time.
        at: Time,
    },
    /// Something the sun does, and so long after it (or before).
    Sun {
        /// What.
        event: SunEvent,
        /// How long after.
        offset: SignedDuration,
        /// The days.
        days: Days,
    },
    /// Something in a calendar begins or ends, and so long after it (or before).
    Calendar {
        /// Which calendar.
        calendar: SmolStr,
        /// Whether its beginning is meant, or its end.
        edge: Edge,
        /// How long after.
        offset: SignedDuration,
        /// Words of its title; any without them.
        title: Option<SmolStr>,
    },
}

/// An end of something that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning.
    Start,
    /// Its end.
    End,
}

/// A line of cron, such as `0 7 * * mon-fri`.
#[derive(Clone)]
pub struct CronLine {
    text: SmolStr,
    cron: Box<Cron>,
}

impl CronLine {
    /// What it means.
    pub fn cron(&self) -> &Cron {
        &self.cron
    }
}

impl FromStr for CronLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const LONGEST: usize = 200;
        let shown: String = text.chars().take(60).collect();
        if text.len() > LONGEST {
            return Err(format!("`{shown}` is longer than {LONGEST} bytes"));
        }
        // Letters beyond ASCII have no meaning there, and make longer texts when they are turned to capitals.
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron =
            if text.is_ascii() { parser.parse(text).map_err(|error| error.to_string()) } else { Err("letters".into()) };
        let example = "minute, hour, day, month, day of the week, such as \"0 7 * * mon-fri\"";
        let cron = cron.map_err(|error| format!("`{shown}` is no line of cron ({error}): it takes {example}"))?;
        Ok(Self { text: text.into(), cron: Box::new(cron) })
    }
}

impl PartialEq for CronLine {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl Timing {
    /// The date of a [`Timing::Date`] in a year; nothing in years that have no such day.
    pub fn date_in(year: i16, month: i8, day: i8) -> Option<Date> {
        Date::new(year, month, day).ok()
    }
}
