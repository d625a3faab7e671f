//! Rules as their files say them: typed, but not yet held against a home. Names are still names here.

mod action;
mod by_whom;
mod condition;
mod timing;
mod trigger;

use std::{path::Path, sync::Arc};

use hub_model::RuleId;
use jiff::civil::Time;

pub use self::{
    action::{Action, Answer, Http, HttpMethod, Occasion, OnFailure, Part, Template, Then, Timeout, Times},
    by_whom::ByWhom,
    condition::{Condition, Relation, SunStands, Test, Who, YearDay},
    timing::{CronLine, Edge, Timing},
    trigger::{Change, Methods, Trigger, When},
};
pub use crate::selector::{Of, Selector, Term, Whereabouts};
use crate::{days::Days, fault::Spot};

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

/// Several of a kind, each where it stands; there is at least one.
pub type Several<T> = Vec<Said<T>>;

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
    /// How many runs a queued or parallel rule has at most, the waiting ones included. What comes beyond is dropped,
    /// and said to be.
    pub most: usize,
    /// When it acts; always where it says nothing.
    pub active: Option<Active>,
    /// What becomes of its runs when the hub starts again.
    pub after_restart: AfterRestart,
    /// What triggers it: any of these.
    pub when: Vec<When>,
    /// What must hold at that moment.
    pub condition: Condition,
    /// What it does, in this order.
    pub then: Vec<Then>,
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
    /// The new one waits its turn; beyond `max` in all, the next is dropped.
    Queued,
    /// Both run; beyond `max` at once, the next is dropped.
    Parallel,
}

/// When a rule acts: between two times of day, on some days of the week. Over midnight, the day is that of its evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// From when, included.
    pub from: Time,
    /// Until when; always where it is the same.
    pub to: Time,
    /// On which days.
    pub days: Days,
}

/// What becomes of a rule's runs that wait when the hub starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AfterRestart {
    /// They go on, where the rule still says the same. What was due meanwhile is done at once.
    #[default]
    Resume,
    /// They end.
    Drop,
}

impl Mode {
    /// How many runs a queued or parallel rule has where its file doesn't say.
    pub const MOST: usize = 10;
    /// How many it may say.
    pub const LIMIT: usize = 100;

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
