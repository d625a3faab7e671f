//! The basic schema: a topic for each thing about the light, in both directions. Tasmota's own, and many others.

use hub_model::{Color, EndpointKind, PropertyOffer, Value};
use smol_str::SmolStr;

use super::{Abilities, Aspect, ColorForm, Looks};
use crate::{
    discovery::{ConfigError, Fields},
    entity::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, sink::jinja_number},
    payload::Payload,
    template::Answer,
};

/// When the payload for "on" goes out beside others (Home Assistant: `on_command_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnCommand {
    First,
    Last,
    /// Never: a brightness switches on.
    Brightness,
}

/// What a source tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    State,
    Level,
    Temperature,
    Mode,
    Color(ColorForm),
    Effect,
}

#[derive(Debug)]
struct SeparateLight {
    looks: Looks,
    sources: Vec<Source>,
    /// What the source at the same place tells.
    tells: Vec<Tells>,
    on: Sink,
    level: Option<Sink>,
    temperature: Option<Sink>,
    color: Option<(ColorForm, Sink)>,
    effect: Option<Sink>,
    payloads: [SmolStr; 2],
    on_command: OnCommand,
}

/// The forms of colour, each with its command topic and template, state topic and template. The first that a light
/// takes commands by is used.
const FORMS: [(ColorForm, [&str; 4]); 3] = [
    (ColorForm::Hs, ["hs_command_topic", "hs_command_template", "hs_state_topic", "hs_value_template"]),
    (ColorForm::Xy, ["xy_command_topic", "xy_command_template", "xy_state_topic", "xy_value_template"]),
    (ColorForm::Rgb, ["rgb_command_topic", "rgb_command_template", "rgb_state_topic", "rgb_value_template"]),
];

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let on = Sink::required(fields, "command_topic", "command_template")?;
    let level = Sink::parse(fields, "brightness_command_topic", "brightness_command_template")?;
    let temperature = Sink::parse(fields, "color_temp_command_topic", "color_temp_command_template")?;
    let effect = Sink::parse(fields, "effect_command_topic", "effect_command_template")?;
    let (tells, sources) = sources(fields)?;
    let mut color = None;
    for (form, [command, command_template, ..]) in FORMS {
        if color.is_none() {
            color = Sink::parse(fields, command, command_template)?.map(|sink| (form, sink));
        }
    }
    let can = Abilities {
        level: level.is_some(),
        temperature: temperature.is_some(),
        color: color.as_ref().map(|(form, _)| *form),
        effects: if effect.is_some() { fields.words("effect_list")? } else { Vec::new() },
        transition: false,
        reports: tells.contains(&Tells::State),
    };
    let payloads = [fields.text_or("payload_off", "OFF")?, fields.text_or("payload_on", "ON")?];
    let on_command = match fields.text_or("on_command_type", "last")?.as_str() {
        "first" => OnCommand::First,
        "brightness" if level.is_some() => OnCommand::Brightness,
        _ => OnCommand::Last,
    };
    let looks = Looks::new(fields, about, can)?;
    Ok(Box::new(SeparateLight { looks, sources, tells, on, level, temperature, color, effect, payloads, on_command }))
}

/// Every topic that tells of the light, and what it tells.
fn sources(fields: &mut Fields<'_>) -> Result<(Vec<Tells>, Vec<Source>), ConfigError> {
    let older = fields.raw("state_value_template").is_none();
    let state_template = if older { "value_template" } else { "state_value_template" };
    let mut told = vec![
        (Tells::State, Source::parse(fields, "state_topic", state_template)?),
        (Tells::Level, Source::parse(fields, "brightness_state_topic", "brightness_value_template")?),
        (Tells::Temperature, Source::parse(fields, "color_temp_state_topic", "color_temp_value_template")?),
        (Tells::Mode, Source::parse(fields, "color_mode_state_topic", "color_mode_value_template")?),
        (Tells::Effect, Source::parse(fields, "effect_state_topic", "effect_value_template")?),
    ];
    for (form, [.., topic, template]) in FORMS {
        told.push((Tells::Color(form), Source::parse(fields, topic, template)?));
    }
    Ok(told.into_iter().filter_map(|(tells, source)| Some((tells, source?))).unzip())
}

