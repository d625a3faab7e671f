//! The values and times that matter to some rules: one on each side of every place at which a condition turns.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hub_model::{Home, Path, RuleId, Shape, Value};
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, Time},
};

use smol_str::SmolStr;

use super::{hearing::Hearing, subject::Subject};
use crate::{
    plan::{Check, Watch},
    rule::{Change, Test},
    schedule::wall_clock,
};

/// What matters to some rules.
pub(super) struct Domain<'a> {
    values: BTreeMap<&'a Path, Vec<Value>>,
    /// Properties of which it matters how long they have been as they are.
    lasting: BTreeSet<&'a Path>,
    /// After which of their waits rules may look at conditions again.
    pub(super) offsets: BTreeSet<Duration>,
    times: BTreeSet<Time>,
    weekdays: bool,
    /// Days of a year at which conditions turn.
    dates: BTreeSet<(Option<i16>, i8, i8)>,
    /// What they listen for.
    pub(super) hearing: Hearing<'a>,
    /// What they look for in calendars.
    entries: BTreeSet<Title<'a>>,
    /// The rules of which they ask whether they ran lately, and how long ago one that did then did.
    ran: BTreeMap<&'a RuleId, Duration>,
}

/// Something in a calendar, by its calendar and its title; that is empty where any does.
pub(super) type Title<'a> = (&'a SmolStr, &'a str);

/// Something that can be so or otherwise.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Thing<'a> {
    /// How a property is.
    Property(&'a Path),
    /// Whether something in a calendar is going on.
    Entry(Title<'a>),
    /// Whether a rule ran lately.
    Ran(&'a RuleId),
}

/// Times in daylight and in the dark, wherever people live.
const SUN: [Time; 3] = [Time::constant(0, 30, 0, 0), Time::constant(12, 30, 0, 0), Time::constant(23, 0, 0, 0)];

impl<'a> Domain<'a> {
    /// What matters to these rules.
    pub(super) fn of(subjects: &[&'a Subject], home: &Home) -> Self {
        let mut domain = Self {
            values: BTreeMap::new(),
            lasting: BTreeSet::new(),
            offsets: subjects.iter().flat_map(|subject| &subject.offsets).copied().collect(),
            times: BTreeSet::new(),
            weekdays: false,
            dates: BTreeSet::new(),
            hearing: Hearing::default(),
            entries: BTreeSet::new(),
            ran: BTreeMap::new(),
        };
        let mut tests: BTreeMap<&Path, Vec<&Test>> = BTreeMap::new();
        let mut written: BTreeMap<&Path, Vec<&Value>> = BTreeMap::new();
        for subject in subjects {
            domain.hearing.add(subject);
            for watch in &subject.plan.watches {
                if let Watch::Property { paths, from, change, .. } = watch {
                    for path in paths {
                        let tests = tests.entry(path).or_default();
                        tests.extend(if let Change::Becomes(test) = change { Some(test) } else { None });
                        tests.extend(from);
                    }
                }
            }
            for check in subject.plan.checks() {
                domain.look(check, &mut tests);
            }
            for (path, value) in &subject.writes {
                written.entry(path).or_default().extend(value);
            }
        }
        for (path, tests) in tests {
            let written = written.remove(path).unwrap_or_default();
            domain.values.insert(path, candidates(path, &tests, &written, home));
        }
        // Of a rule that is not there nobody knows when it ran.
        domain.ran.retain(|id, _| subjects.iter().any(|subject| subject.rule.id.value == **id));
        domain
    }

    fn look(&mut self, check: &'a Check, tests: &mut BTreeMap<&'a Path, Vec<&'a Test>>) {
        match check {
            Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| self.look(part, tests)),
            Check::Not(inner) => self.look(inner, tests),
            Check::Property { paths, test, held, .. } => {
                for path in paths {
                    tests.entry(path).or_default().push(test);
                    if held.is_some() {
                        self.lasting.insert(path);
                    }
                }
            }
            Check::Between(from, to) => self.times.extend([*from, *to]),
            Check::Days(_) => self.weekdays = true,
            Check::Sun { .. } => self.times.extend(SUN),
            Check::Dates(from, to) => self.dates.extend([*from, *to].map(|day| (day.year, day.month, day.day))),
            Check::Calendar { calendar, title } => {
                self.entries.insert((calendar, title.as_deref().unwrap_or_default()));
            }
            Check::NotRunWithin { rule: Some(rule), span } => {
                let ago = self.ran.entry(rule).or_insert(*span / 2);
                *ago = (*ago).min(*span / 2);
            }
            // The rest is for the engine to say.
            _ => {}
        }
    }

    /// How long ago a rule ran that ran lately.
    pub(super) fn ago(&self, rule: &RuleId) -> Option<Duration> {
        self.ran.get(rule).copied()
    }

    /// Everything that a condition looks at and that can be so or otherwise.
    pub(super) fn each_thing(&self, check: &'a Check, visit: &mut impl FnMut(Thing<'a>)) {
        match check {
            Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| self.each_thing(part, visit)),
            Check::Not(inner) => self.each_thing(inner, visit),
            Check::Property { paths, .. } => paths.iter().map(Thing::Property).for_each(visit),
            Check::Calendar { calendar, title } => {
                self.titles(calendar, title.as_deref()).map(Thing::Entry).for_each(visit)
            }
            Check::NotRunWithin { rule: Some(rule), .. } if self.ran.contains_key(rule) => visit(Thing::Ran(rule)),
            _ => {}
        }
    }

    /// What there may be in a calendar that is called something.
    pub(super) fn titles(&self, calendar: &str, title: Option<&str>) -> impl Iterator<Item = Title<'a>> {
        let words = title.unwrap_or_default().to_lowercase();
        let meant = self.entries.iter().filter(move |(of, _)| *of == calendar);
        meant.filter(move |(_, called)| called.to_lowercase().contains(&words)).copied()
    }

    /// The values of a property, the unknown one last; none where it does not matter.
    pub(super) fn values(&self, path: &Path) -> &[Value] {
        self.values.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether it matters how long a property has been as it is.
    pub(super) fn lasts(&self, path: &Path) -> bool {
        self.lasting.contains(path)
    }

    /// Moments soon after `now`, one in each span of time in which no condition turns by time alone.
    pub(super) fn moments(&self, now: Timestamp, home: &Home) -> Vec<Timestamp> {
        let days = if self.weekdays { 7 } else { 1 };
        let first = wall_clock(now, home).0;
        let times = between(&self.times);
        let date = |day: i32| first.checked_add(day.days()).ok();
        let moment =
            |date: Date, time: &Time| home.zone.to_ambiguous_timestamp(date.to_datetime(*time)).compatible().ok();
        let of_year = |(year, month, day): &(Option<i16>, i8, i8)| {
            let year = year.unwrap_or(first.year());
            [year, year + 1]
                .into_iter()
                .filter_map(|year| Date::new(year, *month, *day).ok())
                .find(|date| *date > first)
        };
        let days = (1..=days).filter_map(date).chain(self.dates.iter().filter_map(of_year));
        days.flat_map(|date| times.iter().filter_map(move |time| moment(date, time))).collect()
    }
}

