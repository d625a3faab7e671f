//! What rules are told that no device tells: phrases, calls of their addresses, answers.

use std::sync::Arc;

use hub_model::{Cause, RuleId, Value};
use serde_json::Value as Json;
use smol_str::SmolStr;

/// Something that somebody says to the rules.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// A phrase was spoken or typed.
    Phrase {
        /// The words, as [`phrase::normal`](crate::phrase::normal) makes them.
        words: SmolStr,
        /// In which language (`de`).
        language: SmolStr,
    },
    /// A rule's own address was called.
    Webhook {
        /// Whose.
        rule: RuleId,
        /// The number of its trigger.
        trigger: usize,
        /// What it was told, where that is JSON.
        body: Option<Body>,
    },
    /// Somebody chose an answer beneath a message.
    Answer(SmolStr),
    /// The hub has started, and the rules are here.
    Started,
}

/// What a trigger was told: JSON of any form. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Body(pub Arc<Json>);

/// What a rule was set off by, beside devices and time.
#[derive(Debug)]
pub struct Told<'a> {
    /// What was said.
    pub signal: &'a Signal,
    /// By whom.
    pub cause: Cause,
}

impl Body {
    /// The single value at a place such as `alarm.state`; `None` where nothing is, or no single value.
    pub fn at(&self, place: &str) -> Option<Value> {
        crate::message::value_at(&self.0, place)
    }
}
