//! A rule held against a home: names have become ids, selectors the devices that they mean just now.

mod check;
mod print;
mod step;

use std::{collections::BTreeSet, time::Duration};

use hub_model::{DeviceId, EndpointId, Occurrence, Path, RuleId, SceneId, TopicFilter};
use smol_str::SmolStr;

pub use self::{
    check::Check,
    print::Print,
    step::{Call, Nudge, Order, Piece, Step, Telling},
};
use crate::{
    message::Wording,
    phrase::Phrase,
    rule::{ByWhom, Change, Methods, Test, Timing},
    sun::Place,
};

/// What the engine runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One for each trigger of the rule, in its order.
    pub watches: Vec<Watch>,
    /// What must hold when one of them is met.
    pub condition: Check,
    /// What is done then.
    pub program: Vec<Step>,
    /// The devices that it names or means; when one of them changes its description, the plan is made anew.
    pub devices: BTreeSet<DeviceId>,
    /// Whether it depends on more than these: on rooms, kinds, groups, scenes or people. Then any change of the
    /// home's description makes it anew.
    pub floating: bool,
    /// What tells its program from every other.
    pub program_print: Print,
    /// What tells its triggers from all others.
    pub watches_print: Print,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq)]
pub enum Watch {
    /// A property changes.
    Property {
        /// Any of these.
        paths: Vec<Path>,
        /// What it must have been before.
        from: Option<Test>,
        /// In which way.
        change: Change,
        /// By any of these; by whomever where there are none.
        by: Vec<ByWhom>,
        /// How long it has to stay so.
        held: Option<Duration>,
        /// How far a number has to go back before it can trigger again.
        hysteresis: f64,
    },
    /// Something happens.
    Occurs {
        /// At any of these.
        places: Vec<(DeviceId, EndpointId)>,
        /// What.
        what: Occurrence,
    },
    /// A moment comes.
    Timed {
        /// Which.
        timing: Timing,
        /// Where the home is, where the sun matters.
        place: Option<Place>,
    },
    /// A device can be reached again, or no longer.
    Reachable {
        /// Any of these.
        devices: Vec<DeviceId>,
        /// Which of the two.
        is: bool,
        /// How long it has to stay so.
        held: Option<Duration>,
    },
    /// A condition begins to hold.
    Holds {
        /// Which.
        check: Check,
        /// How long it has to hold.
        held: Option<Duration>,
    },
    /// A message comes.
    Message {
        /// On any of these topics.
        topic: TopicFilter,
        /// What it has to say.
        wording: Wording,
    },
    /// A scene was run.
    Scene(SceneId),
    /// Another rule begins to run.
    Rule(RuleId),
    /// Somebody says one of these.
    Phrase(Vec<Phrase>),
    /// Somebody calls the rule's own address.
    Webhook(Methods),
    /// Somebody chose this answer beneath a message.
    Answer(SmolStr),
    /// The hub has started.
    Started,
}

impl Plan {
    /// What tells its program from every other: the same for as long as it does the same to the same devices.
    pub fn print(&self) -> u64 {
        self.program_print.of(&self.program)
    }

    /// What tells its triggers from all others.
    pub fn print_of_watches(&self) -> u64 {
        self.watches_print.of(&self.watches)
    }

    /// Whether what it does may come back to it, through the home or the world. What it only says does not.
    pub fn may_set_off_itself(&self) -> bool {
        self.program.iter().any(|step| {
            matches!(
                step,
                Step::Control(_)
                    | Step::Nudge(_)
                    | Step::Toggle(_)
                    | Step::Scene(_)
                    | Step::Publish(_)
                    | Step::Call(_)
                    | Step::Run(_)
                    | Step::Enable(..)
            )
        })
    }

    /// Every condition in it: the rule's own, and those of its triggers and steps.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        let of_watches = self.watches.iter().filter_map(|watch| match watch {
            Watch::Holds { check, .. } => Some(check),
            _ => None,
        });
        let of_steps = self.program.iter().filter_map(Step::check);
        std::iter::once(&self.condition).chain(of_watches).chain(of_steps)
    }
}
