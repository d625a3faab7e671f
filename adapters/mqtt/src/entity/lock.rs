//! Locks.

use std::{collections::BTreeMap, slice, time::Duration};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Value, capability::lock};
use minijinja::Value as Jinja;
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink, Source};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

/// A bolt takes its time, and the radio of a battery lock as much again.
const DEADLINE: Duration = Duration::from_secs(15);

#[derive(Debug)]
struct Lock {
    offer: PropertyOffer,
    actions: Vec<ActionOffer>,
    /// What to send for the action at the same place.
    payloads: Vec<SmolStr>,
    source: Option<Source>,
    sink: Sink,
    /// Payloads, and the words of the table that they stand for.
    states: [(SmolStr, &'static str); 5],
}

pub(super) fn parse(fields: &mut Fields<'_>, _about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let offer = PropertyOffer::new(&lock::STATE).within_time(DEADLINE);
    let offer = if source.is_some() { offer } else { offer.silent() };
    let mut actions = vec![ActionOffer::new(&lock::LOCK), ActionOffer::new(&lock::UNLOCK)];
    let mut payloads = vec![fields.text_or("payload_lock", "LOCK")?, fields.text_or("payload_unlock", "UNLOCK")?];
    if let Some(open) = fields.text("payload_open")? {
        actions.push(ActionOffer::new(&lock::UNLATCH));
        payloads.push(open);
    }
    let actions = actions.into_iter().map(|action| action.within_time(DEADLINE)).collect();
    let states = [
        (fields.text_or("state_locked", "LOCKED")?, "locked"),
        (fields.text_or("state_unlocked", "UNLOCKED")?, "unlocked"),
        (fields.text_or("state_locking", "LOCKING")?, "locking"),
        (fields.text_or("state_unlocking", "UNLOCKING")?, "unlocking"),
        (fields.text_or("state_jammed", "JAMMED")?, "jammed"),
    ];
    Ok(Box::new(Lock { offer, actions, payloads, source, sink, states }))
}

impl Part for Lock {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Lock
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn actions(&self) -> &[ActionOffer] {
        &self.actions
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources()[source].answer(payload);
        let word = self.states.iter().find(|(payload, _)| answer.is(payload)).map(|(_, word)| Value::text(*word));
        heard.extend(word.or(answer.is_null().then_some(Value::Unknown)).map(|value| Heard::Reading(0, value)));
    }
    fn invoke(&self, action: usize, arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let payload = self.payloads.get(action).ok_or(CommandError::NotSettable)?;
        let pin = arguments.get("pin").and_then(Value::as_text);
        let code = pin.map_or(Jinja::from(()), Jinja::from);
        Ok(vec![self.sink.send(payload, payload.as_str().into(), &[("code", code)])?])
    }
}
