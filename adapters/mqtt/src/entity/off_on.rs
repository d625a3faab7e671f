//! Off and on, in a device's own payloads.

use hub_model::Value;
use smol_str::SmolStr;

use super::{CommandError, Heard, Message, Sink};
use crate::{
    discovery::{ConfigError, Fields},
    template::Answer,
};

/// The payloads for off and for on.
#[derive(Debug, Clone)]
pub(super) struct OffOn {
    /// To the device.
    sent: [SmolStr; 2],
    /// From the device.
    heard: [SmolStr; 2],
}

impl OffOn {
    /// Reads them by their usual names.
    pub(super) fn parse(fields: &Fields<'_>) -> Result<Self, ConfigError> {
        let sent = [fields.text_or("payload_off", "OFF")?, fields.text_or("payload_on", "ON")?];
        let heard = [
            fields.text("state_off")?.unwrap_or_else(|| sent[0].clone()),
            fields.text("state_on")?.unwrap_or_else(|| sent[1].clone()),
        ];
        Ok(Self { sent, heard })
    }

    /// Payloads that are the same to the device and from it.
    pub(super) fn both_ways(payloads: [SmolStr; 2]) -> Self {
        Self { sent: payloads.clone(), heard: payloads }
    }

    /// What is sent for a value.
    pub(super) fn payload(&self, on: bool) -> &SmolStr {
        &self.sent[usize::from(on)]
    }

    /// The message that carries a value.
    pub(super) fn send(&self, sink: &Sink, on: bool) -> Result<Message, CommandError> {
        sink.send_text(self.payload(on))
    }

    /// The value that `is` finds to be told; `None` where it is neither.
    pub(super) fn told(&self, is: impl Fn(&str) -> bool) -> Option<bool> {
        let [off, on] = &self.heard;
        is(on).then_some(true).or_else(|| is(off).then_some(false))
    }

    /// Hears the value of a part's first property.
    pub(super) fn hear(&self, answer: &Answer<'_>, heard: &mut Vec<Heard>) {
        match self.told(|payload| answer.is(payload)) {
            Some(on) => heard.push(Heard::Reading(0, on.into())),
            None if answer.is_null() => heard.push(Heard::Reading(0, Value::Unknown)),
            None if answer.is_nothing() => {}
            None => heard.push(Heard::strange(answer)),
        }
    }
}
