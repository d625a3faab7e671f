//! Buttons on a screen that make a device do something: an action.

use std::{collections::BTreeMap, slice};

use hub_model::{Action, ActionOffer, EndpointKind, Value, capability::identify};
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Button {
    offer: ActionOffer,
    sink: Sink,
    payload: SmolStr,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let action = match about.device_class.as_deref() {
        Some("identify") => Action::from(&identify::IDENTIFY),
        _ => Action::vendor(&about.vendor, &about.label),
    };
    let offer = ActionOffer { action, deadline: None };
    Ok(Box::new(Button { offer, sink, payload: fields.text_or("payload_press", "PRESS")? }))
}

/// A scene that a device keeps: setting it is an action of its vendor's.
pub(super) fn parse_scene(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let offer = ActionOffer { action: Action::vendor(&about.vendor, &about.label), deadline: None };
    Ok(Box::new(Button { offer, sink, payload: fields.text_or("payload_on", "ON")? }))
}

impl Part for Button {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Other
    }
    fn actions(&self) -> &[ActionOffer] {
        slice::from_ref(&self.offer)
    }
    fn read(&self, _source: usize, _payload: &Payload<'_>, _heard: &mut Vec<Heard>) {}
    fn invoke(&self, _action: usize, _arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        Ok(vec![self.sink.send_text(&self.payload)?])
    }
}
