//! Thermostats, air conditioners and water heaters.

use hub_model::{
    EndpointKind, Limits, PropertyOffer,
    capability::{fan, humidifier, humidity, on_off, temperature, thermostat},
};
use smol_str::SmolStr;

use super::{
    About, Part,
    facet::{Facets, Form, Names, choice, names, pairs, switch, vendor_choice},
    measure::Conversion,
    off_on::OffOn,
};
use crate::discovery::{ConfigError, Fields};

/// The wire's words for what it is set to do, and ours.
const MODES: &[(&str, &str)] = &[
    ("off", "off"),
    ("heat", "heat"),
    ("cool", "cool"),
    ("auto", "auto"),
    ("heat_cool", "auto"),
    ("dry", "dry"),
    ("fan_only", "fan_only"),
];

/// The wire's words for what it does, and ours. Thawing its coil, a heat pump gives no heat.
const RUNNING: &[(&str, &str)] = &[
    ("off", "idle"),
    ("idle", "idle"),
    ("heating", "heating"),
    ("preheating", "heating"),
    ("defrosting", "idle"),
    ("cooling", "cooling"),
    ("drying", "drying"),
    ("fan", "fan"),
];

/// Temperatures as this device writes them.
struct Degrees {
    conversion: Conversion,
    limits: Limits,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let mut all = Facets::new(EndpointKind::Thermostat);
    let modes = modes(fields)?;
    mode(&mut all, fields, &modes)?;
    let degrees = Degrees::parse(fields, 7.0, 35.0)?;
    setpoints(&mut all, fields, &degrees, &modes)?;
    measured(&mut all, fields, &degrees)?;
    all.hear(fields, &thermostat::RUNNING, pairs(RUNNING), "action_topic", "action_template")?;
    target_humidity(&mut all, fields)?;
    let (offer, form) =
        choice(&fan::MODE, about, "fan_mode", &words(fields, "fan_modes", &["auto", "low", "medium", "high"])?);
    let fan =
        names("fan_mode_command_topic", "fan_mode_command_template", "fan_mode_state_topic", "fan_mode_state_template");
    all.add(fields, offer, form, fan)?;
    presets(&mut all, fields, about)?;
    swing(&mut all, fields, about)?;
    all.finish("mode_command_topic")
}

/// Water heaters: a thermostat whose modes are no thermostat's.
pub(super) fn parse_water_heater(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    const USUAL: [&str; 7] = ["off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"];
    let mut all = Facets::new(EndpointKind::Thermostat);
    let (offer, form) = vendor_choice(about, "operation_mode", &words(fields, "modes", &USUAL)?);
    let mode = names("mode_command_topic", "mode_command_template", "mode_state_topic", "mode_state_template");
    all.add(fields, offer, form, mode)?;
    let power = names("power_command_topic", "power_command_template", "", "");
    let form = switch(fields)?;
    all.add(fields, PropertyOffer::new(&on_off::ON), form, power)?;
    let degrees = Degrees::parse(fields, 43.3, 60.0)?;
    setpoints(&mut all, fields, &degrees, &[])?;
    measured(&mut all, fields, &degrees)?;
    all.finish("mode_command_topic")
}

