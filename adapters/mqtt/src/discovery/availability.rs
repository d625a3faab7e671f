//! When an entity counts as there: one topic or several, and how they are taken together.

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::{
    ConfigError, Fields,
    abbreviations::{Table, expand_keys},
};
use crate::{
    payload::Payload,
    template::{Answer, Template, Templates},
};

/// How several topics are taken together (Home Assistant: `availability_mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// There when every topic says so.
    All,
    /// There when one topic says so.
    Any,
    /// What the last message of any topic said.
    #[default]
    Latest,
}

/// One topic that tells whether an entity is there.
#[derive(Debug, Clone)]
pub struct Beacon {
    /// The topic.
    pub topic: SmolStr,
    template: Option<Template>,
    available: SmolStr,
    not_available: SmolStr,
}

/// All that tells whether an entity is there. Empty: it is there while the broker is.
#[derive(Debug, Clone, Default)]
pub struct Availability {
    /// How the beacons are taken together.
    pub mode: Mode,
    /// The topics.
    pub beacons: Vec<Beacon>,
    /// What it was read from, so that entities with the same words share one.
    pub words: String,
}

impl Availability {
    /// Reads it out of a configuration.
    ///
    /// # Errors
    /// If a topic or template is unsound.
    pub fn parse(config: &Map<String, Json>, templates: &mut Templates) -> Result<Self, ConfigError> {
        let mode = match config.get("availability_mode").and_then(Json::as_str) {
            Some("all") => Mode::All,
            Some("any") => Mode::Any,
            _ => Mode::Latest,
        };
        let mut beacons = Vec::new();
        if config.contains_key("availability_topic") {
            let mut fields = Fields::new(config, templates);
            beacons.extend(beacon(&mut fields, "availability_topic", "availability_template")?);
        }
        let listed = match config.get("availability") {
            Some(Json::Array(items)) => items.as_slice(),
            Some(single @ Json::Object(_)) => std::slice::from_ref(single),
            _ => &[],
        };
        for item in listed.iter().take(16).filter_map(Json::as_object) {
            let mut item = item.clone();
            expand_keys(&mut item, Table::Entity);
            beacons.extend(beacon(&mut Fields::new(&item, templates), "topic", "value_template")?);
        }
        Ok(Self { mode, words: words(config), beacons })
    }

    /// Whether the entity is there, given what each beacon said last and which spoke last; `None` while too little is
    /// known.
    pub fn judge(&self, said: &[Option<bool>], last: Option<usize>) -> Option<bool> {
        match self.mode {
            Mode::Latest => said.get(last?).copied().flatten(),
            Mode::Any if said.contains(&Some(true)) => Some(true),
            Mode::All if said.contains(&Some(false)) => Some(false),
            Mode::Any | Mode::All => said.iter().copied().collect::<Option<Vec<_>>>().map(|_| self.mode == Mode::All),
        }
    }
}

/// The part of a configuration that an availability is read from.
fn words(config: &Map<String, Json>) -> String {
    let fields = ["availability", "availability_mode", "availability_topic", "availability_template"];
    let payloads = ["payload_available", "payload_not_available"];
    let part: Vec<_> = fields.iter().chain(&payloads).map(|field| config.get(*field)).collect();
    serde_json::to_string(&part).unwrap_or_default()
}

fn beacon(fields: &mut Fields<'_>, topic: &'static str, template: &'static str) -> Result<Option<Beacon>, ConfigError> {
    let Some(topic) = fields.topic(topic)? else { return Ok(None) };
    Ok(Some(Beacon {
        topic,
        template: fields.template(template)?,
        available: fields.text_or("payload_available", "online")?,
        not_available: fields.text_or("payload_not_available", "offline")?,
    }))
}

impl Beacon {
    /// What a message on the topic says; `None` for words that mean neither.
    pub fn read(&self, payload: &Payload<'_>) -> Option<bool> {
        let answer = match &self.template {
            Some(template) => template.read(payload),
            None => Answer::Text(payload.text()?.trim().into()),
        };
        if answer.is(&self.available) {
            return Some(true);
        }
        answer.is(&self.not_available).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: Json) -> Availability {
        Availability::parse(json.as_object().unwrap(), &mut Templates::default()).unwrap()
    }

    #[test]
    fn a_single_topic_and_a_list_are_read_alike() {
        let single = parse(serde_json::json!({"availability_topic": "a", "payload_available": "up"}));
        assert_eq!(single.beacons[0].read(&Payload::new(b"up")), Some(true));
        assert_eq!(single.beacons[0].read(&Payload::new(b"offline")), Some(false));
        assert_eq!(single.beacons[0].read(&Payload::new(b"online")), None);
        let list = parse(serde_json::json!({
            "availability": [{"t": "a", "val_tpl": "{{ value_json.state }}"}, {"topic": "b", "pl_not_avail": 0}]
        }));
        assert_eq!(list.beacons[0].read(&Payload::new(br#"{"state": "online"}"#)), Some(true));
        assert_eq!(list.beacons[1].read(&Payload::new(b"0")), Some(false));
    }

    #[test]
    fn modes_take_several_topics_together() {
        let of = |mode| Availability { mode, ..Availability::default() };
        let (up, down, unknown) = (Some(true), Some(false), None);
        assert_eq!(of(Mode::All).judge(&[up, up], Some(0)), up);
        assert_eq!(of(Mode::All).judge(&[up, unknown], Some(0)), unknown);
        assert_eq!(of(Mode::All).judge(&[unknown, down], Some(1)), down);
        assert_eq!(of(Mode::Any).judge(&[unknown, up], Some(1)), up);
        assert_eq!(of(Mode::Any).judge(&[down, down], Some(1)), down);
        assert_eq!(of(Mode::Any).judge(&[down, unknown], Some(0)), unknown);
        assert_eq!(of(Mode::Latest).judge(&[down, up], Some(1)), up);
        assert_eq!(of(Mode::Latest).judge(&[unknown], None), unknown);
    }
}
