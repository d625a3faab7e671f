//! Things that people carry: whether they are at home.

use std::slice;

use hub_model::{EndpointKind, PropertyOffer, Value, capability::presence};
use smol_str::SmolStr;

use super::{About, Heard, Part, Source};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

#[derive(Debug)]
struct Tracker {
    offer: PropertyOffer,
    source: Source,
    home: SmolStr,
    reset: SmolStr,
}

pub(super) fn parse(fields: &mut Fields<'_>, _about: &About) -> Result<Box<dyn Part>, ConfigError> {
    // One that gives only coordinates tells nothing that could be judged here.
    let source = Source::required(fields, "state_topic", "value_template")?;
    Ok(Box::new(Tracker {
        offer: PropertyOffer::new(&presence::HOME).read_only(),
        source,
        home: fields.text_or("payload_home", "home")?,
        reset: fields.text_or("payload_reset", "None")?,
    }))
}

impl Part for Tracker {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Person
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    /// Any other word is the name of another place.
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.source.answer(payload);
        if answer.is_null() || answer.is(&self.reset) {
            heard.push(Heard::Reading(0, Value::Unknown));
        } else if !answer.is_nothing() {
            heard.push(Heard::Reading(0, answer.is(&self.home).into()));
        }
    }
}
