//! A device in a few words: what a row of the view says of it.

use serde_json::Value;

use crate::client::home::{Device, Endpoint, Reading};

/// What a row shows first, in this order; the rest is in the panel of the chosen device.
const TELLING: [&str; 38] = [
    "lock.state",
    "covering.position",
    "covering.state",
    "thermostat.mode",
    "thermostat.heating_setpoint",
    "vacuum.state",
    "appliance.state",
    "media.state",
    "media.title",
    "on_off.on",
    "brightness.level",
    "fan.speed",
    "humidifier.target",
    "valve.open",
    "siren.sounding",
    "presence.home",
    "occupancy.occupied",
    "contact.open",
    "leak.detected",
    "smoke.detected",
    "carbon_monoxide.detected",
    "gas.detected",
    "temperature.measured",
    "humidity.measured",
    "pressure.measured",
    "illuminance.measured",
    "rain.raining",
    "carbon_dioxide.measured",
    "particulates.pm2_5",
    "volatile_organics.measured",
    "moisture.measured",
    "vibration.detected",
    "power.watts",
    "energy.consumed",
    "flow.rate",
    "weight.kilograms",
    "sound.level",
    "battery.level",
];

/// How many readings a row shows of one endpoint.
const PER_ENDPOINT: usize = 3;

/// The device's most telling readings, in words.
pub(crate) fn of(device: &Device) -> String {
    let parts: Vec<String> = device.endpoints.iter().map(endpoint).filter(|part| !part.is_empty()).collect();
    parts.join(" | ")
}

fn endpoint(endpoint: &Endpoint) -> String {
    let reading = |name: &&str| endpoint.properties.iter().find(|reading| reading.id == **name);
    let known = |reading: &&Reading| !reading.value.is_null();
    // What a lamp that is off would shine is of no interest.
    let off = endpoint.value("on_off.on") == Some(&Value::Bool(false));
    let shown = TELLING.iter().filter(|name| !(off && **name == "brightness.level"));
    let words: Vec<String> = shown.filter_map(reading).filter(known).map(words).take(PER_ENDPOINT).collect();
    words.join(" · ")
}

/// A reading in words: `on`, `closed`, `40 %`.
pub(crate) fn words(reading: &Reading) -> String {
    let Value::Bool(truth) = reading.value else {
        let text = reading.text();
        return if reading.id == "battery.level" { format!("battery {text}") } else { text.replace('_', " ") };
    };
    let (yes, no) = match &*reading.id {
        "on_off.on" => ("on", "off"),
        "occupancy.occupied" => ("somebody", "nobody"),
        "presence.home" => ("at home", "away"),
        "contact.open" | "valve.open" => ("open", "closed"),
        "leak.detected" => ("LEAK", "dry"),
        "smoke.detected" => ("SMOKE", "no smoke"),
        "gas.detected" => ("GAS", "no gas"),
        "carbon_monoxide.detected" => ("CARBON MONOXIDE", "no carbon monoxide"),
        "rain.raining" => ("raining", "dry"),
        "vibration.detected" => ("shaking", "still"),
        "siren.sounding" => ("SOUNDING", "silent"),
        _ => ("yes", "no"),
    };
    if truth { yes.into() } else { no.into() }
}
