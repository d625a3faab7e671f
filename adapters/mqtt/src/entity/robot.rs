//! Machines that drive about by themselves: vacuum robots and lawn mowers.

use hub_model::{
    Action, ActionOffer, EndpointKind, PropertyOffer,
    capability::{ActionSpec, appliance, vacuum},
};
use smol_str::SmolStr;

use super::{
    About, Part, Sink, Source,
    facet::{Facets, Form, pairs, vendor_choice},
};
use crate::discovery::{ConfigError, Fields};

/// What a vacuum robot can do: the word for it among its features, the action, and the payload.
static DEEDS: &[(&str, &ActionSpec, &str, &str)] = &[
    ("start", &vacuum::START, "payload_start", "start"),
    ("pause", &vacuum::PAUSE, "payload_pause", "pause"),
    ("stop", &vacuum::STOP, "payload_stop", "stop"),
    ("return_home", &vacuum::RETURN_HOME, "payload_return_to_base", "return_to_base"),
    ("locate", &vacuum::LOCATE, "payload_locate", "locate"),
];

/// The features of a vacuum robot that names none (Home Assistant documentation, "MQTT vacuum").
const USUAL: [&str; 4] = ["start", "stop", "return_home", "clean_spot"];

pub(super) fn parse_vacuum(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let mut all = Facets::new(EndpointKind::Vacuum);
    let features = match fields.raw("supported_features") {
        Some(_) => fields.words("supported_features")?,
        None => USUAL.into_iter().map(SmolStr::new_static).collect(),
    };
    let has = |feature: &str| features.iter().any(|known| known == feature);
    let state = source(fields, "{{ value_json.state }}")?;
    let words = ["docked", "cleaning", "paused", "returning", "idle", "error"].map(|word| (word, word));
    all.put(PropertyOffer::new(&vacuum::STATE), pairs(&words), state, None);
    let suction = source(fields, "{{ value_json.fan_speed }}")?.filter(|_| has("fan_speed"));
    let set_suction = Sink::parse(fields, "set_fan_speed_topic", "")?.filter(|_| has("fan_speed"));
    all.put(PropertyOffer::new(&vacuum::SUCTION), Form::Text(64), suction, set_suction);
    if let Some(sink) = Sink::parse(fields, "command_topic", "command_template")? {
        for (feature, action, field, usual) in DEEDS {
            if has(feature) {
                all.act(ActionOffer::new(action), &sink, fields.text_or(field, usual)?);
            }
        }
        if has("clean_spot") {
            let action = ActionOffer { action: Action::vendor(&about.vendor, "clean_spot"), deadline: None };
            all.act(action, &sink, fields.text_or("payload_clean_spot", "clean_spot")?);
        }
    }
    all.finish("command_topic")
}

/// The state of a vacuum robot is always JSON.
fn source(fields: &mut Fields<'_>, template: &'static str) -> Result<Option<Source>, ConfigError> {
    let Some(topic) = fields.topic("state_topic")? else { return Ok(None) };
    Ok(Some(Source { topic, template: Some(fields.compile("state_topic", template)?) }))
}

/// A lawn mower is an appliance that runs; what it is about in its own words is its vendor's.
pub(super) fn parse_mower(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let mut all = Facets::new(EndpointKind::Appliance);
    let states = pairs(&[
        ("mowing", "running"),
        ("returning", "running"),
        ("paused", "paused"),
        ("docked", "idle"),
        ("error", "error"),
    ]);
    let activities = ["mowing", "returning", "paused", "docked", "error"].map(SmolStr::new_static);
    let told = Source::parse(fields, "activity_state_topic", "activity_value_template")?;
    all.put(PropertyOffer::new(&appliance::STATE), states, told.clone(), None);
    let (offer, form) = vendor_choice(about, "activity", &activities);
    all.put(offer, form, told, None);
    for (topic, template, word) in [
        ("start_mowing_command_topic", "start_mowing_command_template", "start_mowing"),
        ("pause_command_topic", "pause_command_template", "pause"),
        ("dock_command_topic", "dock_command_template", "dock"),
    ] {
        if let Some(sink) = Sink::parse(fields, topic, template)? {
            let action = ActionOffer { action: Action::vendor(&about.vendor, word), deadline: None };
            all.act(action, &sink, SmolStr::new_static(word));
        }
    }
    all.finish("activity_state_topic")
}
