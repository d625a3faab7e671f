//! Switches: a relay, or a setting that is on or off.

use std::slice;

use hub_model::{EndpointKind, PropertyOffer, Shape, Unit, capability::on_off};

use super::{
    About, CommandError, Heard, Message, Part, Sink, Source, Wanted, off_on::OffOn, reachable_by, vendor_offer,
};
use crate::{
    discovery::{Category, ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Switch {
    offer: PropertyOffer,
    kind: EndpointKind,
    source: Option<Source>,
    sink: Option<Sink>,
    words: OffOn,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::parse(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let offer = match about.category {
        Category::Primary => PropertyOffer::new(&on_off::ON),
        _ => vendor_offer(about, Shape::Bool, Unit::None),
    };
    let kind = match about.device_class.as_deref() {
        Some("outlet") => EndpointKind::Plug,
        _ => EndpointKind::Switch,
    };
    let offer = reachable_by(offer, sink.as_ref(), source.as_ref());
    Ok(Box::new(Switch { offer, kind, source, sink, words: OffOn::parse(fields)? }))
}

impl Part for Switch {
    fn kind(&self) -> EndpointKind {
        self.kind
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        self.words.hear(&self.sources()[source].answer(payload), heard);
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        let on = wanted.values.iter().filter_map(|(_, value)| value.as_bool());
        on.map(|on| self.words.send(sink, on)).collect()
    }
}
