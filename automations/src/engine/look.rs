//! What a condition sees, in words and values, for the record of a run.

use std::time::Duration;

use hub_model::{
    Home, Path, Value,
    run::{Part, Seen},
};
use jiff::{SignedDuration, civil::Time};

use super::check::Facts;
use crate::{days::Days, plan::Check, rule::Test};

/// How many properties are named before the rest is only counted.
const NAMED: usize = 3;

impl Facts<'_> {
    /// Holds a condition against the facts, all of its parts, and tells what each saw.
    pub(super) fn look(&self, check: &Check) -> Part {
        match check {
            Check::All(parts) => self.several("all of these", parts, |parts| parts.iter().all(|part| part.holds)),
            Check::Any(parts) => self.several("any of these", parts, |parts| parts.iter().any(|part| part.holds)),
            Check::Not(inner) => {
                self.several("not", std::slice::from_ref(inner), |parts| parts.iter().all(|part| !part.holds))
            }
            Check::Property { paths, every, test, held } => {
                self.simple(check, property_text(self.home, paths, *every, test, *held), self.seen(paths))
            }
            Check::Between(from, to) => self.simple(check, between_text(*from, *to), vec![self.time_of_day()]),
            Check::Days(days) => self.simple(check, days_text(*days), vec![self.day()]),
        }
    }

    fn several<'c, C>(&self, text: &str, checks: &'c [C], holds: impl FnOnce(&[Part]) -> bool) -> Part
    where
        C: std::borrow::Borrow<Check> + 'c,
    {
        let parts: Vec<_> = checks.iter().map(|check| self.look(check.borrow())).collect();
        Part { text: text.to_owned(), holds: holds(&parts), saw: Vec::new(), parts }
    }

    fn simple(&self, check: &Check, text: String, saw: Vec<Seen>) -> Part {
        Part { text, holds: self.holds(check), saw, parts: Vec::new() }
    }

    fn seen(&self, paths: &[Path]) -> Vec<Seen> {
        let value = |path: &Path| self.home.reading(path).map_or(Value::Unknown, |reading| reading.value.clone());
        let seen = |path: &Path| Seen { path: Some(path.clone()), value: value(path) };
        paths.iter().take(Part::MOST_SEEN).map(seen).collect()
    }

    fn time_of_day(&self) -> Seen {
        Seen { path: None, value: Value::text(self.wall_clock().1.strftime("%H:%M").to_string()) }
    }

    fn day(&self) -> Seen {
        let day = self.wall_clock().0.weekday().to_monday_zero_offset();
        Seen { path: None, value: Value::text(crate::days::WORDS[usize::from(day.unsigned_abs()) % 7]) }
    }
}

fn property_text(home: &Home, paths: &[Path], every: bool, test: &Test, held: Option<Duration>) -> String {
    let names: Vec<_> = paths.iter().take(NAMED).map(|path| name(home, path)).collect();
    let more = paths.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let which = match (paths.len(), every) {
        (0 | 1, _) => "",
        (_, true) => "each of ",
        (_, false) => "any of ",
    };
    let held = held.map(|held| format!(" for {}", span_text(held))).unwrap_or_default();
    format!("{which}{}{more} {}{held}", names.join(", "), test_text(test))
}

fn name(home: &Home, path: &Path) -> String {
    let handle = home.device(path.device).map_or("a device that is gone", |known| known.device.handle.as_str());
    if path.endpoint == hub_model::EndpointId::first() {
        format!("{handle}/{}", path.property)
    } else {
        format!("{handle}/{}/{}", path.endpoint, path.property)
    }
}

fn test_text(test: &Test) -> String {
    match test {
        Test::Is(value) => format!("is {value}"),
        Test::Range { above, below } => {
            let above = above.map(|above| format!("above {above}"));
            let below = below.map(|below| format!("below {below}"));
            let both: Vec<_> = above.into_iter().chain(below).collect();
            format!("is {}", both.join(" and "))
        }
    }
}

fn between_text(from: Time, to: Time) -> String {
    format!("it is between {} and {}", from.strftime("%H:%M"), to.strftime("%H:%M"))
}

fn days_text(days: Days) -> String {
    format!("it is {}", format!("{days:?}").trim_matches(['[', ']']).replace('"', ""))
}

fn span_text(span: Duration) -> String {
    SignedDuration::try_from(span).map_or_else(|_| "ever".into(), |span| format!("{span:#}"))
}
