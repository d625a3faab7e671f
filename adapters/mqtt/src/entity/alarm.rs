//! Alarm panels. Their states and actions are their vendor's: the table has no row for them yet.

use std::{collections::BTreeMap, slice};

use hub_model::{Action, ActionOffer, EndpointKind, PropertyOffer, Value};
use minijinja::Value as Jinja;
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink, Source, facet::vendor_choice};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

const STATES: [&str; 10] = [
    "disarmed",
    "armed_home",
    "armed_away",
    "armed_night",
    "armed_vacation",
    "armed_custom_bypass",
    "pending",
    "arming",
    "disarming",
    "triggered",
];

/// What can be done: the feature that it belongs to, the action, the payload's field and usual text, and the field that
/// says whether it asks for the code.
const DEEDS: [(&str, &str, &str, &str, &str); 7] = [
    ("", "disarm", "payload_disarm", "DISARM", "code_disarm_required"),
    ("arm_home", "arm_home", "payload_arm_home", "ARM_HOME", "code_arm_required"),
    ("arm_away", "arm_away", "payload_arm_away", "ARM_AWAY", "code_arm_required"),
    ("arm_night", "arm_night", "payload_arm_night", "ARM_NIGHT", "code_arm_required"),
    ("arm_vacation", "arm_vacation", "payload_arm_vacation", "ARM_VACATION", "code_arm_required"),
    ("arm_custom_bypass", "arm_custom_bypass", "payload_arm_custom_bypass", "ARM_CUSTOM_BYPASS", "code_arm_required"),
    ("trigger", "trigger", "payload_trigger", "TRIGGER", "code_trigger_required"),
];

#[derive(Debug)]
struct Alarm {
    offer: PropertyOffer,
    source: Source,
    sink: Sink,
    actions: Vec<ActionOffer>,
    /// The payload of the action at the same place, and whether it asks for the code.
    deeds: Vec<(SmolStr, bool)>,
    /// The code that the configuration itself names, which is asked for here and not by the device.
    code: Option<SmolStr>,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let source = Source::required(fields, "state_topic", "value_template")?;
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let (offer, _) = vendor_choice(about, "alarm", &STATES.map(SmolStr::new_static));
    let features = fields.raw("supported_features").map(|_| fields.words("supported_features")).transpose()?;
    let (mut actions, mut deeds) = (Vec::new(), Vec::new());
    for (feature, action, field, usual, asks) in DEEDS {
        let has = |listed: &Vec<SmolStr>| listed.iter().any(|known| known == feature);
        if feature.is_empty() || features.as_ref().is_none_or(has) {
            actions.push(ActionOffer { action: Action::vendor(&about.vendor, action), deadline: None });
            let asks = fields.raw(asks).is_none() || fields.flag(asks)?;
            deeds.push((fields.text_or(field, usual)?, asks));
        }
    }
    let code = fields.text("code")?.filter(|code| !matches!(code.as_str(), "REMOTE_CODE" | "REMOTE_CODE_TEXT"));
    Ok(Box::new(Alarm { offer: offer.read_only(), source, sink, actions, deeds, code }))
}

impl Part for Alarm {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Alarm
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn actions(&self) -> &[ActionOffer] {
        &self.actions
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.source.answer(payload);
        match STATES.iter().find(|state| answer.is(state)) {
            Some(state) => heard.push(Heard::Reading(0, Value::text(*state))),
            None if answer.is_nothing() => {}
            None if answer.is_null() => heard.push(Heard::Reading(0, Value::Unknown)),
            None => heard.push(Heard::strange(&answer)),
        }
    }
    fn invoke(&self, action: usize, arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let (payload, asks) = self.deeds.get(action).ok_or(CommandError::NotSettable)?;
        let given = arguments.get("code").and_then(Value::as_text);
        if *asks && self.code.as_deref().is_some_and(|code| given != Some(code)) {
            return Err(CommandError::WrongCode);
        }
        let code = given.map_or(Jinja::from(()), Jinja::from);
        let more = [("action", payload.as_str().into()), ("code", code)];
        Ok(vec![self.sink.send(payload, payload.as_str().into(), &more)?])
    }
}
