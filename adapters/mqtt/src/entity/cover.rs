//! Blinds, curtains and gates.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Value, capability::covering};
use serde_json::Value as Json;
use smol_str::SmolStr;

use super::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, sink::jinja_number, span::Span};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
    template::Answer,
};

/// A tall shutter takes about a minute from end to end.
const DEADLINE: Duration = Duration::from_secs(90);

/// One thing about a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    State,
    Position,
    Tilt,
}

#[derive(Debug)]
struct Cover {
    kind: EndpointKind,
    aspects: Vec<Aspect>,
    offers: Vec<PropertyOffer>,
    actions: Vec<ActionOffer>,
    /// What to send for the action at the same place.
    payloads: Vec<SmolStr>,
    sources: Vec<Source>,
    /// What the source at the same place tells.
    tells: Vec<Aspect>,
    command: Option<Sink>,
    set_position: Option<Sink>,
    set_tilt: Option<Sink>,
    position: Span,
    tilt: Span,
    /// Payloads, and the words of the table that they stand for.
    states: [(SmolStr, &'static str); 5],
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let command = Sink::parse(fields, "command_topic", "command_template")?;
    let set_position = Sink::parse(fields, "set_position_topic", "set_position_template")?;
    let set_tilt = Sink::parse(fields, "tilt_command_topic", "tilt_command_template")?;
    let told = [
        (Aspect::Position, Source::parse(fields, "position_topic", "position_template")?),
        (Aspect::Tilt, Source::parse(fields, "tilt_status_topic", "tilt_status_template")?),
        (Aspect::State, Source::parse(fields, "state_topic", "value_template")?),
    ];
    let (tells, sources): (Vec<_>, Vec<_>) =
        told.into_iter().filter_map(|(tells, source)| Some((tells, source?))).unzip();
    let (actions, payloads) = if command.is_some() { actions(fields)? } else { (Vec::new(), Vec::new()) };
    let mut cover = Cover {
        kind: kind(about.device_class.as_deref()),
        position: Span::parse(fields, "position_closed", "position_open")?,
        tilt: Span::parse(fields, "tilt_closed_value", "tilt_opened_value")?,
        states: [
            (fields.text_or("state_open", "open")?, "open"),
            (fields.text_or("state_closed", "closed")?, "closed"),
            (fields.text_or("state_opening", "opening")?, "opening"),
            (fields.text_or("state_closing", "closing")?, "closing"),
            (fields.text_or("state_stopped", "stopped")?, "stopped"),
        ],
        aspects: Vec::new(),
        offers: Vec::new(),
        actions,
        payloads,
        sources,
        tells,
        command,
        set_position,
        set_tilt,
    };
    cover.offer();
    Ok(Box::new(cover))
}

fn kind(device_class: Option<&str>) -> EndpointKind {
    match device_class {
        Some("curtain") => EndpointKind::Curtain,
        Some("garage" | "gate") => EndpointKind::Garage,
        Some("door") => EndpointKind::Door,
        Some("window") => EndpointKind::Window,
        _ => EndpointKind::Blind,
    }
}

/// An explicit null takes an action away (Home Assistant: `payload_stop: null`).
fn actions(fields: &Fields<'_>) -> Result<(Vec<ActionOffer>, Vec<SmolStr>), ConfigError> {
    let rows = [
        (&covering::OPEN, "payload_open", "OPEN"),
        (&covering::CLOSE, "payload_close", "CLOSE"),
        (&covering::STOP, "payload_stop", "STOP"),
    ];
    let mut offers = (Vec::new(), Vec::new());
    for (spec, field, default) in rows {
        if !fields.is_null(field) {
            offers.0.push(ActionOffer::new(spec).within_time(DEADLINE));
            offers.1.push(fields.text_or(field, default)?);
        }
    }
    Ok(offers)
}

impl Cover {
    fn tells(&self, aspect: Aspect) -> bool {
        self.tells.contains(&aspect)
    }

    fn offer(&mut self) {
        let rows = [
            (Aspect::Position, PropertyOffer::new(&covering::POSITION), self.set_position.is_some()),
            (Aspect::Tilt, PropertyOffer::new(&covering::TILT), self.set_tilt.is_some()),
            (Aspect::State, PropertyOffer::new(&covering::STATE), false),
        ];
        for (aspect, offer, settable) in rows {
            // A position tells by itself whether it is open or closed.
            let told = self.tells(aspect) || aspect == Aspect::State && self.tells(Aspect::Position);
            if told || settable {
                let offer = if settable { offer.settable() } else { offer.read_only() };
                let offer = if told { offer } else { offer.silent() };
                self.aspects.push(aspect);
                self.offers.push(offer.within_time(DEADLINE));
            }
        }
    }

    fn hear(&self, aspect: Aspect, value: Value, heard: &mut Vec<Heard>) {
        if let Some(slot) = self.aspects.iter().position(|known| *known == aspect) {
            heard.push(Heard::Reading(slot, value));
        }
    }

    fn read_position(&self, answer: &Answer<'_>, heard: &mut Vec<Heard>) {
        let Some(raw) = answer.number() else { return self.read_both(&answer.text(), heard) };
        let percent = self.position.percent(raw);
        self.hear(Aspect::Position, percent.into(), heard);
        if !self.tells(Aspect::State) {
            self.hear(Aspect::State, Value::text(if percent > 0.0 { "open" } else { "closed" }), heard);
        }
    }

    /// A position template may give position and tilt at once.
    fn read_both(&self, text: &str, heard: &mut Vec<Heard>) {
        let Ok(Json::Object(both)) = serde_json::from_str(text) else { return };
        let number = |field: &str| both.get(field).and_then(Json::as_f64).filter(|number| number.is_finite());
        if let Some(raw) = number("position") {
            self.hear(Aspect::Position, self.position.percent(raw).into(), heard);
        }
        if let Some(raw) = number("tilt_position") {
            self.hear(Aspect::Tilt, self.tilt.percent(raw).into(), heard);
        }
    }

    fn read_state(&self, answer: &Answer<'_>, heard: &mut Vec<Heard>) {
        let word = self.states.iter().find(|(payload, _)| answer.is(payload)).map(|(_, word)| Value::text(*word));
        if let Some(value) = word.or(answer.is_null().then_some(Value::Unknown)) {
            self.hear(Aspect::State, value, heard);
        }
    }
}

fn send(sink: &Sink, span: Span, name: &'static str, percent: f64) -> Result<Message, CommandError> {
    let wire = span.wire(percent);
    let more = [
        (name, jinja_number(percent.round())),
        ("position_open", jinja_number(span.open)),
        ("position_closed", jinja_number(span.closed)),
    ];
    // With a template, Home Assistant hands the percentage over; without one, it converts by itself.
    sink.send(&wire.to_string(), jinja_number(wire), &more)
}

impl Part for Cover {
    fn kind(&self) -> EndpointKind {
        self.kind
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.offers
    }
    fn actions(&self) -> &[ActionOffer] {
        &self.actions
    }
    fn sources(&self) -> &[Source] {
        &self.sources
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources[source].answer(payload);
        match self.tells[source] {
            Aspect::Position => self.read_position(&answer, heard),
            Aspect::State => self.read_state(&answer, heard),
            Aspect::Tilt => {
                if let Some(raw) = answer.number() {
                    self.hear(Aspect::Tilt, self.tilt.percent(raw).into(), heard);
                }
            }
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let mut messages = Vec::new();
        for (slot, value) in &wanted.values {
            let (Some(aspect), Some(percent)) = (self.aspects.get(*slot), value.as_number()) else { continue };
            let (span, sink, name) = match aspect {
                Aspect::Position => (self.position, &self.set_position, "position"),
                Aspect::Tilt => (self.tilt, &self.set_tilt, "tilt_position"),
                Aspect::State => return Err(CommandError::NotSettable),
            };
            messages.push(send(sink.as_ref().ok_or(CommandError::NotSettable)?, span, name, percent)?);
        }
        Ok(messages)
    }
    fn invoke(&self, action: usize, _arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let (Some(sink), Some(payload)) = (&self.command, self.payloads.get(action)) else {
            return Err(CommandError::NotSettable);
        };
        Ok(vec![sink.send_text(payload)?])
    }
}
