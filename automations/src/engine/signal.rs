//! What rules are told that no device tells, and what their conditions see of it.

use std::sync::Arc;

use hub_core::Heard;
use hub_model::{Cause, Signal, Value};
use serde_json::Value as Json;

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

/// What a message is to rules; nothing where the broker had kept it from earlier: that is no news.
pub fn news(Heard { filter, message }: Heard) -> Option<Signal> {
    (!message.retain).then_some(Signal::Message { filter, payload: message.payload })
}

impl Body {
    /// The single value at a place such as `alarm.state`; `None` where nothing is, or no single value.
    pub fn at(&self, place: &str) -> Option<Value> {
        crate::message::value_at(&self.0, place)
    }
}
