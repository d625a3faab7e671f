//! The JSON schema: one topic in, one topic out, everything about the light in one object. Zigbee2MQTT, ESPHome, WLED.

use hub_model::{Color, EndpointKind, PropertyOffer, Value};
use serde_json::{Map, Value as Json};

use super::{Abilities, Aspect, Change, ColorForm, Looks, modes};
use crate::{
    discovery::{ConfigError, Fields},
    entity::{About, CommandError, Heard, Message, Part, Sink, Source, Wanted, sink::json_number},
    payload::Payload,
};

#[derive(Debug)]
struct JsonLight {
    looks: Looks,
    source: Option<Source>,
    sink: Sink,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let sink = Sink::required(fields, "command_topic", "command_template")?;
    let source = Source::parse(fields, "state_topic", "value_template")?;
    let mut can = Abilities {
        level: fields.flag("brightness")?,
        temperature: fields.flag("color_temp")?,
        reports: source.is_some(),
        transition: fields.raw("transition").is_none() || fields.flag("transition")?,
        ..Abilities::default()
    };
    for (flag, form) in [("rgb", ColorForm::Rgb), ("xy", ColorForm::Xy), ("hs", ColorForm::Hs)] {
        if fields.flag(flag)? {
            can.color = Some(form);
        }
    }
    modes(&fields.words("supported_color_modes")?, &mut can);
    if fields.flag("effect")? {
        can.effects = fields.words("effect_list")?;
    }
    Ok(Box::new(JsonLight { looks: Looks::new(fields, about, can)?, source, sink }))
}

impl Part for JsonLight {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Light
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.looks.offers
    }
    fn sources(&self) -> &[Source] {
        self.source.as_slice()
    }
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let Some(Json::Object(state)) = payload.json() else { return };
        let on = match state.get("state") {
            Some(Json::String(word)) if word.eq_ignore_ascii_case("on") => Some(true),
            Some(Json::String(word)) if word.eq_ignore_ascii_case("off") => Some(false),
            Some(Json::Null) => {
                self.looks.hear(Aspect::On, Value::Unknown, heard);
                None
            }
            _ => None,
        };
        if let Some(on) = on {
            self.looks.hear(Aspect::On, on.into(), heard);
        }
        // A light that is off may call its brightness 0; the level is what it has while it is on.
        if let Some(level) = number(state, "brightness").filter(|level| on != Some(false) || *level > 0.0) {
            self.looks.hear_level(level, heard);
        }
        self.read_color(state, heard);
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let state = self.state(&self.looks.change(wanted));
        Ok(vec![self.sink.plain(Json::Object(state).to_string())])
    }
}

impl JsonLight {
    /// Lights that can both show colours and whites keep the two in step in their reports, but only the one that the
    /// mode names is what they show.
    fn read_color(&self, state: &Map<String, Json>, heard: &mut Vec<Heard>) {
        let mode = state.get("color_mode").and_then(Json::as_str);
        if mode.is_none_or(|mode| mode == "color_temp")
            && let Some(raw) = number(state, "color_temp")
        {
            self.looks.hear_temperature(raw, heard);
        }
        let colored = matches!(mode, Some("hs" | "xy" | "rgb" | "rgbw" | "rgbww"));
        if (mode.is_none() || colored)
            && let Some(color) = state.get("color").and_then(Json::as_object).and_then(color)
        {
            self.looks.hear(Aspect::Color, color.into(), heard);
        }
        if colored || mode == Some("color_temp") {
            self.looks.hear_mode(colored, heard);
        }
    }

    fn state(&self, change: &Change) -> Map<String, Json> {
        let mut state = Map::new();
        state.insert("state".into(), if change.switches_off() { "OFF" } else { "ON" }.into());
        if !change.switches_off() {
            if let Some(percent) = change.level {
                state.insert("brightness".into(), json_number(self.looks.wire_level(percent)));
            }
            if let Some(kelvin) = change.kelvin {
                state.insert("color_temp".into(), json_number(self.looks.wire_temperature(kelvin)));
            }
            if let Some(color) = change.color {
                state.insert("color".into(), wire_color(color, self.looks.color));
            }
            if let Some(effect) = &change.effect {
                state.insert("effect".into(), effect.as_str().into());
            }
        }
        if let Some(seconds) = change.transition {
            state.insert("transition".into(), json_number(seconds));
        }
        state
    }
}

fn number(state: &Map<String, Json>, field: &str) -> Option<f64> {
    state.get(field)?.as_f64().filter(|number| number.is_finite())
}

/// A colour in whichever form the object has; hue and saturation first, as they lose nothing.
fn color(object: &Map<String, Json>) -> Option<Color> {
    let two = |a: &str, b: &str| Some((number(object, a)?, number(object, b)?));
    if let Some((hue, saturation)) = two("h", "s").or_else(|| two("hue", "saturation")) {
        return Some(Color::new(hue, saturation));
    }
    if let Some((x, y)) = two("x", "y") {
        return Some(Color::from_xy(x, y));
    }
    let (red, green) = two("r", "g")?;
    Some(Color::from_rgb(red, green, number(object, "b")?))
}

fn wire_color(color: Color, form: Option<ColorForm>) -> Json {
    let digits = |number: f64| (number * 10_000.0).round() / 10_000.0;
    match form {
        Some(ColorForm::Xy) => {
            let (x, y) = color.to_xy();
            serde_json::json!({"x": digits(x), "y": digits(y)})
        }
        Some(ColorForm::Rgb) => {
            let (red, green, blue) = color.to_rgb();
            let [red, green, blue] = [red, green, blue].map(|part| json_number((part * 255.0).round()));
            serde_json::json!({"r": red, "g": green, "b": blue})
        }
        _ => serde_json::json!({"h": json_number(digits(color.hue)), "s": json_number(digits(color.saturation))}),
    }
}
