//! What an entity tells beside its value (Home Assistant: `json_attributes_topic`): read-only properties of its vendor,
//! which are known only when a first message names them.
//!
//! Only plain values are taken, and at most so many of one entity. Attributes on the entity's own state topic are passed
//! over: what else such a message holds has entities of its own, and would stand there once more for each of them.

use std::{collections::BTreeMap, sync::Arc};

use hub_model::{ActionOffer, EndpointKind, Limits, PropertyOffer, Shape, Unit, Value};
use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::{About, CommandError, Fade, Gesture, Heard, Message, Part, Source, Wanted};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

/// How many attributes of one entity become properties; further ones are passed over.
const MOST: usize = 16;
/// The longest name of an attribute, in bytes; longer ones are passed over.
const LONGEST_NAME: usize = 40;
/// The longest text of an attribute, in bytes; longer ones become unknown.
const LONGEST: usize = 255;
const ANY_NUMBER: Limits = Limits::new(-1e15, 1e15);

/// A part with attributes.
#[derive(Debug, Clone)]
struct Attributed {
    inner: Arc<dyn Part>,
    about: About,
    /// The names of the attributes; their offers stand behind those of the part.
    names: Vec<SmolStr>,
    offers: Vec<PropertyOffer>,
    /// The part's own, and the attributes' last.
    sources: Vec<Source>,
}

/// Gives a part the attributes that its configuration names a topic for.
pub(super) fn wrap(part: Box<dyn Part>, fields: &mut Fields<'_>, about: &About) -> Result<Arc<dyn Part>, ConfigError> {
    let inner: Arc<dyn Part> = Arc::from(part);
    let Some(source) = Source::parse(fields, "json_attributes_topic", "json_attributes_template")? else {
        return Ok(inner);
    };
    if inner.sources().iter().any(|known| known.topic == source.topic) {
        return Ok(inner);
    }
    let (offers, mut sources) = (inner.offers().to_vec(), inner.sources().to_vec());
    sources.push(source);
    Ok(Arc::new(Attributed { inner, about: about.clone(), names: Vec::new(), offers, sources }))
}

impl Attributed {
    fn read_attributes(&self, attributes: &Map<String, Json>, heard: &mut Vec<Heard>) {
        let mut new = Vec::new();
        for (name, value) in attributes {
            match self.names.iter().position(|known| known == name) {
                Some(place) => {
                    let slot = self.inner.offers().len() + place;
                    heard.push(Heard::Reading(slot, plain(&self.offers[slot].shape, value)));
                }
                None => new.extend(shape(value).map(|shape| (SmolStr::from(name), shape))),
            }
        }
        new.retain(|(name, _)| name.len() <= LONGEST_NAME);
        new.truncate(MOST.saturating_sub(self.names.len()));
        if !new.is_empty() {
            heard.push(Heard::Attributes(new));
        }
    }
}

/// What values an attribute takes, by its first one; `None` for lists, objects and nothing.
fn shape(value: &Json) -> Option<Shape> {
    match value {
        Json::Bool(_) => Some(Shape::Bool),
        Json::Number(_) => Some(Shape::Number(ANY_NUMBER)),
        Json::String(_) => Some(Shape::Text(LONGEST)),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// An attribute that became of another kind says nothing that can be kept.
fn plain(shape: &Shape, value: &Json) -> Value {
    let plain = match value {
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => number.as_f64().map_or(Value::Unknown, Value::from),
        Json::String(text) => Value::text(text.as_str()),
        Json::Null | Json::Array(_) | Json::Object(_) => Value::Unknown,
    };
    if shape.check("", &plain).is_ok() { plain } else { Value::Unknown }
}

impl Part for Attributed {
    fn kind(&self) -> EndpointKind {
        self.inner.kind()
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.offers
    }
    fn actions(&self) -> &[ActionOffer] {
        self.inner.actions()
    }
    fn gestures(&self) -> &[Gesture] {
        self.inner.gestures()
    }
    fn sources(&self) -> &[Source] {
        &self.sources
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        if source + 1 < self.sources.len() {
            return self.inner.read(source, payload, heard);
        }
        let source = &self.sources[source];
        if source.template.is_none() {
            if let Some(Json::Object(attributes)) = payload.json() {
                self.read_attributes(attributes, heard);
            }
        } else if let Ok(Json::Object(attributes)) = serde_json::from_str(&source.answer(payload).text()) {
            self.read_attributes(&attributes, heard);
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        self.inner.set(wanted)
    }
    fn invoke(&self, action: usize, arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        self.inner.invoke(action, arguments)
    }
    fn fades(&self, value: &Value) -> Fade {
        self.inner.fades(value)
    }
    fn grown(&self, attributes: &[(SmolStr, Shape)]) -> Option<Arc<dyn Part>> {
        let mut grown = self.clone();
        let new = attributes.iter().filter(|(name, _)| !self.names.contains(name));
        for (name, shape) in new.take(MOST.saturating_sub(self.names.len())) {
            let label = format_smolstr!("{}_{name}", self.about.label);
            grown.offers.push(PropertyOffer::vendor(&self.about.vendor, &label, shape.clone(), Unit::None));
            grown.names.push(name.clone());
        }
        (grown.names.len() > self.names.len()).then(|| Arc::new(grown) as Arc<dyn Part>)
    }
}