/// The times at which conditions turn, and one between each two of them.
fn between(turns: &BTreeSet<Time>) -> Vec<Time> {
    let noon = Time::constant(12, 0, 0, 0);
    let second = |time: &Time| i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    let turns: Vec<i64> = turns.iter().map(second).collect();
    let Some((first, _)) = turns.split_first() else { return vec![noon] };
    let next = turns.iter().skip(1).copied().chain([first + 86_400]);
    let middles = turns.iter().zip(next).map(|(from, to)| (from + to) / 2 % 86_400);
    let times: BTreeSet<i64> = turns.iter().copied().chain(middles).collect();
    let time = |second: i64| Time::midnight().saturating_add(second.seconds());
    // People picture the day more easily than the night.
    let mut times: Vec<_> = times.into_iter().map(time).collect();
    times.sort_by_key(|time| (second(time) - 12 * 3600).abs());
    times
}

/// Values that tell all these tests apart, the unknown one last.
fn candidates(path: &Path, tests: &[&Test], written: &[&Value], home: &Home) -> Vec<Value> {
    let endpoint = home.device(path.device).and_then(|known| known.device.endpoint(&path.endpoint));
    let Some(offer) = endpoint.and_then(|endpoint| endpoint.offer(&path.property)) else { return Vec::new() };
    let named = tests.iter().filter_map(|test| if let Test::Is(value) = test { Some(value) } else { None });
    let named: Vec<Value> = named.chain(written.iter().copied()).cloned().collect();
    let mut values = match &offer.shape {
        Shape::Bool => vec![true.into(), false.into()],
        Shape::Choice(words) => {
            // Of the words that no condition names, two stand for all: from the one to the other is a change too.
            let (known, others): (Vec<_>, Vec<_>) =
                words.iter().map(|word| Value::text(word.clone())).partition(|word| named.contains(word));
            known.into_iter().chain(others.into_iter().take(2)).collect()
        }
        Shape::Number(limits) => numbers(tests, &named, limits.min, limits.max),
        Shape::Text(_) => named.into_iter().chain(["-", "+"].map(Value::text)).collect(),
        Shape::Color => {
            let others = [0.0, 120.0, 240.0].map(|hue| Value::Color(hub_model::Color::new(hue, 100.0)));
            named.into_iter().chain(others).collect()
        }
    };
    values.retain(|value| offer.check(value).is_ok());
    let mut seen: Vec<Value> = Vec::new();
    for value in values.into_iter().chain([Value::Unknown]) {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

fn numbers(tests: &[&Test], named: &[Value], min: f64, max: f64) -> Vec<Value> {
    let mut turns: Vec<f64> = named.iter().filter_map(Value::as_number).collect();
    for test in tests {
        if let Test::Range { above, below } = test {
            turns.extend([*above, *below].into_iter().flatten());
        }
    }
    turns.extend([min, max].into_iter().filter(|end| end.is_finite()));
    turns.sort_by(f64::total_cmp);
    turns.dedup();
    let middles = turns.windows(2).map(|pair| whole_between(pair[0], pair[1]));
    let ends = [turns.first().map(|first| first - 1.0), turns.last().map(|last| last + 1.0)];
    // What lies between two turns says more than the turn itself.
    middles.chain(turns.iter().copied()).chain(ends.into_iter().flatten()).map(Value::Number).collect()
}

/// A number between two others, a whole one if there is any.
fn whole_between(from: f64, to: f64) -> f64 {
    let middle = from + (to - from) / 2.0;
    if from < middle.round() && middle.round() < to { middle.round() } else { middle }
}
