//! Sirens.

use std::{collections::BTreeMap, slice};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Value, capability::siren};
use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::{
    About, CommandError, Heard, Message, Part, Sink, Source, Wanted, off_on::OffOn, reachable_by, sink::json_number,
};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
    template::{Template, value::to_jinja},
};

#[derive(Debug)]
struct Siren {
    offer: PropertyOffer,
    action: ActionOffer,
    source: Option<Source>,
    sink: Sink,
    /// Whether commands have a template; without one, they are JSON.
    templated: bool,
    off_template: Option<Template>,
    words: OffOn,
}

pub(super) fn parse(fields: &mut Fields<'_>, _about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "state_value_template")?;
    Ok(Box::new(Siren {
        offer: reachable_by(PropertyOffer::new(&siren::SOUNDING), Some(&sink), source.as_ref()),
        action: ActionOffer::new(&siren::SOUND),
        source,
        templated: fields.raw("command_template").is_some(),
        off_template: fields.template("command_off_template")?,
        sink,
        words: OffOn::parse(fields)?,
    }))
}

impl Siren {
    fn command(&self, on: bool, more: Map<String, Json>) -> Result<Message, CommandError> {
        let payload = self.words.payload(on).as_str();
        let mut all = Map::from_iter([("state".to_owned(), Json::from(payload))]);
        all.extend(more);
        if let Some(template) = self.off_template.as_ref().filter(|_| !on) {
            let variables = vec![("value", payload.into()), ("state", payload.into())];
            let text = template.write(variables).ok_or(CommandError::Template)?;
            return Ok(self.sink.plain(text));
        }
        if !self.templated {
            return Ok(self.sink.plain(Json::Object(all).to_string()));
        }
        let names = ["state", "tone", "volume_level", "duration"];
        let more: Vec<_> = names.iter().filter_map(|name| Some((*name, to_jinja(all.get(*name)?)))).collect();
        self.sink.send(payload, payload.into(), &more)
    }
}

impl Part for Siren {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Alarm
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn actions(&self) -> &[ActionOffer] {
        slice::from_ref(&self.action)
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    /// A state is a word, or JSON with the word in `state`.
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources()[source].answer(payload);
        let text = answer.text();
        let inner =
            serde_json::from_str::<Json>(&text).ok().and_then(|json| Some(json.get("state")?.as_str()?.to_owned()));
        let is = |wanted: &str| inner.as_deref().map_or_else(|| answer.is(wanted), |state| state == wanted);
        match self.words.told(is) {
            Some(on) => heard.push(Heard::Reading(0, on.into())),
            None if answer.is_null() => heard.push(Heard::Reading(0, Value::Unknown)),
            None if answer.is_nothing() || text.starts_with('{') => {}
            None => heard.push(Heard::strange(&answer)),
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let on = wanted.values.iter().filter_map(|(_, value)| value.as_bool());
        on.map(|on| self.command(on, Map::new())).collect()
    }
    fn invoke(&self, _action: usize, arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let mut more = Map::new();
        if let Some(tone) = arguments.get("tone").and_then(Value::as_text) {
            more.insert("tone".into(), tone.into());
        }
        if let Some(percent) = arguments.get("volume").and_then(Value::as_number) {
            more.insert("volume_level".into(), json_number(percent / 100.0));
        }
        if let Some(seconds) = arguments.get("duration").and_then(Value::as_number) {
            more.insert("duration".into(), json_number(seconds));
        }
        Ok(vec![self.command(true, more)?])
    }
}
