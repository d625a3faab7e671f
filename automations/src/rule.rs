//! Rules as their files say them: typed, but not yet held against a home. Names are still names here.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use hub_model::{Action as ActionName, Message, Occurrence, Property, RuleId, Severity, TopicFilter, Value};
use jiff::civil::Time;
use smol_str::SmolStr;

pub use crate::selector::{Of, Selector, Term, Whereabouts};
use crate::{days::Days, fault::Spot, message::Wording};

/// Something that stands at a spot of a file. Two are equal when they say the same, wherever they stand, so that a
/// rule that only moved within its file is the same rule.
#[derive(Debug, Clone)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub spot: Spot,
}

impl<T: PartialEq> PartialEq for Said<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> Said<T> {
    /// The same spot, saying something made of this.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Said<U> {
        Said { value: make(self.value), spot: self.spot }
    }
}

/// A rule: when something happens, and if something holds, then something is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The `id` of its file, or else its name as a slug.
    pub id: Said<RuleId>,
    /// For people.
    pub name: String,
    /// Whether it acts.
    pub enabled: bool,
    /// What happens when it is triggered while it runs.
    pub mode: Mode,
    /// What triggers it: any of these.
    pub when: Vec<Trigger>,
    /// What must hold at that moment.
    pub condition: Condition,
    /// What it does, in this order.
    pub then: Vec<Action>,
    /// The file that it stands in.
    pub file: Arc<Path>,
}

/// What happens when a rule is triggered while it still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The new trigger is dropped.
    #[default]
    Single,
    /// The running one ends, a new one begins.
    Restart,
    /// The new one waits its turn; at most 10 in all, the next is dropped.
    Queued,
    /// Both run; at most 10 at once, the next is dropped.
    Parallel,
}

/// What starts a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// A property of one or any of several devices changes in some way, and stays so for `held`.
    Property {
        /// Which property.
        of: Said<Of>,
        /// In which way.
        change: Said<Change>,
        /// How long it has to stay so.
        held: Option<Duration>,
    },
    /// Something happens at one or any of several devices.
    Occurs {
        /// Where.
        of: Said<Whereabouts>,
        /// What.
        what: Said<Occurrence>,
    },
    /// A time of day, in the home's zone, on some days of the week. Once on each of these days.
    Daily {
        /// The time by the clock on the wall.
        at: Time,
        /// The days.
        days: Days,
    },
    /// A message comes from the broker; one that it only repeats is no news and triggers nothing.
    Message {
        /// On any of these topics.
        topic: Said<TopicFilter>,
        /// What it has to say.
        wording: Wording,
    },
}

/// How a property changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// From any known value to any other.
    Any,
    /// So that a test holds which did not hold before.
    Becomes(Test),
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
        /// Which property.
        of: Said<Of>,
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
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Sets properties of one or several devices.
    Set {
        /// Of which.
        target: Said<Whereabouts>,
        /// To what.
        set: Vec<Said<(Property, Value)>>,
        /// How long the change shall take.
        transition: Option<Duration>,
    },
    /// Has one or several devices do something.
    Invoke {
        /// Which.
        target: Said<Whereabouts>,
        /// What.
        action: Said<ActionName>,
        /// What they are told.
        arguments: BTreeMap<SmolStr, Value>,
    },
    /// Runs a scene, by its handle.
    Scene(Said<SmolStr>),
    /// Lets time pass.
    Wait(Duration),
    /// Waits until something holds.
    WaitUntil {
        /// What.
        condition: Condition,
        /// How long at most; then the rule goes on all the same.
        at_most: Option<Duration>,
    },
    /// Tells people something.
    Notify {
        /// Their names; empty for everyone.
        to: Vec<Said<SmolStr>>,
        /// A few words.
        title: String,
        /// The message.
        text: String,
        /// How much it matters.
        severity: Severity,
    },
    /// Publishes a message.
    Publish(Said<Message>),
    /// Does one thing or another.
    If {
        /// What decides.
        condition: Condition,
        /// Where it holds.
        then: Vec<Action>,
        /// Where it doesn't.
        otherwise: Vec<Action>,
    },
}

impl Mode {
    /// How many runs a queued or parallel rule has at most, the waiting ones included. What comes beyond is dropped,
    /// and said to be.
    pub const MOST: usize = 10;

    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Single, Self::Restart, Self::Queued, Self::Parallel];

    /// The word for it in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Restart => "restart",
            Self::Queued => "queued",
            Self::Parallel => "parallel",
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
}
