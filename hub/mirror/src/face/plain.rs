//! Single properties: sensors, and what can be set by itself.

use hub_model::{
    EndpointKind, PropertyOffer, Shape,
    capability::{
        Access, PropertySpec, Summary, battery, carbon_dioxide, carbon_monoxide, contact, current, energy, firmware,
        flow, gas, humidity, illuminance, leak, moisture, occupancy, particulates, power, pressure, problem, rain,
        smoke, sound, tamper, temperature, vibration, volatile_organics, voltage, weight,
    },
};
use serde_json::Value as Json;

use super::{Config, Face, Left, Part, yes_no};

/// The class that Home Assistant has for a property, and whether it is only of interest to whoever looks after the device.
const CLASSES: &[(&PropertySpec, &str, bool)] = &[
    (&temperature::MEASURED, "temperature", false),
    (&humidity::MEASURED, "humidity", false),
    (&pressure::MEASURED, "atmospheric_pressure", false),
    (&illuminance::MEASURED, "illuminance", false),
    (&rain::RATE, "precipitation_intensity", false),
    (&rain::TOTAL, "precipitation", false),
    (&rain::RAINING, "moisture", false),
    (&moisture::MEASURED, "moisture", false),
    (&occupancy::OCCUPIED, "occupancy", false),
    (&contact::OPEN, "opening", false),
    (&leak::DETECTED, "moisture", false),
    (&smoke::DETECTED, "smoke", false),
    (&carbon_monoxide::DETECTED, "carbon_monoxide", false),
    (&carbon_monoxide::MEASURED, "carbon_monoxide", false),
    (&gas::DETECTED, "gas", false),
    (&tamper::DETECTED, "tamper", false),
    (&problem::DETECTED, "problem", false),
    (&sound::DETECTED, "sound", false),
    (&sound::LEVEL, "sound_pressure", false),
    (&vibration::DETECTED, "vibration", false),
    (&carbon_dioxide::MEASURED, "carbon_dioxide", false),
    (&particulates::PM1, "pm1", false),
    (&particulates::PM2_5, "pm25", false),
    (&particulates::PM10, "pm10", false),
    (&volatile_organics::MEASURED, "volatile_organic_compounds", false),
    (&volatile_organics::PARTS, "volatile_organic_compounds_parts", false),
    (&battery::LEVEL, "battery", true),
    (&battery::LOW, "battery", true),
    (&battery::CHARGING, "battery_charging", true),
    (&power::WATTS, "power", false),
    (&energy::CONSUMED, "energy", false),
    (&energy::PRODUCED, "energy", false),
    (&voltage::VOLTS, "voltage", false),
    (&current::AMPERES, "current", false),
    (&flow::RATE, "volume_flow_rate", false),
    (&weight::KILOGRAMS, "weight", false),
    (&firmware::AVAILABLE, "update", true),
];

/// A face for each property that is left.
pub(super) fn faces(part: &Part<'_>, left: &Left) -> Vec<Face> {
    let known = part.endpoint.properties.iter().filter_map(|offer| Some((offer, offer.property.known()?)));
    known.filter(|(_, spec)| left.has(spec.name)).filter_map(|(offer, spec)| face(part, offer, spec)).collect()
}

fn face(part: &Part<'_>, offer: &PropertyOffer, spec: &'static PropertySpec) -> Option<Face> {
    let mut config = Config::default().with("state_topic", part.state(spec.name));
    if let Some((_, class, diagnostic)) = CLASSES.iter().find(|(known, ..)| known.name == spec.name) {
        config = config.with("device_class", opening(part, class));
        if *diagnostic {
            config = config.with("entity_category", "diagnostic");
        }
    }
    let component = match (offer.access, &offer.shape) {
        (Access::Read, Shape::Bool) => {
            config = yes_no(config, &["payload_on"], &["payload_off"]);
            "binary_sensor"
        }
        (Access::Read, Shape::Number(_)) => {
            config = measured(config, offer, spec);
            "sensor"
        }
        (Access::Read, _) => "sensor",
        (Access::ReadWrite, Shape::Bool) => {
            config = yes_no(config, &["payload_on"], &["payload_off"]).with("command_topic", part.set(spec.name));
            "switch"
        }
        (Access::ReadWrite, Shape::Number(_)) => {
            config = unit(config, offer).with("command_topic", part.set(spec.name)).limits(
                part,
                ["min", "max", "step"],
                spec,
            );
            "number"
        }
        (Access::ReadWrite, Shape::Choice(words)) => {
            let words: Vec<Json> = words.iter().map(|word| word.as_str().into()).collect();
            config = config.with("command_topic", part.set(spec.name)).with("options", words);
            "select"
        }
        (Access::ReadWrite, Shape::Text(longest)) => {
            // Home Assistant has no longer ones.
            config = config.with("command_topic", part.set(spec.name)).with("max", (*longest).min(255));
            "text"
        }
        // A colour without a lamp is nothing that others know.
        (Access::ReadWrite, Shape::Color) => return None,
    };
    Some(config.face(component, spec.name))
}

fn measured(config: Config, offer: &PropertyOffer, spec: &PropertySpec) -> Config {
    let class = match spec.summary {
        Summary::Counter => "total_increasing",
        Summary::Mean | Summary::Last => "measurement",
        // Each report is an amount of its own, which no class of theirs means.
        Summary::Sum | Summary::None => return unit(config, offer),
    };
    unit(config, offer).with("state_class", class)
}

fn unit(config: Config, offer: &PropertyOffer) -> Config {
    let symbol = offer.unit.symbol();
    if symbol.is_empty() { config } else { config.with("unit_of_measurement", symbol) }
}

/// What opens is called after what it is.
fn opening(part: &Part<'_>, class: &'static str) -> &'static str {
    match (class, part.endpoint.kind) {
        ("opening", EndpointKind::Door) => "door",
        ("opening", EndpointKind::Window) => "window",
        ("opening", EndpointKind::Garage) => "garage_door",
        _ => class,
    }
}
