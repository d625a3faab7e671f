//! Conditions of a plan.

use std::{cmp::Ordering, time::Duration};

use hub_model::{DeviceId, Path, RuleId};
use jiff::civil::Time;
use smol_str::SmolStr;

use crate::{
    days::Days,
    rule::{Active, Relation, Test, YearDay},
    sun::Place,
};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// All of these hold.
    All(Vec<Check>),
    /// At least one of these holds.
    Any(Vec<Check>),
    /// This doesn't hold.
    Not(Box<Check>),
    /// Properties are something.
    Property {
        /// Which ones.
        paths: Vec<Path>,
        /// Whether all of them have to be, and not just one.
        every: bool,
        /// What they have to be.
        test: Test,
        /// Since how long at least.
        held: Option<Duration>,
    },
    /// The time is within these two.
    Between(Time, Time),
    /// Today is one of these.
    Days(Days),
    /// Today is within these two.
    Dates(YearDay, YearDay),
    /// The sun stands between two heights, in degrees.
    Sun {
        /// Above this.
        above: Option<f64>,
        /// Below this.
        below: Option<f64>,
        /// Over which place.
        place: Place,
    },
    /// Devices can be reached, or not.
    Reachable {
        /// Which ones.
        devices: Vec<DeviceId>,
        /// Whether it has to be so of all of them, and not just of one.
        every: bool,
        /// Whether they can be.
        is: bool,
    },
    /// One of these triggers began the run; the numbers are those of the plan's watches.
    Trigger(Vec<usize>),
    /// A rule has not begun to run within a span; the run that asks is left out.
    NotRunWithin {
        /// Which rule; the one that asks without it.
        rule: Option<RuleId>,
        /// The span.
        span: Duration,
    },
    /// A number is greater or less than another one.
    Compare {
        /// The one.
        of: Path,
        /// How it stands to the other.
        relation: Relation,
        /// The other.
        to: Path,
        /// What is added to the other first.
        by: f64,
    },
    /// The mean of a number over the last while passes a test.
    Mean {
        /// Of any of these.
        paths: Vec<Path>,
        /// Over how long.
        over: Duration,
        /// The test.
        test: Test,
    },
    /// Something in what the trigger was told passes a test.
    Body {
        /// Where.
        at: SmolStr,
        /// The test.
        test: Test,
    },
    /// Something in a calendar is going on.
    Calendar {
        /// Which calendar.
        calendar: SmolStr,
        /// Words of its title.
        title: Option<SmolStr>,
    },
}

impl Check {
    /// That a rule acts now: of a span over midnight, the day is that of its evening.
    pub fn within(Active { from, to, days }: Active) -> Self {
        let on = |from, to, days| Self::All(vec![Self::Between(from, to), Self::Days(days)]);
        match from.cmp(&to) {
            Ordering::Less => on(from, to, days),
            Ordering::Equal => Self::Days(days),
            // No morning is left, and from midnight to midnight would be all day.
            Ordering::Greater if to == Time::midnight() => on(from, to, days),
            Ordering::Greater => {
                let (evening, morning) = (on(from, Time::midnight(), days), on(Time::midnight(), to, days.after()));
                Self::Any(vec![evening, morning])
            }
        }
    }

    /// Whether it holds always.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// Whether it asks for nothing but the home, the clock, the calendars and which trigger it was: not for what was before,
    /// and not for what the trigger was told.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_plain),
            Self::Not(inner) => inner.is_plain(),
            Self::Property { held: Some(_), .. }
            | Self::Mean { .. }
            | Self::NotRunWithin { .. }
            | Self::Body { .. } => false,
            _ => true,
        }
    }

    /// It and every part of it.
    pub fn each(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each(visit)),
            Self::Not(inner) => inner.each(visit),
            _ => {}
        }
    }

    /// The same, where what asks for the last run of the rule itself names it.
    pub fn of_rule(self, id: &RuleId) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.of_rule(id)).collect();
        match self {
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::Not(inner) => Self::Not(Box::new(inner.of_rule(id))),
            Self::NotRunWithin { rule: None, span } => Self::NotRunWithin { rule: Some(id.clone()), span },
            other => other,
        }
    }

    /// Every rule of which it asks when it last ran, but for the one that asks.
    pub fn each_rule(&self, visit: &mut impl FnMut(&RuleId)) {
        self.each(&mut |part| {
            if let Self::NotRunWithin { rule: Some(rule), .. } = part {
                visit(rule);
            }
        });
    }

    /// Every property that it looks at.
    pub fn each_path(&self, visit: &mut impl FnMut(&Path)) {
        self.each(&mut |part| match part {
            Self::Property { paths, .. } | Self::Mean { paths, .. } => paths.iter().for_each(&mut *visit),
            Self::Compare { of, to, .. } => [of, to].into_iter().for_each(&mut *visit),
            _ => {}
        });
    }

    /// Every device of which it asks whether it can be reached.
    pub fn each_device(&self, visit: &mut impl FnMut(DeviceId)) {
        self.each(&mut |part| {
            if let Self::Reachable { devices, .. } = part {
                devices.iter().copied().for_each(&mut *visit);
            }
        });
    }
}
