//! Devices that the bench plays on the broker: one lamp, sensors of one number with one template each, and switches that
//! tell nothing back. Both hubs learn of them by the same discovery.

use anyhow::Result;
use serde_json::{Value, json};

use super::mqtt::{Publisher, Retain};

/// Where the lamp is told.
pub(super) const LAMP_SET: &str = "bench/lamp/set";
/// Where the lamp tells.
pub(super) const LAMP_STATE: &str = "bench/lamp/state";
/// How many switches there are.
pub(super) const SWITCHES: usize = 50;

/// Announces the devices from number `from` to before `to`; number 0 is the lamp, the others are sensors.
pub(super) fn announce(broker: &mut Publisher, from: usize, to: usize) -> Result<()> {
    for number in from..to {
        let (kind, own) = if number == 0 { ("light", lamp()) } else { ("sensor", sensor(number)) };
        publish(broker, kind, &format!("bench_{number}"), &format!("Bench {number}"), own)?;
    }
    broker.flush()
}

/// Announces the switches.
pub(super) fn announce_switches(broker: &mut Publisher) -> Result<()> {
    for number in 0..SWITCHES {
        let own = json!({ "name": null, "command_topic": switch(number) });
        publish(broker, "switch", &format!("switch_{number}"), &format!("Switch {number}"), own)?;
    }
    broker.flush()
}

/// A sensor's state.
pub(super) fn say(broker: &mut Publisher, number: usize, value: f64) -> Result<()> {
    broker.publish(&topic(number), &format!("{{\"temperature\":{value},\"linkquality\":120}}"), Retain::No)
}

/// The temperature of a round; it differs from one round to the next, so that each is a change. It stays below 50, where
/// rules would act.
pub(super) fn value_of(round: usize) -> f64 {
    (round / 10 % 45) as f64 + (round % 10) as f64 / 10.0
}

/// Where a switch is told.
pub(super) fn switch(number: usize) -> String {
    format!("bench/switch/{number}/set")
}

fn publish(broker: &mut Publisher, kind: &str, id: &str, name: &str, mut config: Value) -> Result<()> {
    config["device"] = json!({ "identifiers": [id], "name": name });
    config["unique_id"] = id.into();
    config["object_id"] = id.into();
    broker.publish(&format!("homeassistant/{kind}/{id}/config"), &config.to_string(), Retain::Yes)
}

fn lamp() -> Value {
    json!({ "schema": "json", "name": null, "brightness": true, "command_topic": LAMP_SET, "state_topic": LAMP_STATE })
}

fn sensor(number: usize) -> Value {
    json!({ "name": null, "device_class": "temperature", "unit_of_measurement": "°C", "state_topic": topic(number),
            "value_template": "{{ value_json.temperature }}" })
}

fn topic(number: usize) -> String {
    format!("bench/{number}/state")
}
