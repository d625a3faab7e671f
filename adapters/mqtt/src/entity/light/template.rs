//! The template schema: one topic in, one topic out, and Jinja in both directions.

use hub_model::{Color, EndpointKind, PropertyOffer, Value};
use minijinja::Value as Jinja;

use super::{Abilities, Aspect, ColorForm, Looks};
use crate::{
    discovery::{ConfigError, Fields},
    entity::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, sink::jinja_number},
    payload::Payload,
    template::Template,
};

#[derive(Debug)]
struct TemplateLight {
    looks: Looks,
    /// The state topic, with the template of the state.
    source: Option<Source>,
    level: Option<Template>,
    temperature: Option<Template>,
    color: Option<[Template; 3]>,
    on: Sink,
    off: Sink,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let on = Sink::required(fields, "command_topic", "command_on_template")?;
    let off = Sink::required(fields, "command_topic", "command_off_template")?;
    let source = Source::parse(fields, "state_topic", "state_template")?;
    let level = fields.template("brightness_template")?;
    let temperature = fields.template("color_temp_template")?;
    let parts =
        [fields.template("red_template")?, fields.template("green_template")?, fields.template("blue_template")?];
    let color = if let [Some(red), Some(green), Some(blue)] = parts { Some([red, green, blue]) } else { None };
    let can = Abilities {
        level: level.is_some(),
        temperature: temperature.is_some(),
        color: color.as_ref().map(|_| ColorForm::Rgb),
        effects: fields.words("effect_list")?,
        transition: true,
        reports: source.as_ref().is_some_and(|source| source.template.is_some()),
    };
    Ok(Box::new(TemplateLight { looks: Looks::new(fields, about, can)?, source, level, temperature, color, on, off }))
}

impl Part for TemplateLight {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Light
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.looks.offers
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let state = self.sources()[source].answer(payload);
        match () {
            () if state.is("on") => self.looks.hear(Aspect::On, true.into(), heard),
            () if state.is("off") => self.looks.hear(Aspect::On, false.into(), heard),
            () if state.is_null() => self.looks.hear(Aspect::On, Value::Unknown, heard),
            () => {}
        }
        let number = |template: &Option<Template>| template.as_ref()?.read(payload).number();
        if let Some(level) = number(&self.level) {
            self.looks.hear_level(level, heard);
        }
        if let Some(raw) = number(&self.temperature) {
            self.looks.hear_temperature(raw, heard);
        }
        let part = |template: &Template| template.read(payload).number();
        if let Some([red, green, blue]) = &self.color
            && let (Some(red), Some(green), Some(blue)) = (part(red), part(green), part(blue))
        {
            self.looks.hear(Aspect::Color, Color::from_rgb(red, green, blue).into(), heard);
        }
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let change = self.looks.change(wanted);
        let mut variables: Vec<(&'static str, Jinja)> = Vec::new();
        if let Some(seconds) = change.transition {
            variables.push(("transition", jinja_number(seconds)));
        }
        if change.switches_off() {
            variables.push(("state", "off".into()));
            return Ok(vec![self.off.send("OFF", "off".into(), &variables)?]);
        }
        variables.push(("state", "on".into()));
        if let Some(percent) = change.level {
            variables.push(("brightness", jinja_number(self.looks.wire_level(percent))));
        }
        if let Some(kelvin) = change.kelvin {
            variables.push(("color_temp", jinja_number(self.looks.wire_temperature(kelvin))));
        }
        if let Some(color) = change.color {
            let (red, green, blue) = color.to_rgb();
            for (name, part) in [("red", red), ("green", green), ("blue", blue)] {
                variables.push((name, jinja_number((part * 255.0).round())));
            }
            variables.push(("hue", jinja_number(color.hue)));
            variables.push(("sat", jinja_number(color.saturation)));
        }
        if let Some(effect) = &change.effect {
            variables.push(("effect", effect.as_str().into()));
        }
        Ok(vec![self.on.send("ON", "on".into(), &variables)?])
    }
}
