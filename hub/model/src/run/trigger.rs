//! What sets a rule off.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Cause, Event, RuleId, TopicFilter};

/// What triggered a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// Which of the rule's triggers, from 0; none of them where it was run by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// When it was due: at the event, when its span was over, or at the time of day.
    pub due: Timestamp,
    /// The event, with the values seen and its own cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Arc<Event>>,
    /// What was said to the rule. Time alone triggered where this and the event are `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Arc<Prompt>>,
    /// What the entry of a calendar is called that began or ended then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<SmolStr>,
}

impl Trigger {
    /// What was behind it; `None` where time alone was.
    pub fn cause(&self) -> Option<&Cause> {
        let of_event = self.event.as_ref().map(|event| &event.cause);
        of_event.or_else(|| self.prompt.as_ref().map(|prompt| &prompt.cause))
    }
}

/// What was said to a rule, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// What.
    pub what: Prompted,
    /// Who said it, or what it came from.
    pub cause: Cause,
}

/// What can be said to a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompted {
    /// This phrase.
    Phrase(SmolStr),
    /// Its address was called.
    Call,
    /// This answer beneath a message was chosen.
    Answer(SmolStr),
    /// A message came that this filter wanted.
    Message(TopicFilter),
    /// The hub has started.
    Started,
    /// This rule began to run.
    Run(RuleId),
    /// Somebody ran it by hand.
    ByHand,
}
