//! A part that hears the same on further topics, as devices do that tell their state at intervals on one topic and at
//! each change on another.

use std::{collections::BTreeMap, sync::Arc};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Shape, Value};
use smol_str::SmolStr;

use super::{CommandError, Fade, Gesture, Heard, Message, Part, Source, Wanted};
use crate::{discovery::Echo, payload::Payload};

#[derive(Debug)]
struct Echoing {
    inner: Arc<dyn Part>,
    /// The part's own, then the further ones.
    sources: Vec<Source>,
    /// For each further one, the part's own that it repeats, and the key that its message stands below.
    echoes: Vec<(usize, Option<&'static str>)>,
}

/// Lets a part hear on further topics too.
pub fn echoing(inner: Arc<dyn Part>, echoes: &[Echo]) -> Arc<dyn Part> {
    let mut sources = inner.sources().to_vec();
    let mut known = Vec::new();
    for echo in echoes {
        for (place, source) in inner.sources().iter().enumerate().filter(|(_, source)| source.topic == echo.of) {
            sources.push(Source { topic: echo.topic.clone(), template: source.template.clone() });
            known.push((place, echo.inside));
        }
    }
    if known.is_empty() { inner } else { Arc::new(Echoing { inner, sources, echoes: known }) }
}

impl Part for Echoing {
    fn kind(&self) -> EndpointKind {
        self.inner.kind()
    }
    fn offers(&self) -> &[PropertyOffer] {
        self.inner.offers()
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
        let own = self.sources.len() - self.echoes.len();
        let Some((place, inside)) = source.checked_sub(own).and_then(|echo| self.echoes.get(echo)) else {
            return self.inner.read(source, payload, heard);
        };
        match inside {
            None => self.inner.read(*place, payload, heard),
            Some(key) => {
                if let Some(inner) = payload.json().and_then(|json| json.get(key)) {
                    self.inner.read(*place, &Payload::new(inner.to_string().as_bytes()), heard);
                }
            }
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
        let inner = self.inner.grown(attributes)?;
        // What grows keeps its sources.
        Some(Arc::new(Self { inner, sources: self.sources.clone(), echoes: self.echoes.clone() }))
    }
}
