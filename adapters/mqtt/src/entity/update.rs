//! A device's own program, and a newer version of it.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Value, capability::firmware};
use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::{About, CommandError, Heard, Message, Part, Sink, Source};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
};

/// A battery device takes its firmware over many hours.
const DEADLINE: Duration = Duration::from_secs(24 * 3600);
/// The longest version, in bytes; longer ones are passed over.
const LONGEST: usize = 128;

const INSTALLED: usize = 0;
const LATEST: usize = 1;
const AVAILABLE: usize = 2;
const PROGRESS: usize = 3;

#[derive(Debug)]
struct Update {
    offers: [PropertyOffer; 4],
    actions: Vec<ActionOffer>,
    sources: Vec<Source>,
    /// Whether the first source is the state, and not the newest version alone.
    state: bool,
    sink: Option<Sink>,
    install: SmolStr,
}

pub(super) fn parse(fields: &mut Fields<'_>, _about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let state = Source::parse(fields, "state_topic", "value_template")?;
    let latest = Source::parse(fields, "latest_version_topic", "latest_version_template")?;
    let install = fields.text("payload_install")?;
    let sink = Sink::parse(fields, "command_topic", "command_template")?.filter(|_| install.is_some());
    if state.is_none() && latest.is_none() {
        return Err(ConfigError::Missing("state_topic"));
    }
    let rows = [&firmware::INSTALLED, &firmware::LATEST, &firmware::AVAILABLE, &firmware::PROGRESS];
    Ok(Box::new(Update {
        offers: rows.map(PropertyOffer::new),
        actions: sink.iter().map(|_| ActionOffer::new(&firmware::UPDATE).within_time(DEADLINE)).collect(),
        state: state.is_some(),
        sources: state.into_iter().chain(latest).collect(),
        sink,
        install: install.unwrap_or_default(),
    }))
}

/// A version as text; `None` where the field is absent or no version.
fn version(value: Option<&Json>) -> Option<Value> {
    let text = match value? {
        // Zigbee2MQTT writes -1 for a version that it does not know.
        Json::Number(number) if number.as_i64() == Some(-1) => return Some(Value::Unknown),
        Json::Number(number) => format_smolstr!("{number}"),
        Json::String(text) if matches!(text.trim(), "" | "-1" | "None" | "null") => return Some(Value::Unknown),
        Json::String(text) => text.trim().into(),
        Json::Null => return Some(Value::Unknown),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    (text.len() <= LONGEST).then_some(Value::Text(text))
}

fn read_object(told: &Map<String, Json>, heard: &mut Vec<Heard>) {
    let (installed, latest) = (version(told.get("installed_version")), version(told.get("latest_version")));
    if let (Some(installed), Some(latest)) = (&installed, &latest) {
        let known = *installed != Value::Unknown && *latest != Value::Unknown;
        let newer = if known { Value::Bool(installed != latest) } else { Value::Unknown };
        heard.push(Heard::Reading(AVAILABLE, newer));
    }
    heard.extend(installed.map(|value| Heard::Reading(INSTALLED, value)));
    heard.extend(latest.map(|value| Heard::Reading(LATEST, value)));
    let percent = match told.get("update_percentage") {
        Some(Json::Null) => Some(Value::Unknown),
        Some(value) => value.as_f64().map(|percent| Value::Number(percent.clamp(0.0, 100.0))),
        None if told.get("in_progress") == Some(&Json::Bool(false)) => Some(Value::Unknown),
        None => told.get("in_progress").and_then(Json::as_f64).map(|percent| Value::Number(percent.clamp(0.0, 100.0))),
    };
    heard.extend(percent.map(|value| Heard::Reading(PROGRESS, value)));
}

impl Part for Update {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Other
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
    /// A state is JSON with versions and progress, or the installed version alone.
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources[source].answer(payload);
        if answer.is_nothing() {
            return;
        }
        let text = answer.text();
        let slot = if self.state && source == 0 { INSTALLED } else { LATEST };
        match serde_json::from_str(&text) {
            Ok(Json::Object(told)) if slot == INSTALLED => read_object(&told, heard),
            _ => {
                let told = version(Some(&Json::from(&*text)));
                heard.extend(told.map(|value| Heard::Reading(slot, value)));
            }
        }
    }
    fn invoke(&self, _action: usize, _arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let sink = self.sink.as_ref().ok_or(CommandError::NotSettable)?;
        Ok(vec![sink.send_text(&self.install)?])
    }
}
