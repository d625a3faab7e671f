//! What starts a rule.

use std::time::Duration;

use hub_model::{Occurrence, RuleId, TopicFilter};
use smol_str::SmolStr;

use super::{ByWhom, Condition, Of, Said, Several, Test, Timing, Whereabouts};
use crate::{message::Wording, phrase::Phrase};

/// One `[[when]]`: a trigger, and a name for it where conditions ask which one it was.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// Its name within the rule.
    pub id: Option<SmolStr>,
    /// What it is.
    pub trigger: Trigger,
}

/// What starts a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// A property of one or any of several devices changes in some way, and stays so for `held`.
    Property {
        /// Any of these.
        of: Several<Of>,
        /// What it must have been before.
        from: Option<Said<Test>>,
        /// In which way.
        change: Said<Change>,
        /// By any of these; by whomever where there are none.
        by: Vec<Said<ByWhom>>,
        /// How long it has to stay so.
        held: Option<Duration>,
        /// How far a number has to go back beyond its bound before it no longer stays so, and can trigger again.
        hysteresis: f64,
    },
    /// Something happens at one or any of several devices.
    Occurs {
        /// At any of these.
        of: Several<Whereabouts>,
        /// What.
        what: Said<Occurrence>,
    },
    /// A moment comes.
    Timed(Said<Timing>),
    /// One or any of several devices can be reached again, or no longer, and that for `held`.
    Reachable {
        /// Which devices.
        of: Several<Whereabouts>,
        /// Whether it can be reached then.
        is: bool,
        /// How long it has to stay so.
        held: Option<Duration>,
    },
    /// A condition begins to hold, and holds for `held`.
    Holds {
        /// Which condition.
        condition: Condition,
        /// How long it has to hold.
        held: Option<Duration>,
    },
    /// A message comes from the broker; one that it only repeats is no news and triggers nothing.
    Message {
        /// On any of these topics.
        topic: Said<TopicFilter>,
        /// What it has to say.
        wording: Wording,
    },
    /// A scene was run, by whomever.
    Scene(Said<SmolStr>),
    /// Another rule begins to run.
    Rule(Said<RuleId>),
    /// Somebody says one of these.
    Phrase(Vec<Phrase>),
    /// Somebody calls the rule's own address.
    Webhook(Methods),
    /// Somebody chose an answer of this name beneath a message.
    Answer(SmolStr),
    /// The hub has started.
    Started,
}

/// How a property changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// From any known value to any other.
    Any,
    /// So that a test holds which did not hold before.
    Becomes(Test),
}

/// By which methods of HTTP a rule's address may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Methods {
    /// `GET`, without a body.
    pub get: bool,
    /// `POST`.
    pub post: bool,
    /// `PUT`.
    pub put: bool,
}
