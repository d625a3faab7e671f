//! A choice of words: always a setting of the vendor's.

use std::slice;

use hub_model::{EndpointKind, PropertyOffer, Shape, Unit, Value};

use super::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, reachable_by, vendor_offer};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Select {
    offer: PropertyOffer,
    source: Option<Source>,
    sink: Option<Sink>,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::parse(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let offer = vendor_offer(about, Shape::Choice(fields.words("options")?), Unit::None);
    Ok(Box::new(Select { offer: reachable_by(offer, sink.as_ref(), source.as_ref()), source, sink }))
}

impl Part for Select {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Other
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources()[source].answer(payload);
        if answer.is_nothing() {
            return;
        }
        let word = Value::text(answer.text());
        let value = if self.offer.check(&word).is_err() && answer.is_null() { Value::Unknown } else { word };
        heard.push(Heard::Reading(0, value));
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        wanted.values.iter().filter_map(|(_, value)| value.as_text()).map(|word| sink.send_text(word)).collect()
    }
}