/// A list of words, or the usual ones.
fn words(fields: &Fields<'_>, field: &'static str, usual: &[&'static str]) -> Result<Vec<SmolStr>, ConfigError> {
    match fields.raw(field) {
        Some(_) => fields.words(field),
        None => Ok(usual.iter().copied().map(SmolStr::new_static).collect()),
    }
}

/// The modes that it has: the wire's words and ours.
fn modes(fields: &Fields<'_>) -> Result<Vec<(SmolStr, SmolStr)>, ConfigError> {
    let listed = words(fields, "modes", &["auto", "off", "cool", "heat", "dry", "fan_only"])?;
    let ours = |word: &SmolStr| {
        let row = MODES.iter().find(|(wire, _)| word.eq_ignore_ascii_case(wire))?;
        Some((word.clone(), SmolStr::new_static(row.1)))
    };
    Ok(listed.iter().filter_map(ours).collect())
}

fn mode(all: &mut Facets, fields: &mut Fields<'_>, modes: &[(SmolStr, SmolStr)]) -> Result<(), ConfigError> {
    let mut ours: Vec<SmolStr> = Vec::new();
    for (_, word) in modes {
        if !ours.contains(word) {
            ours.push(word.clone());
        }
    }
    let can_be_off = ours.iter().any(|word| word == "off");
    let named = names("mode_command_topic", "mode_command_template", "mode_state_topic", "mode_state_template");
    let offer = PropertyOffer::new(&thermostat::MODE).words(ours);
    all.add(fields, offer, Form::Words(modes.to_vec()), named)?;
    // Where a mode says "off", the switch beside it would only say the same.
    if !can_be_off {
        let power = names("power_command_topic", "power_command_template", "", "");
        let form = switch(fields)?;
        all.add(fields, PropertyOffer::new(&on_off::ON), form, power)?;
    }
    Ok(())
}

const SINGLE: Names = names(
    "temperature_command_topic",
    "temperature_command_template",
    "temperature_state_topic",
    "temperature_state_template",
);
const LOW: Names = names(
    "temperature_low_command_topic",
    "temperature_low_command_template",
    "temperature_low_state_topic",
    "temperature_low_state_template",
);
const HIGH: Names = names(
    "temperature_high_command_topic",
    "temperature_high_command_template",
    "temperature_high_state_topic",
    "temperature_high_state_template",
);

/// A device with one temperature for heating and cooling heats to it; one that only cools, cools to it.
fn setpoints(
    all: &mut Facets,
    fields: &mut Fields<'_>,
    degrees: &Degrees,
    modes: &[(SmolStr, SmolStr)],
) -> Result<(), ConfigError> {
    let has = |mode: &str| modes.iter().any(|(_, ours)| ours == mode);
    let single = if has("cool") && !has("heat") && !has("auto") { &thermostat::COOLING } else { &thermostat::HEATING };
    let rows = [(single, SINGLE), (&thermostat::HEATING, LOW), (&thermostat::COOLING, HIGH)];
    let two =
        fields.raw("temperature_low_command_topic").is_some() || fields.raw("temperature_low_state_topic").is_some();
    // With a span from low to high, the single temperature is the same as one of them.
    for (spec, names) in rows.into_iter().skip(usize::from(two)) {
        let offer = PropertyOffer::new(spec).within(degrees.limits);
        all.add(fields, offer, Form::Number(degrees.conversion), names)?;
    }
    Ok(())
}

fn measured(all: &mut Facets, fields: &mut Fields<'_>, degrees: &Degrees) -> Result<(), ConfigError> {
    let form = Form::Number(degrees.conversion);
    all.hear(fields, &temperature::MEASURED, form, "current_temperature_topic", "current_temperature_template")?;
    let form = Form::Number(Conversion::NONE);
    all.hear(fields, &humidity::MEASURED, form, "current_humidity_topic", "current_humidity_template")
}

fn target_humidity(all: &mut Facets, fields: &mut Fields<'_>) -> Result<(), ConfigError> {
    let (min, max) = (fields.number("min_humidity")?.unwrap_or(30.0), fields.number("max_humidity")?.unwrap_or(99.0));
    let offer = PropertyOffer::new(&humidifier::TARGET).within(Limits::new(min.min(max), max.max(min)));
    let names = names(
        "target_humidity_command_topic",
        "target_humidity_command_template",
        "target_humidity_state_topic",
        "target_humidity_state_template",
    );
    all.add(fields, offer, Form::Number(Conversion::NONE), names)
}

fn presets(all: &mut Facets, fields: &mut Fields<'_>, about: &About) -> Result<(), ConfigError> {
    let mut presets = fields.words("preset_modes")?;
    // Home Assistant lets every device with presets have none.
    if !presets.iter().any(|word| word == "none") {
        presets.push(SmolStr::new_static("none"));
    }
    let (offer, form) = vendor_choice(about, "preset_mode", &presets);
    let names = names(
        "preset_mode_command_topic",
        "preset_mode_command_template",
        "preset_mode_state_topic",
        "preset_mode_value_template",
    );
    all.add(fields, offer, form, names)
}

/// Vanes that only swing or not are an oscillation; others have words of their own.
fn swing(all: &mut Facets, fields: &mut Fields<'_>, about: &About) -> Result<(), ConfigError> {
    let modes = words(fields, "swing_modes", &["on", "off"])?;
    let word = |wanted: &str| modes.iter().find(|word| word.eq_ignore_ascii_case(wanted)).cloned();
    let (offer, form) = match (word("off"), word("on")) {
        (Some(off), Some(on)) if modes.len() == 2 => {
            (PropertyOffer::new(&fan::OSCILLATION), Form::Switch(OffOn::both_ways([off, on])))
        }
        _ => vendor_choice(about, "swing_mode", &modes),
    };
    let vertical = names(
        "swing_mode_command_topic",
        "swing_mode_command_template",
        "swing_mode_state_topic",
        "swing_mode_state_template",
    );
    all.add(fields, offer, form, vertical)?;
    let (offer, form) =
        vendor_choice(about, "swing_horizontal_mode", &words(fields, "swing_horizontal_modes", &["on", "off"])?);
    let horizontal = names(
        "swing_horizontal_mode_command_topic",
        "swing_horizontal_mode_command_template",
        "swing_horizontal_mode_state_topic",
        "swing_horizontal_mode_state_template",
    );
    all.add(fields, offer, form, horizontal)
}

impl Degrees {
    /// Reads unit, limits and step; the usual limits are in °C.
    fn parse(fields: &Fields<'_>, min: f64, max: f64) -> Result<Self, ConfigError> {
        let fahrenheit = fields.text("temperature_unit")?.is_some_and(|unit| unit.trim_start_matches('°') == "F");
        let conversion = if fahrenheit { Conversion::FAHRENHEIT } else { Conversion::NONE };
        let limit = |field, usual| -> Result<f64, ConfigError> {
            Ok(fields.number(field)?.map_or(usual, |number| conversion.apply(number)))
        };
        let (min, max) = (limit("min_temp", min)?, limit("max_temp", max)?);
        if min > max {
            return Err(ConfigError::WrongKind { field: "min_temp".into(), wanted: "at most `max_temp`" });
        }
        let step = fields.number("temp_step")?.filter(|step| *step > 0.0).unwrap_or(1.0);
        let step = if fahrenheit { step * 5.0 / 9.0 } else { step };
        let row = |number: f64| number.clamp(-50.0, 150.0);
        Ok(Self { conversion, limits: Limits::new(row(min), row(max)).by(step) })
    }
}
