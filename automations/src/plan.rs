//! A rule held against a home: names have become ids, selectors the devices that they mean just now.

use std::{collections::BTreeSet, time::Duration};

use hub_model::{
    DeviceId, EndpointId, Invoke, Message, Notice, Occurrence, Path, Property, SceneId, Target, TopicFilter, Value,
};
use jiff::civil::Time;

use crate::{
    days::Days,
    message::Wording,
    rule::{Change, Test},
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
}

/// A trigger.
#[derive(Debug, Clone, PartialEq)]
pub enum Watch {
    /// A property changes.
    Property {
        /// Any of these.
        paths: Vec<Path>,
        /// In which way.
        change: Change,
        /// How long it has to stay so.
        held: Option<Duration>,
    },
    /// Something happens.
    Occurs {
        /// At any of these.
        places: Vec<(DeviceId, EndpointId)>,
        /// What.
        what: Occurrence,
    },
    /// A time of day.
    Daily {
        /// The time in the home's zone.
        at: Time,
        /// The days.
        days: Days,
    },
    /// A message comes.
    Message {
        /// On any of these topics.
        topic: TopicFilter,
        /// What it has to say.
        wording: Wording,
    },
}

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
}

/// A step of a rule's program. Branches are jumps to a later step, so that a run is a list and a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Sends commands, one for each endpoint.
    Control(Vec<Order>),
    /// Runs a scene.
    Scene(SceneId),
    /// Tells people something.
    Notify(Notice),
    /// Publishes a message.
    Publish(Message),
    /// Lets time pass.
    Wait(Duration),
    /// Waits until something holds, or until the span is over.
    WaitUntil(Check, Option<Duration>),
    /// Goes to a step unless something holds.
    Unless(Check, usize),
    /// Goes to a step.
    Jump(usize),
}

/// What one endpoint is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Which endpoint.
    pub target: Target,
    /// The properties to set.
    pub set: Vec<(Property, Value)>,
    /// The action to take.
    pub invoke: Option<Invoke>,
    /// How long the change shall take.
    pub transition: Option<Duration>,
}

impl Check {
    /// Whether it holds always.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::All(parts) if parts.is_empty())
    }

    /// Every property that it looks at, with what it is held against where it must have lasted.
    pub fn each_property(&self, visit: &mut impl FnMut(&Path, &Test, Option<Duration>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_property(visit)),
            Self::Not(inner) => inner.each_property(visit),
            Self::Property { paths, test, held, .. } => paths.iter().for_each(|path| visit(path, test, *held)),
            Self::Between(..) | Self::Days(_) => {}
        }
    }
}

impl Plan {
    /// Every condition in it: the rule's own, and those of its steps.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        let of_steps = self.program.iter().filter_map(|step| match step {
            Step::WaitUntil(check, _) | Step::Unless(check, _) => Some(check),
            _ => None,
        });
        std::iter::once(&self.condition).chain(of_steps)
    }
}
