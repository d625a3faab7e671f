//! What must hold.

use std::time::Duration;

use hub_model::{RuleId, Value};
use jiff::civil::{Date, Time};
use smol_str::SmolStr;

use super::{Of, Said, Several, Whereabouts};
use crate::{days::Days, sun::SunPhase};

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these; always, where there are none.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// This must not hold.
    Not(Box<Condition>),
    /// A property is something.
    Property {
        /// Which ones.
        of: Several<Of>,
        /// Whether it has to hold of every device that is meant, and not just of any.
        every: bool,
        /// What it has to be.
        test: Said<Test>,
        /// Since how long at least.
        held: Option<Duration>,
    },
    /// The time is within these two, the first included; over midnight where the second is the earlier one.
    Between(Time, Time),
    /// Today is one of these.
    Days(Days),
    /// Today is within these two dates, both included.
    Dates(YearDay, YearDay),
    /// The sun stands somewhere.
    Sun(Said<SunStands>),
    /// A device can be reached, or not.
    Reachable {
        /// Which devices.
        of: Several<Whereabouts>,
        /// Whether it has to hold of every device that is meant, and not just of any.
        every: bool,
        /// Whether it can be reached.
        is: bool,
    },
    /// People are at home, or away.
    Presence {
        /// Who.
        who: Said<Who>,
        /// Whether they are at home.
        home: bool,
        /// Since how long at least.
        held: Option<Duration>,
    },
    /// The rule was triggered by one of these of its triggers.
    Trigger(Vec<Said<SmolStr>>),
    /// A rule has not begun to run within this span, the run that asks left out.
    NotRunWithin {
        /// Which rule; this one without it.
        rule: Option<Said<RuleId>>,
        /// The span.
        span: Duration,
    },
    /// A number is greater or less than another one.
    Compare {
        /// The one.
        of: Said<Of>,
        /// How it stands to the other.
        relation: Relation,
        /// The other.
        to: Said<Of>,
        /// What is added to the other first.
        by: f64,
    },
    /// The mean of a number over the last while is within a range.
    Mean {
        /// Of any of these properties.
        of: Several<Of>,
        /// Over how long.
        over: Duration,
        /// What it has to be.
        test: Said<Test>,
    },
    /// Something in what the trigger was told (the JSON of a webhook or of a message) is something.
    Body {
        /// Where in it, as a JSON pointer (`/alarm/state`; empty for all of it).
        at: SmolStr,
        /// What it has to be.
        test: Test,
    },
    /// Something in a calendar is going on.
    Calendar {
        /// Which calendar.
        calendar: Said<SmolStr>,
        /// Words of its title; any without them.
        title: Option<SmolStr>,
    },
}

/// What a value is held against. No test holds of an unknown value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// It is this.
    Is(Value),
    /// It is a number beyond `above` and short of `below`; at least one of them is given.
    Range {
        /// The number must be greater.
        above: Option<f64>,
        /// The number must be less.
        below: Option<f64>,
    },
}

/// How one number stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is greater.
    Above,
    /// It is less.
    Below,
}

/// Where the sun stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SunStands {
    /// In a part of the day that has a name.
    Phase(SunPhase),
    /// Higher than `above` and lower than `below`, in degrees above the horizon.
    Elevation {
        /// Higher than this.
        above: Option<f64>,
        /// Lower than this.
        below: Option<f64>,
    },
}

/// Which people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Any of them.
    Anyone,
    /// All of them.
    Everyone,
    /// The one of this name.
    Person(SmolStr),
}

/// A date, or a day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearDay {
    /// The year; every one without it.
    pub year: Option<i16>,
    /// The month.
    pub month: i8,
    /// The day.
    pub day: i8,
}

impl YearDay {
    /// Whether a date is within two others, both included; over New Year where both are of every year and the second
    /// is the earlier one.
    pub fn is_within(date: Date, from: Self, to: Self) -> bool {
        let of = |day: Self| (day.year.unwrap_or(date.year()), day.month, day.day);
        let (date, from_day, to_day) = ((date.year(), date.month(), date.day()), of(from), of(to));
        if from_day <= to_day || from.year.is_some() || to.year.is_some() {
            from_day <= date && date <= to_day
        } else {
            from_day <= date || date <= to_day
        }
    }
}

impl Test {
    /// Whether it holds of a value.
    pub fn holds(&self, value: &Value) -> bool {
        /// Numbers come through conversions of units, so that equal ones may differ in their last digits.
        const SAME: f64 = 1e-6;
        match (self, value) {
            (_, Value::Unknown) => false,
            (Self::Is(Value::Number(wanted)), Value::Number(is)) => (wanted - is).abs() < SAME,
            (Self::Is(Value::Color(wanted)), Value::Color(is)) => wanted.is_near(*is),
            (Self::Is(wanted), is) => wanted == is,
            (Self::Range { above, below }, Value::Number(is)) => {
                above.is_none_or(|above| *is > above) && below.is_none_or(|below| *is < below)
            }
            (Self::Range { .. }, _) => false,
        }
    }

    /// The same test with its bounds moved outwards, for what has to be left before it can begin again.
    pub fn widened(&self, by: f64) -> Self {
        match self {
            Self::Is(_) => self.clone(),
            Self::Range { above, below } => {
                Self::Range { above: above.map(|above| above - by), below: below.map(|below| below + by) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_test_holds_of_an_unknown_value() {
        assert!(!Test::Is(Value::Unknown).holds(&Value::Unknown));
        assert!(!Test::Range { above: None, below: Some(5.0) }.holds(&Value::Unknown));
    }

    #[test]
    fn a_range_leaves_out_its_ends() {
        let warm = Test::Range { above: Some(20.0), below: Some(25.0) };
        let holds = |number| warm.holds(&Value::Number(number));
        assert!(!holds(20.0) && holds(20.1) && holds(24.9) && !holds(25.0));
    }

    #[test]
    fn a_number_is_the_same_in_spite_of_its_last_digits() {
        assert!(Test::Is(Value::Number(0.3)).holds(&Value::Number(0.1 + 0.2)));
        assert!(!Test::Is(Value::Number(0.3)).holds(&Value::Number(0.31)));
    }

    #[test]
    fn dates_include_both_ends_and_go_over_new_year() {
        let day = |year, month, day| YearDay { year, month, day };
        let within = |text: &str, from, to| YearDay::is_within(text.parse().unwrap(), from, to);
        let (from, to) = (day(None, 12, 20), day(None, 1, 6));
        assert!(within("2026-12-20", from, to) && within("2027-01-06", from, to));
        assert!(!within("2026-12-19", from, to) && !within("2027-01-07", from, to));
        let (from, to) = (day(Some(2026), 12, 20), day(Some(2027), 1, 6));
        assert!(within("2027-01-01", from, to) && !within("2027-12-24", from, to));
    }
}
