//! Reads what rules have to do with messages of the broker.

use hub_model::{Message, Qos, Topic};
use smol_str::SmolStr;

use super::{condition, fields::Fields};
use crate::{
    message::{FieldPath, Wording},
    rule::{Action, Said, Trigger},
};

/// The keys of a trigger that look into JSON.
const TESTS: [&str; 3] = ["is", "above", "below"];

/// Reads the `mqtt` of a trigger.
pub(super) fn trigger(fields: &Fields<'_>) -> Option<Trigger> {
    let (topic, wording) = (fields.parsed("topic"), wording(fields));
    Some(Trigger::Message { topic: topic?, wording: wording? })
}

fn wording(fields: &Fields<'_>) -> Option<Wording> {
    if !fields.has("field") {
        if let Some(test) = TESTS.into_iter().find(|name| fields.has(name)) {
            let message = format!("`{test}` needs `field` beside it, which says where in the message to look");
            fields.fault_at(test, message);
            return None;
        }
        return if fields.has("payload") {
            fields.payload("payload").map(|said| Wording::Text(said.value))
        } else {
            Some(Wording::Any)
        };
    }
    if fields.has("payload") {
        fields.fault_at("payload", "a message trigger has either `payload` or `field`");
    }
    if !TESTS.into_iter().any(|name| fields.has(name)) {
        fields.fault_at("field", "`field` needs `is`, `above` or `below` beside it");
    }
    let (path, test) = (fields.text("field"), condition::test(fields));
    Some(Wording::Field(FieldPath(SmolStr::from(path?.value)), test?.value))
}

/// Reads the `publish` of an action.
pub(super) fn publish(fields: &Fields<'_>) -> Option<Action> {
    let (topic, payload) = (fields.parsed::<Topic>("topic"), fields.payload("payload"));
    let retain = if fields.has("retain") { fields.flag("retain")? } else { false };
    let qos = if fields.has("qos") { qos(fields)? } else { Qos::default() };
    let Said { value: topic, spot } = topic?;
    let payload = payload?.value.into_bytes().into();
    Some(Action::Publish(Said { value: Message { topic, payload, retain, qos }, spot }))
}

fn qos(fields: &Fields<'_>) -> Option<Qos> {
    let number = fields.number("qos")?;
    let levels = [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce];
    let found = levels.into_iter().zip([0.0, 1.0, 2.0]).find(|(_, level)| *level == number);
    if found.is_none() {
        fields.fault_at("qos", format!("`qos` takes 0, 1 or 2, not {number}"));
    }
    found.map(|(qos, _)| qos)
}
