//! Switches: a relay, or a setting that is on or off.

use std::slice;

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Shape, Unit, Value, capability::on_off};
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, reachable_by, vendor_offer};
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
    payloads: [SmolStr; 2],
    states: [SmolStr; 2],
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::parse(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let payloads = [fields.text_or("payload_off", "OFF")?, fields.text_or("payload_on", "ON")?];
    let states = [
        fields.text("state_off")?.unwrap_or_else(|| payloads[0].clone()),
        fields.text("state_on")?.unwrap_or_else(|| payloads[1].clone()),
    ];
    let offer = match about.category {
        Category::Primary => PropertyOffer::new(&on_off::ON),
        _ => vendor_offer(about, Shape::Bool, Unit::None),
    };
    let kind = match about.device_class.as_deref() {
        Some("outlet") => EndpointKind::Plug,
        _ => EndpointKind::Switch,
    };
    let offer = reachable_by(offer, sink.as_ref(), source.as_ref());
    Ok(Box::new(Switch { offer, kind, source, sink, payloads, states }))
}

impl Part for Switch {
    fn kind(&self) -> EndpointKind {
        self.kind
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn actions(&self) -> &[ActionOffer] {
        &[]
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources()[source].answer(payload);
        let value = match () {
            () if answer.is(&self.states[1]) => Value::Bool(true),
            () if answer.is(&self.states[0]) => Value::Bool(false),
            () if answer.is_null() => Value::Unknown,
            () if answer.is_nothing() => return,
            () => return heard.push(Heard::strange(&answer)),
        };
        heard.push(Heard::Reading(0, value));
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        let on = wanted.values.iter().filter_map(|(_, value)| value.as_bool());
        on.map(|on| sink.send_text(&self.payloads[usize::from(on)])).collect()
    }
}
