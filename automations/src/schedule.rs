//! When something comes next, by the clock on the home's wall: each thing once, whatever the clocks do that day.

mod calendar;
mod cron;
mod daily;
mod date;
mod every;
mod sun;

use hub_model::Home;
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use smol_str::SmolStr;

use crate::{calendar::Calendars, rule::Timing, sun::Place};

pub use self::daily::{is_between, moment};

/// Something that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What tells it from the others of its kind.
    pub mark: Mark,
    /// The moment.
    pub at: Timestamp,
}

/// What tells one time from the others of its kind, so that a clock that is set back brings none a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// What comes once a day: the day that it counts for.
    Day(Date),
    /// Anything else: the moment itself.
    Moment(Timestamp),
}

/// A clock that is set back by as much as this was wrong before, and what it brought then holds nothing up.
const WRONG: SignedDuration = SignedDuration::from_hours(24);

/// What the times of a home hang on.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Its time zone.
    pub zone: &'a TimeZone,
    /// Where it is.
    pub place: Option<Place>,
    /// Its calendars.
    pub calendars: &'a Calendars,
}

/// The first moment after `after`. What has been `done` already is left out. `None` where nothing comes.
pub fn next(timing: &Timing, after: Timestamp, done: Option<Mark>, setting: Setting<'_>) -> Option<Due> {
    let zone = setting.zone;
    match timing {
        Timing::Daily { at, days } => daily::next(*at, *days, after, done, zone),
        Timing::Every(span) => every::next(*span, after, done, zone),
        Timing::Cron(line) => cron::next(line, after, done, zone),
        Timing::Date { year, month, day, at } => date::next((*year, *month, *day), *at, after, done, zone),
        Timing::Sun { event, offset, days } => sun::next(*event, *offset, *days, after, done, setting.place?, zone),
        Timing::Calendar { calendar, edge, offset, title } => {
            calendar::next(setting.calendars.get(calendar)?, *edge, *offset, title.as_deref(), after, done)
        }
    }
}

/// What the entries of a calendar are called of which this is the moment, in their order; none where no calendar is meant.
pub fn entries(timing: &Timing, at: Timestamp, calendars: &Calendars) -> Vec<SmolStr> {
    let Timing::Calendar { calendar, edge, offset, title } = timing else { return Vec::new() };
    let entries = calendars.get(calendar).map_or(&[][..], |entries| entries);
    calendar::at(entries, *edge, *offset, title.as_deref(), at)
}

/// The first moment that is beyond `after` and beyond all that is done, where `find` says what comes after a moment.
fn beyond(after: Timestamp, done: Option<Mark>, find: impl Fn(Timestamp) -> Option<Timestamp>) -> Option<Timestamp> {
    let Some(Mark::Moment(done)) = done else { return find(after) };
    let is_sound = done.duration_since(after) < WRONG;
    let first = find(if is_sound { after.max(done) } else { after })?;
    if first == done { find(first) } else { Some(first) }
}

impl Due {
    /// Something that is told from others by its moment.
    const fn at(at: Timestamp) -> Self {
        Self { mark: Mark::Moment(at), at }
    }
}

/// The day and the time by the clock on the home's wall.
pub fn wall_clock(now: Timestamp, home: &Home) -> (Date, Time) {
    let local = now.to_zoned_datetime(home.zone.clone());
    (local.date(), local.time())
}

#[cfg(test)]
mod tests;
