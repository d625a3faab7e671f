//! Device triggers (`device_automation`): each configuration is one gesture at one button.

use std::slice;

use hub_model::EndpointKind;
use smol_str::SmolStr;

use super::{About, Gesture, Heard, Part, Source};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Trigger {
    gesture: Gesture,
    source: Source,
    payload: Option<SmolStr>,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let source = Source::required(fields, "topic", "value_template")?;
    let kind = fields.text("type")?.ok_or(ConfigError::Missing("type"))?;
    let subtype = fields.text("subtype")?.ok_or(ConfigError::Missing("subtype"))?;
    // Zigbee2MQTT puts gesture and button into the subtype (`action`, `single_left`); others put the gesture into the
    // type and the button into the subtype (`button_short_press`, `button_1`).
    let gesture = if matches!(&*kind, "action" | "click") {
        Gesture::parse(&about.vendor, &subtype)
    } else {
        let gesture = Gesture::parse(&about.vendor, &kind);
        let button = hub_model::handle::slug(&subtype).replace('-', "_");
        Gesture { button: (!button.is_empty()).then_some(button), ..gesture }
    };
    Ok(Box::new(Trigger { gesture, source, payload: fields.text("payload")? }))
}

impl Part for Trigger {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Button
    }
    fn gestures(&self) -> &[Gesture] {
        slice::from_ref(&self.gesture)
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.source.answer(payload);
        if self.payload.as_ref().is_none_or(|expected| answer.is(expected)) {
            heard.push(Heard::Happened(0));
        }
    }
}
