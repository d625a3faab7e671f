//! Lights: one message for all that a lamp is, and one for all that it shall be.

use std::time::Duration;

use hub_model::{
    Color, EndpointKind, Property, Shape, Value,
    capability::{brightness, color, color_temperature, on_off},
};
use serde_json::{Value as Json, json};

use super::{Config, Face, LIGHT, Left, Part};

/// A million divided by kelvin is mireds, and the other way round.
const MIREDS: f64 = 1_000_000.0;
/// The longest transition that is taken from others.
const LONGEST: f64 = 3600.0;

/// The light that an endpoint is.
pub(super) fn face(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !is_light(part) {
        return None;
    }
    for capability in ["on_off", "brightness", "color_temperature", "color"] {
        left.take_all(capability);
    }
    let mut config = Config::default()
        .with("schema", "json")
        .with("state_topic", part.state(LIGHT))
        .with("command_topic", part.set(LIGHT))
        .with("brightness", part.can_set(&brightness::LEVEL))
        .with("brightness_scale", 100)
        .with("color_mode", true)
        .with("supported_color_modes", modes(part));
    if let Some(Shape::Number(limits)) = part.offer(&color_temperature::KELVIN).map(|offer| &offer.shape) {
        config =
            config.with("min_mireds", (MIREDS / limits.max).ceil()).with("max_mireds", (MIREDS / limits.min).floor());
    }
    Some(config.face("light", LIGHT))
}

fn is_light(part: &Part<'_>) -> bool {
    part.can_set(&on_off::ON) && (part.endpoint.kind == EndpointKind::Light || part.can_set(&brightness::LEVEL))
}

fn modes(part: &Part<'_>) -> Vec<&'static str> {
    let colors = [(part.can_set(&color::VALUE), "hs"), (part.can_set(&color_temperature::KELVIN), "color_temp")];
    let modes: Vec<_> = colors.into_iter().filter_map(|(can, mode)| can.then_some(mode)).collect();
    match &modes[..] {
        [] if part.can_set(&brightness::LEVEL) => vec!["brightness"],
        [] => vec!["onoff"],
        _ => modes,
    }
}

/// What a light is, as one message; `None` where the endpoint is none, or nothing is known of it.
pub(crate) fn state(part: &Part<'_>) -> Option<Json> {
    if !is_light(part) {
        return None;
    }
    let on = part.value(&on_off::ON)?.as_bool()?;
    let mut state = json!({ "state": if on { "ON" } else { "OFF" } });
    if let Some(level) = part.value(&brightness::LEVEL).and_then(Value::as_number) {
        // A lamp that is on is never quite dark to others.
        state["brightness"] = (level.round().max(if on { 1.0 } else { 0.0 }) as u8).into();
    }
    let hs = part.value(&color::VALUE).and_then(Value::as_color);
    let kelvin = part.value(&color_temperature::KELVIN).and_then(Value::as_number).filter(|kelvin| *kelvin > 0.0);
    let is_color = match part.value(&color::MODE).and_then(Value::as_text) {
        Some(mode) => mode == "color",
        None => kelvin.is_none() || hs.is_some_and(|color| color.saturation > 0.0),
    };
    match (hs, kelvin) {
        (Some(Color { hue, saturation }), _) if is_color => {
            state["color_mode"] = "hs".into();
            state["color"] = json!({ "h": hue, "s": saturation });
        }
        (_, Some(kelvin)) => {
            state["color_mode"] = "color_temp".into();
            state["color_temp"] = (MIREDS / kelvin).round().into();
        }
        _ => state["color_mode"] = modes(part)[0].into(),
    }
    Some(state)
}

/// What a light shall be.
pub(crate) struct Wanted {
    /// Its properties.
    pub(crate) set: Vec<(Property, Value)>,
    /// How long the change shall take.
    pub(crate) transition: Option<Duration>,
}

/// What a message wants a light to be; `None` where it wants nothing.
pub(crate) fn asked(message: &Json) -> Option<Wanted> {
    let mut set = Vec::new();
    let number = |key: &str| message.get(key).and_then(Json::as_f64).filter(|number| number.is_finite());
    let on = match message.get("state").and_then(Json::as_str) {
        Some("ON") => Some(true),
        Some("OFF") => Some(false),
        _ => None,
    };
    set.extend(on.map(|on| (Property::from(&on_off::ON), Value::Bool(on))));
    if on != Some(false) {
        set.extend(number("brightness").map(|level| (Property::from(&brightness::LEVEL), Value::Number(level))));
        let mireds = number("color_temp").filter(|mireds| *mireds > 0.0);
        set.extend(mireds.map(|mireds| (Property::from(&color_temperature::KELVIN), Value::Number(MIREDS / mireds))));
        set.extend(message.get("color").and_then(color_of).map(|value| (Property::from(&color::VALUE), value)));
    }
    let transition = number("transition").filter(|seconds| (0.0..=LONGEST).contains(seconds));
    (!set.is_empty()).then(|| Wanted { set, transition: transition.map(Duration::from_secs_f64) })
}

fn color_of(json: &Json) -> Option<Value> {
    let part = |key: &str| json.get(key).and_then(Json::as_f64).filter(|number| number.is_finite());
    let color = match (part("h"), part("s"), part("r"), part("g"), part("b")) {
        (Some(hue), Some(saturation), ..) => Color::new(hue, saturation),
        (_, _, Some(red), Some(green), Some(blue)) => Color::from_rgb(red, green, blue),
        _ => return None,
    };
    Some(Value::Color(color))
}
