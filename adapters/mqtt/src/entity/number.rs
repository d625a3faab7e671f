//! Numbers that can be set: always a setting of the vendor's, as Home Assistant gives no meaning to them.

use std::slice;

use hub_model::{EndpointKind, Limits, PropertyOffer, Shape, Value};
use smol_str::SmolStr;

use super::{
    About, CommandError, Heard, Message, Part, Sink, Source, Wanted, measure::unit_of, reachable_by, vendor_offer,
};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Number {
    offer: PropertyOffer,
    source: Option<Source>,
    sink: Option<Sink>,
    reset: SmolStr,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::parse(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let (min, max) = (fields.number("min")?.unwrap_or(1.0), fields.number("max")?.unwrap_or(100.0));
    if min > max {
        return Err(ConfigError::WrongKind { field: "min".into(), wanted: "at most `max`" });
    }
    let limits = Limits::new(min, max).by(fields.number("step")?.filter(|step| *step > 0.0).unwrap_or(1.0));
    let unit = fields.text("unit_of_measurement")?.and_then(|unit| unit_of(&unit)).unwrap_or_default();
    let offer = reachable_by(vendor_offer(about, Shape::Number(limits), unit), sink.as_ref(), source.as_ref());
    Ok(Box::new(Number { offer, source, sink, reset: fields.text_or("payload_reset", "None")? }))
}

impl Part for Number {
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
        if answer.is_null() || answer.is(&self.reset) {
            heard.push(Heard::Reading(0, Value::Unknown));
        } else if let Some(number) = answer.number() {
            heard.push(Heard::Reading(0, number.into()));
        } else if !answer.is_nothing() {
            heard.push(Heard::strange(&answer));
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        let numbers = wanted.values.iter().filter_map(|(_, value)| value.as_number());
        numbers.map(|number| sink.send_number(number)).collect()
    }
}
