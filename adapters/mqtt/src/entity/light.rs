//! Lights. This file owns what the three schemas share: which properties a light has and how its numbers convert.

mod json;
mod separate;
mod template;

use hub_model::{
    Color, Limits, PropertyOffer, Shape, Unit, Value,
    capability::{brightness, color, color_temperature, on_off},
};
use smol_str::SmolStr;

use super::{About, Heard, Part, Wanted};
use crate::discovery::{ConfigError, Fields};

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    match fields.text_or("schema", "basic")?.as_str() {
        "basic" | "default" => separate::parse(fields, about),
        "json" | "mqtt_json" => json::parse(fields, about),
        "template" => template::parse(fields, about),
        _ => Err(ConfigError::WrongKind { field: "schema".into(), wanted: "`basic`, `json` or `template`" }),
    }
}

/// One thing about a light that can be seen or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    On,
    Level,
    Kelvin,
    Color,
    Mode,
    Effect,
}

/// How a light writes colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColorForm {
    Hs,
    Xy,
    Rgb,
}

/// What a light can do, as its schema says.
#[derive(Debug, Default)]
struct Abilities {
    level: bool,
    temperature: bool,
    color: Option<ColorForm>,
    effects: Vec<SmolStr>,
    transition: bool,
    /// Whether the light tells its state.
    reports: bool,
}

/// The properties of one light, and its numbers.
#[derive(Debug)]
struct Looks {
    aspects: Vec<Aspect>,
    offers: Vec<PropertyOffer>,
    color: Option<ColorForm>,
    /// The wire's number for full brightness.
    scale: f64,
    /// Whether the wire has kelvin rather than mireds.
    kelvin: bool,
}

/// What a command asks of a light.
#[derive(Debug, Default)]
struct Change {
    on: Option<bool>,
    level: Option<f64>,
    kelvin: Option<f64>,
    color: Option<Color>,
    effect: Option<SmolStr>,
    /// In seconds.
    transition: Option<f64>,
}

impl Looks {
    fn new(fields: &Fields<'_>, about: &About, can: Abilities) -> Result<Self, ConfigError> {
        let scale = fields.number("brightness_scale")?.filter(|scale| *scale >= 1.0).unwrap_or(255.0);
        let kelvin = fields.flag("color_temp_kelvin")?;
        let mut looks = Self { aspects: Vec::new(), offers: Vec::new(), color: can.color, scale, kelvin };
        let finish = |offer: PropertyOffer| {
            let offer = if can.reports { offer } else { offer.silent() };
            if can.transition { offer.with_transition() } else { offer }
        };
        looks.add(Aspect::On, finish(PropertyOffer::new(&on_off::ON)));
        if can.level {
            let limits = Limits::new(0.0, 100.0).by(tenths(100.0 / scale));
            looks.add(Aspect::Level, finish(PropertyOffer::new(&brightness::LEVEL).within(limits)));
        }
        if can.temperature {
            let limits = kelvin_limits(fields)?;
            looks.add(Aspect::Kelvin, finish(PropertyOffer::new(&color_temperature::KELVIN).within(limits)));
        }
        if can.color.is_some() {
            looks.add(Aspect::Color, finish(PropertyOffer::new(&color::VALUE)));
        }
        if can.color.is_some() && can.temperature && can.reports {
            looks.add(Aspect::Mode, PropertyOffer::new(&color::MODE));
        }
        if !can.effects.is_empty() {
            let offer = PropertyOffer::vendor(&about.vendor, "effect", Shape::Choice(can.effects), Unit::None);
            looks.add(Aspect::Effect, offer.settable().silent());
        }
        Ok(looks)
    }

    fn add(&mut self, aspect: Aspect, offer: PropertyOffer) {
        self.aspects.push(aspect);
        self.offers.push(offer);
    }

