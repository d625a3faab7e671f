//! What a Tasmota device measures: an example of `tele/SENSOR`, out of which sensors are told by their names.

use serde_json::{Map, Value as Json, json};
use smol_str::{SmolStr, format_smolstr};

use super::{Member, Tasmota};

/// How many sensors one device may have.
const MOST: usize = 96;
/// How deep values are looked for: sensor, quantity, part.
const DEEPEST: usize = 3;

/// A quantity by its name in the message: Home Assistant's class, unit and class of state. A unit in brackets is named
/// beside the sensors.
struct Quantity {
    name: &'static str,
    class: Option<&'static str>,
    unit: &'static str,
    counts: bool,
}

const fn measured(name: &'static str, class: &'static str, unit: &'static str) -> Quantity {
    Quantity { name, class: Some(class), unit, counts: false }
}

const fn plain(name: &'static str, unit: &'static str) -> Quantity {
    Quantity { name, class: None, unit, counts: false }
}

const fn counted(name: &'static str, class: &'static str, unit: &'static str) -> Quantity {
    Quantity { name, class: Some(class), unit, counts: true }
}

static QUANTITIES: &[Quantity] = &[
    plain("ApparentPower", "VA"),
    measured("Battery", "battery", "%"),
    measured("BatteryPercentage", "battery", "%"),
    measured("CO2", "carbon_dioxide", "ppm"),
    measured("CarbonDioxide", "carbon_dioxide", "ppm"),
    measured("Current", "current", "A"),
    measured("DewPoint", "", "[TempUnit]"),
    plain("Distance", "cm"),
    counted("Energy", "energy", "kWh"),
    counted("ExportActive", "energy", "kWh"),
    plain("Factor", ""),
    plain("Frequency", "Hz"),
    measured("Humidity", "humidity", "%"),
    measured("Illuminance", "illuminance", "lx"),
    plain("ImportActive", "kWh"),
    measured("Moisture", "moisture", "%"),
    measured("PB1", "pm1", "µg/m³"),
    measured("PM1", "pm1", "µg/m³"),
    measured("PM10", "pm10", "µg/m³"),
    measured("PM2.5", "pm25", "µg/m³"),
    plain("Period", "Wh"),
    measured("Power", "power", "W"),
    measured("Pressure", "pressure", "[PressureUnit]"),
    plain("ReactivePower", "var"),
    plain("SeaPressure", "[PressureUnit]"),
    plain("Speed", "[SpeedUnit]"),
    measured("Temperature", "temperature", "[TempUnit]"),
    plain("Today", "kWh"),
    counted("Total", "energy", "kWh"),
    plain("TotalTariff", "kWh"),
    measured("Voltage", "voltage", "V"),
    measured("Weight", "weight", "kg"),
    plain("Yesterday", "kWh"),
];

/// Words beside the sensors that are none; switches and shutters are told of elsewhere.
fn is_sensor(name: &str) -> bool {
    !matches!(name, "Time" | "TempUnit" | "PressureUnit" | "SpeedUnit" | "Switch" | "Shutter")
        && !numbered(name, "Switch")
        && !numbered(name, "Shutter")
}

fn numbered(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

pub(super) fn members(device: &Tasmota, values: &Map<String, Json>) -> Vec<Member> {
    let mut leaves = Vec::new();
    for (name, value) in values.iter().filter(|(name, _)| is_sensor(name)) {
        collect(&mut vec![name.clone()], value, &mut leaves);
    }
    leaves.truncate(MOST);
    leaves.into_iter().map(|(path, numeric)| member(device, values, &path, numeric)).collect()
}

/// The paths to all plain values, and whether each is a number. A name that a template could not spell is passed over.
fn collect(path: &mut Vec<String>, value: &Json, leaves: &mut Vec<(Vec<String>, bool)>) {
    if leaves.len() >= MOST || path.last().is_some_and(|name| name.contains(['"', '\\', '{', '}'])) {
        return;
    }
    match value {
        Json::Number(_) => leaves.push((path.clone(), true)),
        Json::String(_) | Json::Null => leaves.push((path.clone(), value.is_null())),
        Json::Object(parts) if path.len() <= DEEPEST => parts.iter().for_each(|(name, part)| {
            path.push(name.clone());
            collect(path, part, leaves);
            path.pop();
        }),
        Json::Array(parts) if path.len() <= DEEPEST => parts.iter().take(8).enumerate().for_each(|(place, part)| {
            path.push(place.to_string());
            collect(path, part, leaves);
            path.pop();
        }),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => {}
    }
}

fn member(device: &Tasmota, values: &Map<String, Json>, path: &[String], numeric: bool) -> Member {
    let quantity = if numeric { quantity(path) } else { None };
    let unit = quantity.map_or("", |quantity| quantity.unit);
    let unit = match unit.strip_prefix('[').and_then(|unit| unit.strip_suffix(']')) {
        Some(field) => unit_of(values.get(field).and_then(Json::as_str).unwrap_or_default()),
        None => unit,
    };
    let step = |name: &String| match name.parse::<usize>() {
        Ok(place) => format!("[{place}]"),
        Err(_) => format!("[\"{name}\"]"),
    };
    let template = format!("{{{{ value_json{} }}}}", path.iter().map(step).collect::<String>());
    let counts = quantity.is_some_and(|quantity| quantity.counts);
    let class = quantity.and_then(|quantity| quantity.class).filter(|class| !class.is_empty());
    let mut config = json!({
        "name": path.join(" "), "state_topic": device.tele_topic("SENSOR"), "value_template": template,
        "device_class": class,
    });
    if let (Some("Id" | "TotalStartTime"), Json::Object(config)) = (path.last().map(String::as_str), &mut config) {
        config.insert("entity_category".into(), "diagnostic".into());
    }
    if let (true, Json::Object(config)) = (numeric, &mut config) {
        config.insert("state_class".into(), if counts { "total_increasing" } else { "measurement" }.into());
        if !unit.is_empty() {
            config.insert("unit_of_measurement".into(), unit.into());
        }
    }
    device.sensor_member(key(path), "sensor", config)
}

/// What is fed into the grid must not be called like what is taken from it; and the second of two thermometers
/// (`DS18B20-2`) has nothing to do with the second relay, which a number of its own would make it a part of.
fn key(path: &[String]) -> SmolStr {
    let word = |(place, name): (usize, &String)| match name.as_str() {
        "ExportActive" => "export".to_owned(),
        sensor if place == 0 => lettered(sensor),
        other => other.to_owned(),
    };
    let words: Vec<String> = path.iter().enumerate().map(word).collect();
    let slug = hub_model::handle::slug(&words.join(" "));
    format_smolstr!("{}", slug.replace('-', "_"))
}

/// `DS18B20-2` as `DS18B20 b`.
fn lettered(sensor: &str) -> String {
    let counted = sensor.rsplit_once('-').and_then(|(stem, number)| Some((stem, number.parse::<u8>().ok()?)));
    match counted {
        Some((stem, number @ 1..=26)) => format!("{stem} {}", char::from(b'a' + number - 1)),
        _ => sensor.to_owned(),
    }
}

/// The nearest name of the path that is a quantity: `ENERGY Total 0` is a total, `ANALOG Temperature1` a temperature.
fn quantity(path: &[String]) -> Option<&'static Quantity> {
    path.iter().rev().find_map(|name| {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let named = |wanted: &str| QUANTITIES.iter().find(|quantity| quantity.name == wanted);
        named(name).or_else(|| named(stem))
    })
}

fn unit_of(word: &str) -> &str {
    match word {
        "C" => "°C",
        "F" => "°F",
        other => other,
    }
}
