//! Valves: open or closed, or open so far.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Value, capability::valve};
use serde_json::Value as Json;
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, reachable_by, span::Span};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

/// A motor turns a ball valve in half a minute.
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Valve {
    /// Open or closed, and the position where it has one.
    offers: Vec<PropertyOffer>,
    actions: Vec<ActionOffer>,
    source: Option<Source>,
    sink: Option<Sink>,
    /// Whether it tells and takes positions.
    positions: bool,
    span: Span,
    /// To close, to open.
    payloads: [SmolStr; 2],
    stop: Option<SmolStr>,
    /// Words, and whether it lets anything through then.
    states: [(SmolStr, bool); 4],
}

pub(super) fn parse(fields: &mut Fields<'_>, _about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::parse(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    if sink.is_none() && source.is_none() {
        return Err(ConfigError::Missing("command_topic"));
    }
    let positions = fields.flag("reports_position")?;
    let span = Span::parse(fields, "position_closed", "position_open")?;
    let rows = [Some(&valve::OPEN), positions.then_some(&valve::POSITION)];
    let offers = rows
        .into_iter()
        .flatten()
        .map(|spec| reachable_by(PropertyOffer::new(spec), sink.as_ref(), source.as_ref()).within_time(DEADLINE));
    let offers = offers.collect();
    let stop = fields.text("payload_stop")?.filter(|_| sink.is_some());
    let actions = stop.iter().map(|_| ActionOffer::new(&valve::STOP)).collect();
    Ok(Box::new(Valve {
        offers,
        actions,
        source,
        sink,
        positions,
        span,
        payloads: [fields.text_or("payload_close", "CLOSE")?, fields.text_or("payload_open", "OPEN")?],
        stop,
        states: [
            (fields.text_or("state_open", "open")?, true),
            (fields.text_or("state_closed", "closed")?, false),
            (fields.text_or("state_opening", "opening")?, true),
            (fields.text_or("state_closing", "closing")?, true),
        ],
    }))
}

impl Valve {
    fn hear_position(&self, raw: f64, heard: &mut Vec<Heard>) {
        let percent = self.span.percent(raw);
        heard.push(Heard::Reading(0, (percent > 0.0).into()));
        heard.push(Heard::Reading(1, percent.into()));
    }

    /// True if the word is one of the valve's.
    fn hear_state(&self, word: &str, heard: &mut Vec<Heard>) -> bool {
        let known = self.states.iter().find(|(state, _)| state == word);
        heard.extend(known.map(|(_, open)| Heard::Reading(0, (*open).into())));
        known.is_some()
    }
}

impl Part for Valve {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Valve
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.offers
    }
    fn actions(&self) -> &[ActionOffer] {
        &self.actions
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    /// A state is a word, a position, or JSON with both.
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources()[source].answer(payload);
        let text = answer.text();
        if answer.is_nothing() || self.hear_state(&text, heard) {
        } else if answer.is_null() {
            heard.push(Heard::Reading(0, Value::Unknown));
        } else if let Some(raw) = answer.number().filter(|_| self.positions) {
            self.hear_position(raw, heard);
        } else if let Ok(Json::Object(both)) = serde_json::from_str::<Json>(&text) {
            let position = both.get("position").and_then(Json::as_f64).filter(|_| self.positions);
            match (position, both.get("state").and_then(Json::as_str)) {
                (Some(raw), _) => self.hear_position(raw, heard),
                (None, Some(word)) => drop(self.hear_state(word, heard)),
                (None, None) => {}
            }
        } else {
            heard.push(Heard::strange(&answer));
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        let percent = wanted.values.iter().filter(|(slot, _)| *slot == 1).find_map(|(_, value)| value.as_number());
        let open = wanted.values.iter().filter(|(slot, _)| *slot == 0).find_map(|(_, value)| value.as_bool());
        match (percent, open) {
            (Some(percent), _) => Ok(vec![sink.send_number(self.span.wire(percent))?]),
            (None, Some(open)) if self.positions => {
                Ok(vec![sink.send_number(self.span.wire(if open { 100.0 } else { 0.0 }))?])
            }
            (None, Some(open)) => Ok(vec![sink.send_text(&self.payloads[usize::from(open)])?]),
            (None, None) => Ok(Vec::new()),
        }
    }
    fn invoke(&self, _action: usize, _arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let (Some(sink), Some(stop)) = (&self.sink, &self.stop) else { return Err(CommandError::NotSettable) };
        Ok(vec![sink.send_text(stop)?])
    }
}
