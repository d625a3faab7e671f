//! Events: presses and rings whose types the configuration lists.

use std::slice;

use hub_model::{EndpointKind, Occurrence, capability::doorbell};
use serde_json::Value as Json;
use smol_str::SmolStr;

use super::{About, Gesture, Heard, Part, Source};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Event {
    types: Vec<SmolStr>,
    gestures: Vec<Gesture>,
    source: Source,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let source = Source::required(fields, "state_topic", "value_template")?;
    let types = fields.words("event_types")?;
    if types.is_empty() {
        return Err(ConfigError::Missing("event_types"));
    }
    let rings = about.device_class.as_deref() == Some("doorbell");
    let gesture = |word: &SmolStr| match rings {
        true => Gesture { occurrence: Occurrence::from(&doorbell::RING), button: None },
        false => Gesture::parse(&about.vendor, word),
    };
    let gestures = types.iter().map(gesture).collect();
    Ok(Box::new(Event { types, gestures, source }))
}

impl Part for Event {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Button
    }
    fn gestures(&self) -> &[Gesture] {
        &self.gestures
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    /// A payload is `{"event_type": "press", ..}`; anything else is passed over.
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let told = match &self.source.template {
            None => payload.json().and_then(|json| json.get("event_type")).and_then(Json::as_str).map(SmolStr::from),
            Some(_) => serde_json::from_str::<Json>(&self.source.answer(payload).text())
                .ok()
                .and_then(|json| Some(SmolStr::from(json.get("event_type")?.as_str()?))),
        };
        let place = told.and_then(|told| self.types.iter().position(|known| *known == told));
        heard.extend(place.map(Heard::Happened));
    }
}