    fn hear(&self, aspect: Aspect, value: Value, heard: &mut Vec<Heard>) {
        if let Some(slot) = self.aspects.iter().position(|known| *known == aspect) {
            heard.push(Heard::Reading(slot, value));
        }
    }

    /// Brightness in % from the wire's number.
    fn hear_level(&self, raw: f64, heard: &mut Vec<Heard>) {
        self.hear(Aspect::Level, tenths((raw / self.scale * 100.0).clamp(0.0, 100.0)).into(), heard);
    }

    /// Colour temperature in K from the wire's number; 0 and less mean none.
    fn hear_temperature(&self, raw: f64, heard: &mut Vec<Heard>) {
        if raw > 0.0 {
            let kelvin = if self.kelvin { raw } else { 1e6 / raw };
            self.hear(Aspect::Kelvin, kelvin.round().into(), heard);
        }
    }

    fn hear_mode(&self, colored: bool, heard: &mut Vec<Heard>) {
        self.hear(Aspect::Mode, Value::text(if colored { "color" } else { "temperature" }), heard);
    }

    /// The wire's number for a brightness in %. Full darkness is the affair of on and off, so that the least is 1.
    fn wire_level(&self, percent: f64) -> f64 {
        (percent / 100.0 * self.scale).round().max(1.0)
    }

    fn wire_temperature(&self, kelvin: f64) -> f64 {
        if self.kelvin { kelvin.round() } else { (1e6 / kelvin.max(1.0)).round() }
    }

    /// What a command asks, by aspect. Setting how a light looks switches it on, unless it says otherwise.
    fn change(&self, wanted: &Wanted) -> Change {
        let mut change = Change { transition: wanted.transition.map(|time| time.as_secs_f64()), ..Change::default() };
        for (slot, value) in &wanted.values {
            match self.aspects.get(*slot) {
                Some(Aspect::On) => change.on = value.as_bool(),
                Some(Aspect::Level) => change.level = value.as_number(),
                Some(Aspect::Kelvin) => change.kelvin = value.as_number(),
                Some(Aspect::Color) => change.color = value.as_color(),
                Some(Aspect::Effect) => change.effect = value.as_text().map(SmolStr::from),
                Some(Aspect::Mode) | None => {}
            }
        }
        change
    }
}

impl Change {
    fn switches_off(&self) -> bool {
        self.on == Some(false)
    }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// The span of colour temperatures in K. Lights that count in mireds are coarsest at the cold end, which gives the step.
fn kelvin_limits(fields: &Fields<'_>) -> Result<Limits, ConfigError> {
    let of = |mireds: Option<f64>| mireds.filter(|mireds| *mireds >= 1.0).map(|mireds| 1e6 / mireds);
    // Home Assistant's own defaults are 153 and 500 mireds.
    let max = fields.number("max_kelvin")?.or(of(fields.number("min_mireds")?)).unwrap_or(6535.0);
    let min = fields.number("min_kelvin")?.or(of(fields.number("max_mireds")?)).unwrap_or(2000.0);
    let coldest = 1e6 / max.max(1.0);
    let step = if fields.flag("color_temp_kelvin")? { 1.0 } else { (max - 1e6 / (coldest + 1.0)).ceil() };
    Ok(Limits::new(min.min(max).floor(), max.max(min).ceil()).by(step.max(1.0)))
}

/// Which abilities Home Assistant's `supported_color_modes` names.
fn modes(modes: &[SmolStr], can: &mut Abilities) {
    for mode in modes {
        match mode.as_str() {
            "onoff" => {}
            "color_temp" => can.temperature = true,
            "hs" => can.color = Some(ColorForm::Hs),
            "xy" => can.color = can.color.or(Some(ColorForm::Xy)),
            "rgb" | "rgbw" | "rgbww" => can.color = can.color.or(Some(ColorForm::Rgb)),
            _ => {}
        }
        can.level |= mode != "onoff";
    }
}

#[cfg(test)]
mod tests;