impl Part for SeparateLight {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Light
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.looks.offers
    }
    fn sources(&self) -> &[Source] {
        &self.sources
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.sources[source].answer(payload);
        match self.tells[source] {
            Tells::State => self.read_state(&answer, heard),
            Tells::Level => {
                if let Some(raw) = answer.number() {
                    self.looks.hear_level(raw, heard);
                }
            }
            Tells::Temperature => {
                if let Some(raw) = answer.number() {
                    self.looks.hear_temperature(raw, heard);
                }
            }
            Tells::Mode if answer.is("color_temp") => self.looks.hear_mode(false, heard),
            Tells::Mode if ["hs", "xy", "rgb"].iter().any(|mode| answer.is(mode)) => self.looks.hear_mode(true, heard),
            Tells::Mode => {}
            Tells::Color(form) => {
                if let Some(color) = color(form, &answer.text()) {
                    self.looks.hear(Aspect::Color, color.into(), heard);
                }
            }
            Tells::Effect if answer.is_nothing() => {}
            Tells::Effect => self.looks.hear(Aspect::Effect, Value::text(answer.text()), heard),
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let change = self.looks.change(wanted);
        let [off, on] = &self.payloads;
        if change.switches_off() {
            return Ok(vec![self.on.send_text(off)?]);
        }
        let mut messages = Vec::new();
        if let (Some(sink), Some(kelvin)) = (&self.temperature, change.kelvin) {
            messages.push(sink.send_number(self.looks.wire_temperature(kelvin))?);
        }
        if let (Some((form, sink)), Some(color)) = (&self.color, change.color) {
            messages.push(send_color(*form, sink, color)?);
        }
        if let (Some(sink), Some(effect)) = (&self.effect, &change.effect) {
            messages.push(sink.send_text(effect)?);
        }
        // A light that is switched on by its brightness needs one, and full is what "on" means there.
        let bare_on = self.on_command == OnCommand::Brightness && change.on == Some(true);
        let level = change.level.or(bare_on.then_some(100.0));
        if let (Some(sink), Some(percent)) = (&self.level, level) {
            messages.push(sink.send_number(self.looks.wire_level(percent))?);
        }
        match self.on_command {
            OnCommand::First => messages.insert(0, self.on.send_text(on)?),
            OnCommand::Last => messages.push(self.on.send_text(on)?),
            OnCommand::Brightness => {}
        }
        Ok(messages)
    }
}

impl SeparateLight {
    fn read_state(&self, answer: &Answer<'_>, heard: &mut Vec<Heard>) {
        match () {
            () if answer.is(&self.payloads[1]) => self.looks.hear(Aspect::On, true.into(), heard),
            () if answer.is(&self.payloads[0]) => self.looks.hear(Aspect::On, false.into(), heard),
            () if answer.is_null() => self.looks.hear(Aspect::On, Value::Unknown, heard),
            () => {}
        }
    }
}

/// A colour as comma-separated numbers.
fn color(form: ColorForm, text: &str) -> Option<Color> {
    let mut numbers = text.split(',').map(|part| part.trim().parse::<f64>().ok().filter(|number| number.is_finite()));
    let (first, second) = (numbers.next()??, numbers.next()??);
    Some(match form {
        ColorForm::Hs => Color::new(first, second),
        ColorForm::Xy => Color::from_xy(first, second),
        ColorForm::Rgb => Color::from_rgb(first, second, numbers.next()??),
    })
}

fn send_color(form: ColorForm, sink: &Sink, color: Color) -> Result<Message, CommandError> {
    let (names, numbers): (&[&'static str], Vec<f64>) = match form {
        ColorForm::Hs => (&["hue", "sat"], vec![color.hue, color.saturation]),
        ColorForm::Xy => {
            let (x, y) = color.to_xy();
            (&["x", "y"], [x, y].map(|part| (part * 10_000.0).round() / 10_000.0).to_vec())
        }
        ColorForm::Rgb => {
            let (red, green, blue) = color.to_rgb();
            (&["red", "green", "blue"], [red, green, blue].map(|part| (part * 255.0).round()).to_vec())
        }
    };
    let text = numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let more: Vec<_> = names.iter().copied().zip(numbers.into_iter().map(jinja_number)).collect();
    sink.send(&text, text.as_str().into(), &more)
}
