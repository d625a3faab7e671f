//! Whether a condition holds, and when one that doesn't may begin to without any event.

use std::collections::BTreeMap;

use hub_model::{Home, Path, RuleId};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use super::{lasting::Lasting, signal::Body, window::Windows};
use crate::{
    calendar::{Calendars, Entry},
    days::Days,
    plan::Check,
    rule::{Relation, Test, Timing, YearDay},
    schedule::{self, Setting, is_between},
};

/// What conditions are held against.
pub(super) struct Facts<'a> {
    pub(super) home: &'a Home,
    pub(super) now: Timestamp,
    pub(super) lasting: &'a Lasting,
    pub(super) windows: &'a Windows,
    pub(super) calendars: &'a Calendars,
    /// When each rule last began to run.
    pub(super) begun: &'a BTreeMap<RuleId, Timestamp>,
    /// Who wants to know.
    pub(super) asking: Asking<'a>,
}

/// The rule that asks, and the run of it, where it is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asking<'a> {
    /// When the run before this one began.
    pub(super) before: Option<Timestamp>,
    /// What triggered it.
    pub(super) trigger: Option<usize>,
    /// What the trigger was told.
    pub(super) body: Option<&'a Body>,
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
            Check::Dates(from, to) => YearDay::is_within(self.wall_clock().0, *from, *to),
            Check::Sun { above, below, place } => place.elevation(self.now).is_some_and(|height| {
                above.is_none_or(|above| height > above) && below.is_none_or(|below| height < below)
            }),
            Check::Reachable { devices, every, is } => {
                let holds =
                    |id: &hub_model::DeviceId| self.home.device(*id).is_some_and(|known| known.reachable == *is);
                if *every { devices.iter().all(holds) } else { devices.iter().any(holds) }
            }
            Check::Trigger(numbers) => self.asking.trigger.is_some_and(|number| numbers.contains(&number)),
            Check::NotRunWithin { rule, span } => {
                let free = self.last_run(rule.as_ref()).map(|last| last.checked_add(*span));
                free.is_none_or(|free| free.is_ok_and(|free| free <= self.now))
            }
            Check::Compare { of, relation, to, by } => self.compare(of, *relation, to, *by),
            Check::Mean { paths, over, test } => paths.iter().any(|path| {
                let mean = self.windows.mean(path, *over, self.now);
                mean.is_some_and(|mean| test.holds(&hub_model::Value::Number(mean)))
            }),
            Check::Body { at, test } => {
                self.asking.body.and_then(|body| body.at(at)).is_some_and(|value| test.holds(&value))
            }
            Check::Calendar { calendar, title } => {
                self.entries(calendar, title.as_deref()).any(|entry| entry.is_on(self.now))
            }
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

    /// When a rule last ran; of the rule that asks, before the run that asks.
    pub(super) fn last_run(&self, rule: Option<&RuleId>) -> Option<Timestamp> {
        match rule {
            Some(rule) => self.begun.get(rule).copied(),
            None => self.asking.before,
        }
    }

    pub(super) fn number(&self, path: &Path) -> Option<f64> {
        self.home.reading(path)?.value.as_number()
    }

    fn compare(&self, of: &Path, relation: Relation, to: &Path, by: f64) -> bool {
        let (Some(of), Some(to)) = (self.number(of), self.number(to)) else { return false };
        match relation {
            Relation::Above => of > to + by,
            Relation::Below => of < to + by,
        }
    }

    fn entries<'e>(&'e self, calendar: &str, title: Option<&'e str>) -> impl Iterator<Item = &'e Entry> {
        let entries = self.calendars.get(calendar).map_or(&[][..], |entries| entries);
        entries.iter().filter(move |entry| title.is_none_or(|title| entry.is_called(title)))
    }

    /// The next moment at which a condition may turn by time alone.
    pub(super) fn turns_at(&self, check: &Check) -> Option<Timestamp> {
        match check {
            Check::All(parts) | Check::Any(parts) => parts.iter().filter_map(|part| self.turns_at(part)).min(),
            Check::Not(inner) => self.turns_at(inner),
            Check::Property { paths, test, held: Some(held), .. } => {
                let ends = paths.iter().filter_map(|path| self.lasts_until(path, test, *held));
                ends.filter(|end| *end > self.now).min()
            }
            Check::Between(from, to) => [*from, *to].into_iter().filter_map(|time| self.comes(time)).min(),
            Check::Days(_) | Check::Dates(..) => self.comes(Time::midnight()),
            Check::Sun { above, below, place } => {
                let heights = [*above, *below].into_iter().flatten();
                heights.filter_map(|height| place.next_passing(height, self.now)).min()
            }
            Check::NotRunWithin { rule, span } => {
                let free = self.last_run(rule.as_ref())?.checked_add(*span).ok();
                free.filter(|free| *free > self.now)
            }
            Check::Mean { paths, over, .. } => {
                paths.iter().filter_map(|path| self.windows.turns_at(path, *over, self.now)).min()
            }
            Check::Calendar { calendar, title } => {
                let moments = self.entries(calendar, title.as_deref()).flat_map(|entry| [entry.start, entry.end]);
                moments.filter(|at| *at > self.now).min()
            }
            Check::Property { held: None, .. }
            | Check::Reachable { .. }
            | Check::Trigger(_)
            | Check::Compare { .. }
            | Check::Body { .. } => None,
        }
    }

    fn comes(&self, at: Time) -> Option<Timestamp> {
        let setting = Setting { zone: &self.home.zone, place: None, calendars: self.calendars };
        schedule::next(&Timing::Daily { at, days: Days::ALL }, self.now, None, setting).map(|due| due.at)
    }
}

/// What a condition saw that asks for nothing but the home, the clock and the calendars; see [`Check::is_plain`].
pub(crate) fn seen_at(
    check: &Check,
    home: &Home,
    now: Timestamp,
    calendars: &Calendars,
    trigger: Option<usize>,
) -> hub_model::run::Part {
    let (lasting, windows, begun) = (Lasting::default(), Windows::default(), BTreeMap::new());
    let (lasting, windows, begun) = (&lasting, &windows, &begun);
    let asking = Asking { trigger, ..Asking::default() };
    Facts { home, now, lasting, windows, calendars, begun, asking }.look(check)
}

/// Whether a condition of the time or of readings holds in a home at a moment, where nobody watched what was before.
pub(crate) fn holds_at(check: &Check, home: &Home, now: Timestamp) -> bool {
    let (lasting, windows) = (Lasting::default(), Windows::default());
    let (calendars, begun, asking) = (Calendars::new(), BTreeMap::new(), Asking::default());
    let (lasting, windows, calendars, begun) = (&lasting, &windows, &calendars, &begun);
    Facts { home, now, lasting, windows, calendars, begun, asking }.holds(check)
}
