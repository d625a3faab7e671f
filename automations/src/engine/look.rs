//! What a condition sees, in words and values, for the record of a run.

use std::time::Duration;

use hub_model::{
    DeviceId, Home, Path, Value,
    run::{Part, Seen},
};
use jiff::{SignedDuration, civil::Time};

use super::check::Facts;
use crate::{
    days::Days,
    plan::Check,
    rule::{Relation, Test},
};

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
            other => self.special(other),
        }
    }

    /// The conditions that look at one thing each.
    fn special(&self, check: &Check) -> Part {
        let home = self.home;
        let (text, saw) = match check {
            Check::Dates(..) => (
                "it is within these dates".into(),
                vec![Seen { path: None, value: Value::text(self.wall_clock().0.to_string()) }],
            ),
            Check::Sun { above, below, place } => {
                let height =
                    place.elevation(self.now).map_or(Value::Unknown, |height| Value::Number(hundredths(height)));
                let test = test_text(&Test::Range { above: *above, below: *below });
                (format!("the sun's height {test}"), vec![Seen { path: None, value: height }])
            }
            Check::Reachable { devices, every, is } => reachable_text(home, devices, *every, *is),
            Check::Trigger(numbers) => {
                let numbers: Vec<_> = numbers.iter().map(|number| (number + 1).to_string()).collect();
                (format!("trigger {} began it", numbers.join(" or ")), self.began_by())
            }
            Check::NotRunWithin { rule, span } => {
                let whose = rule.as_ref().map_or_else(|| "it".to_owned(), |rule| format!("`{rule}`"));
                let last = self.last_run(rule.as_ref()).map_or(Value::Unknown, |at| Value::text(at.to_string()));
                (format!("{whose} did not run within {}", span_text(*span)), vec![Seen { path: None, value: last }])
            }
            Check::Compare { of, relation, to, by } => {
                let relation = if *relation == Relation::Above { "above" } else { "below" };
                let by = if *by == 0.0 { String::new() } else { format!(" and {by}") };
                let text = format!("{} is {relation} {}{by}", name(home, of), name(home, to));
                (text, self.seen(&[of.clone(), to.clone()]))
            }
            Check::Mean { paths, over, test } => {
                let mean = |path: &Path| {
                    self.windows
                        .mean(path, *over, self.now)
                        .map_or(Value::Unknown, |mean| Value::Number(hundredths(mean)))
                };
                let seen = |path: &Path| Seen { path: Some(path.clone()), value: mean(path) };
                let names: Vec<_> = paths.iter().take(NAMED).map(|path| name(home, path)).collect();
                let text = format!("the mean of {} over {} {}", names.join(", "), span_text(*over), test_text(test));
                (text, paths.iter().take(Part::MOST_SEEN).map(seen).collect())
            }
            Check::Body { at, test } => {
                let value = self.asking.body.and_then(|body| body.at(at)).unwrap_or(Value::Unknown);
                (format!("`{at}` of what it was told {}", test_text(test)), vec![Seen { path: None, value }])
            }
            Check::Calendar { calendar, title } => {
                let title = title.as_ref().map_or_else(|| "something".to_owned(), |title| format!("{title:?}"));
                (format!("{title} is going on in `{calendar}`"), Vec::new())
            }
            // The others have their own words.
            _ => (String::new(), Vec::new()),
        };
        self.simple(check, text, saw)
    }

    fn began_by(&self) -> Vec<Seen> {
        let number = self.asking.trigger.map_or(Value::Unknown, |number| Value::text((number + 1).to_string()));
        vec![Seen { path: None, value: number }]
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

fn reachable_text(home: &Home, devices: &[DeviceId], every: bool, is: bool) -> (String, Vec<Seen>) {
    let known = |id: &DeviceId| home.device(*id);
    let names: Vec<_> =
        devices.iter().take(NAMED).filter_map(known).map(|known| known.device.handle.as_str()).collect();
    let which = match (devices.len(), every) {
        (0 | 1, _) => "",
        (_, true) => "each of ",
        (_, false) => "any of ",
    };
    let seen = |known: &hub_model::HomeDevice| Seen { path: None, value: Value::Bool(known.reachable) };
    let saw = devices.iter().take(Part::MOST_SEEN).filter_map(known).map(seen).collect();
    (format!("{which}{} can{} be reached", names.join(", "), if is { "" } else { "'t" }), saw)
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
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
