//! Fans and humidifiers.

use hub_model::{
    EndpointKind, Limits, PropertyOffer,
    capability::{fan, humidifier, humidity, on_off},
};

use super::{
    About, Part, Sink,
    facet::{Facets, Form, Steps, choice, names, pairs, switch},
    measure::Conversion,
    off_on::OffOn,
};
use crate::discovery::{ConfigError, Fields};

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let mut all = Facets::new(EndpointKind::Fan);
    on(&mut all, fields)?;
    speed(&mut all, fields)?;
    let presets = fields.words("preset_modes")?;
    let (offer, form) = choice(&fan::MODE, about, "preset_mode", &presets);
    let mode = names(
        "preset_mode_command_topic",
        "preset_mode_command_template",
        "preset_mode_state_topic",
        "preset_mode_value_template",
    );
    all.add(fields, offer, form, mode)?;
    let words = [
        fields.text_or("payload_oscillation_off", "oscillate_off")?,
        fields.text_or("payload_oscillation_on", "oscillate_on")?,
    ];
    let swings = names(
        "oscillation_command_topic",
        "oscillation_command_template",
        "oscillation_state_topic",
        "oscillation_value_template",
    );
    let form = Form::Switch(OffOn::both_ways(words));
    all.add(fields, PropertyOffer::new(&fan::OSCILLATION), form, swings)?;
    let blows = names(
        "direction_command_topic",
        "direction_command_template",
        "direction_state_topic",
        "direction_value_template",
    );
    let form = pairs(&[("forward", "forward"), ("reverse", "reverse")]);
    all.add(fields, PropertyOffer::new(&fan::DIRECTION), form, blows)?;
    all.finish("command_topic")
}

pub(super) fn parse_humidifier(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let mut all = Facets::new(EndpointKind::Humidifier);
    on(&mut all, fields)?;
    let (min, max) = (fields.number("min_humidity")?.unwrap_or(0.0), fields.number("max_humidity")?.unwrap_or(100.0));
    let limits = Limits::new(min.min(max), max.max(min));
    let target = names(
        "target_humidity_command_topic",
        "target_humidity_command_template",
        "target_humidity_state_topic",
        "target_humidity_state_template",
    );
    let offer = PropertyOffer::new(&humidifier::TARGET).within(limits);
    all.add(fields, offer, Form::Number(Conversion::NONE), target)?;
    let modes = fields.words("modes")?;
    let (offer, form) = choice(&humidifier::MODE, about, "mode", &modes);
    let mode = names("mode_command_topic", "mode_command_template", "mode_state_topic", "mode_state_template");
    all.add(fields, offer, form, mode)?;
    let runs = pairs(&[("off", "off"), ("idle", "idle"), ("humidifying", "humidifying"), ("drying", "drying")]);
    all.hear(fields, &humidifier::RUNNING, runs, "action_topic", "action_template")?;
    let form = Form::Number(Conversion::NONE);
    all.hear(fields, &humidity::MEASURED, form, "current_humidity_topic", "current_humidity_template")?;
    all.finish("command_topic")
}

fn on(all: &mut Facets, fields: &mut Fields<'_>) -> Result<(), ConfigError> {
    let form = switch(fields)?;
    let names = names("command_topic", "command_template", "state_topic", "state_value_template");
    all.add(fields, PropertyOffer::new(&on_off::ON), form, names)
}

/// As in Home Assistant, a speed of 0 is sent as "off".
fn speed(all: &mut Facets, fields: &mut Fields<'_>) -> Result<(), ConfigError> {
    let off = fields.text_or("payload_off", "OFF")?;
    let switch = Sink::parse(fields, "command_topic", "command_template")?;
    let off = switch.and_then(|sink| sink.send_text(&off).ok());
    let steps = Steps::parse(fields, "speed_range_min", "speed_range_max", off)?;
    let offer = PropertyOffer::new(&fan::SPEED).within(Limits::new(0.0, 100.0).by(steps.size()));
    let names = names(
        "percentage_command_topic",
        "percentage_command_template",
        "percentage_state_topic",
        "percentage_value_template",
    );
    all.add(fields, offer, Form::Steps(steps), names)
}
