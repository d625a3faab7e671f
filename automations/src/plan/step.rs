//! Steps of a plan's program.

use std::time::Duration;

use hub_model::{Answer, Invoke, Limits, Message, Path, Property, RoomId, RuleId, SceneId, Severity, Target, Value};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::Check;
use crate::rule::{HttpMethod, Occasion, OnFailure};

/// A step of a rule's program. Branches and loops are jumps, so that a run is a list and a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Sends commands, one for each endpoint.
    Control(Vec<Order>),
    /// Adds to numbers, then sends commands, one for each endpoint.
    Nudge(Vec<Nudge>),
    /// Turns truths over, then sends commands: all become false where any is true.
    Toggle(Vec<Path>),
    /// Runs a scene.
    Scene(SceneId),
    /// Tells people something.
    Notify(Telling),
    /// Publishes a message.
    Publish(Message),
    /// Says something aloud.
    Speak {
        /// In which room; everywhere without it.
        room: Option<RoomId>,
        /// What.
        text: Vec<Piece>,
    },
    /// Calls a server.
    Call(Call),
    /// Lets time pass.
    Wait(Duration),
    /// Waits until something holds, or until the span is over; then it goes to the step of that number.
    WaitUntil(Check, Option<Duration>, usize),
    /// Goes to a step unless something holds.
    Unless(Check, usize),
    /// Goes to a step.
    Jump(usize),
    /// Begins a loop that goes round so often at most.
    Loop(u32),
    /// Goes round again, to the step of that number, unless it was the last time.
    Again {
        /// The first step of the loop.
        to: usize,
        /// Whether it is a mistake to have gone round so often.
        is_too_often: bool,
    },
    /// Leaves a loop.
    Leave,
    /// Goes on at all of these steps at the same time, and at `join` when all of them came to a [`Step::Join`].
    Fork {
        /// Where.
        branches: Vec<usize>,
        /// Where it goes on then.
        join: usize,
    },
    /// Ends a branch of a fork.
    Join,
    /// Ends the run, and says why.
    Stop(SmolStr),
    /// Runs another rule.
    Run(RuleId),
    /// Lets a rule act, or not.
    Enable(RuleId, bool),
    /// Says what happens when the next step fails; without it, nobody waits to know.
    Guard(OnFailure),
}

/// What one endpoint is asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// What is added to numbers of one endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Nudge {
    /// Which endpoint.
    pub target: Target,
    /// By how much, and what the device takes.
    pub by: Vec<(Property, f64, Limits)>,
    /// How long the change shall take.
    pub transition: Option<Duration>,
}

/// A message to people, whose texts hold readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// How much it matters.
    pub severity: Severity,
    /// A few words.
    pub title: Vec<Piece>,
    /// The message.
    pub text: Vec<Piece>,
    /// For whom; empty for everyone.
    pub to: Vec<String>,
    /// What they can answer.
    pub answers: Vec<Answer>,
}

/// A call of a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Where.
    pub url: SmolStr,
    /// How.
    pub method: HttpMethod,
    /// What is sent.
    pub body: Option<Vec<Piece>>,
    /// What kind of text that is.
    pub content_type: SmolStr,
    /// The name of a secret that is sent as a bearer token.
    pub token: Option<SmolStr>,
    /// How long it may take.
    pub at_most: Duration,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Plain(String),
    /// The reading of a property.
    Reading(Path),
    /// Something of what set the run off.
    Occasion(Occasion),
}

impl Order {
    /// Sets one property at once.
    pub fn set(path: &Path, value: Value) -> Self {
        let target = Target { device: path.device, endpoint: path.endpoint.clone() };
        Self { target, set: vec![(path.property.clone(), value)], invoke: None, transition: None }
    }
}

impl Step {
    /// The condition that it looks at.
    pub const fn check(&self) -> Option<&Check> {
        match self {
            Self::WaitUntil(check, ..) | Self::Unless(check, _) => Some(check),
            _ => None,
        }
    }
}
