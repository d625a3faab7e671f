//! What a key does to the chosen device: the one thing that people most often want of it.

use serde_json::{Value, json};

use crate::client::home::{Device, Endpoint};

/// How far one press of + or - dims, in percent.
const STEP: f64 = 10.0;

/// Something to ask the hub for, as `control` takes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Deed {
    /// The device's id.
    pub(crate) device: String,
    /// The endpoint's id.
    pub(crate) endpoint: String,
    /// What to set, by name.
    pub(crate) set: Option<(String, Value)>,
    /// What to do, by name.
    pub(crate) invoke: Option<String>,
    /// In words, for the line below.
    pub(crate) words: String,
}

/// Switches: on and off, open and closed, locked and unlocked; whatever the device's first such part takes.
pub(crate) fn switch(device: &Device) -> Option<Deed> {
    device.endpoints.iter().find_map(|endpoint| {
        let set = |property: &str, value: Value| Some(Deed::set(device, endpoint, property, value));
        let truth = |property: &str| endpoint.value(property).map(|value| value.as_bool().unwrap_or(false));
        let can = |action: &str| endpoint.actions.iter().any(|known| known == action);
        if endpoint.value("lock.state").is_some() {
            let locked = endpoint.value("lock.state").is_some_and(|state| state == "locked" || state == "locking");
            return Some(Deed::invoke(device, endpoint, if locked { "lock.unlock" } else { "lock.lock" }));
        }
        if can("covering.open") && can("covering.close") {
            return Some(Deed::invoke(
                device,
                endpoint,
                if is_open(endpoint) { "covering.close" } else { "covering.open" },
            ));
        }
        if endpoint.value("covering.position").is_some() {
            return set("covering.position", json!(if is_open(endpoint) { 0.0 } else { 100.0 }));
        }
        ["on_off.on", "valve.open", "siren.sounding"]
            .into_iter()
            .find_map(|property| set(property, json!(!truth(property)?)))
    })
}

/// Dims, opens or speeds up a step; down where `up` is -1.
pub(crate) fn step(device: &Device, up: f64) -> Option<Deed> {
    let stepped = [
        ("brightness.level", STEP),
        ("covering.position", STEP),
        ("thermostat.heating_setpoint", 0.5),
        ("fan.speed", STEP),
        ("humidifier.target", 5.0),
        ("media.volume", 5.0),
        ("valve.position", STEP),
    ];
    device.endpoints.iter().find_map(|endpoint| {
        stepped.iter().find_map(|&(property, by)| {
            let now = endpoint.value(property)?.as_f64().unwrap_or(0.0);
            let to = ((now / by).round() + up) * by;
            let least = if property == "brightness.level" { 1.0 } else { 0.0 };
            Some(Deed::set(device, endpoint, property, json!(to.clamp(least, 100.0))))
        })
    })
}

/// Open, or on the way there; of a stopped one its position decides.
fn is_open(endpoint: &Endpoint) -> bool {
    match endpoint.value("covering.state").and_then(Value::as_str) {
        Some("open" | "opening") => true,
        Some("closed" | "closing") => false,
        _ => endpoint.value("covering.position").and_then(Value::as_f64).is_some_and(|position| position > 0.0),
    }
}

impl Deed {
    fn set(device: &Device, endpoint: &Endpoint, property: &str, value: Value) -> Self {
        let words = format!("{}: {property} {value}", device.name);
        Self { set: Some((property.into(), value)), invoke: None, words, ..Self::nothing(device, endpoint) }
    }

    fn invoke(device: &Device, endpoint: &Endpoint, action: &str) -> Self {
        let words = format!("{}: {action}", device.name);
        Self { invoke: Some(action.into()), words, ..Self::nothing(device, endpoint) }
    }

    fn nothing(device: &Device, endpoint: &Endpoint) -> Self {
        let (device, endpoint) = (device.id.clone(), endpoint.id.clone());
        Self { device, endpoint, set: None, invoke: None, words: String::new() }
    }
}
