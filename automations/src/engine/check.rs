//! Whether a condition holds, and when one that doesn't may begin to without any event.

use hub_model::{Home, Path};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use super::lasting::Lasting;
use crate::{
    days::Days,
    plan::Check,
    rule::Test,
    schedule::{self, is_between},
};

/// What conditions are held against.
pub(super) struct Facts<'a> {
    pub(super) home: &'a Home,
    pub(super) now: Timestamp,
    pub(super) lasting: &'a Lasting,
}

impl Facts<'_> {
    pub(super) fn holds(&self, check: &Check) -> bool {
        match check {
            Check::All(parts) => parts.iter().all(|part| self.holds(part)),
            Check::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Check::Not(inner) => !self.holds(inner),
            Check::Property { paths, every, test, held } => {
                let holds = |path: &Path| self.property_holds(path, test, *held);
                if *every { paths.iter().all(holds) } else { paths.iter().any(holds) }
            }
            Check::Between(from, to) => is_between(self.wall_clock().1, *from, *to),
            Check::Days(days) => days.contains(self.wall_clock().0.weekday()),
        }
    }

    pub(super) fn wall_clock(&self) -> (Date, Time) {
        schedule::wall_clock(self.now, self.home)
    }

    fn property_holds(&self, path: &Path, test: &Test, held: Option<std::time::Duration>) -> bool {
        if !self.home.reading(path).is_some_and(|reading| test.holds(&reading.value)) {
            return false;
        }
        held.is_none_or(|held| self.lasts_until(path, test, held).is_some_and(|lasted| lasted <= self.now))
    }

    /// When a test will have held for a span, if it goes on holding.
    fn lasts_until(&self, path: &Path, test: &Test, held: std::time::Duration) -> Option<Timestamp> {
        // A run whose rule has got another plan meanwhile asks for what is no longer watched; the time since the last
        // change of the value is then the least that is known.
        let since = self.lasting.since(path, test).or_else(|| self.home.reading(path)?.changed_at)?;
        since.checked_add(held).ok()
    }

    /// The next moment at which a condition may turn by time alone.
    pub(super) fn turns_at(&self, check: &Check) -> Option<Timestamp> {
        match check {
            Check::All(parts) | Check::Any(parts) => parts.iter().filter_map(|part| self.turns_at(part)).min(),
            Check::Not(inner) => self.turns_at(inner),
            Check::Property { held: None, .. } => None,
            Check::Property { paths, test, held: Some(held), .. } => {
                let ends = paths.iter().filter_map(|path| self.lasts_until(path, test, *held));
                ends.filter(|end| *end > self.now).min()
            }
            Check::Between(from, to) => [*from, *to].into_iter().filter_map(|time| self.comes(time)).min(),
            Check::Days(_) => self.comes(Time::midnight()),
        }
    }

    fn comes(&self, time: Time) -> Option<Timestamp> {
        schedule::next(time, Days::ALL, self.now, None, &self.home.zone).map(|due| due.at)
    }
}
