//! Devices that the bench plays on the broker: one lamp, and sensors of one number with one template each.

use anyhow::Result;
use serde_json::json;

use super::mqtt::{Publisher, Retain};

/// Where the lamp is told.
pub(super) const LAMP_SET: &str = "bench/lamp/set";
/// Where the lamp tells.
pub(super) const LAMP_STATE: &str = "bench/lamp/state";

/// Announces the devices from number `from` to before `to`; number 0 is the lamp.
pub(super) fn announce(broker: &mut Publisher, from: usize, to: usize) -> Result<()> {
    for number in from..to {
        let (kind, own) = if number == 0 { ("light", lamp()) } else { ("sensor", sensor(number)) };
        let mut config = own;
        config["device"] = json!({ "identifiers": [format!("bench-{number}")], "name": format!("Bench {number}") });
        config["unique_id"] = format!("bench-{number}").into();
        broker.publish(&format!("homeassistant/{kind}/bench-{number}/config"), &config.to_string(), Retain::Yes)?;
    }
    broker.flush()
}

/// A sensor's state: the value differs from one round to the next, so that each is a change.
pub(super) fn say(broker: &mut Publisher, number: usize, round: usize) -> Result<()> {
    let (whole, tenth) = (round / 10 % 90, round % 10);
    broker.publish(&topic(number), &format!("{{\"temperature\":{whole}.{tenth},\"linkquality\":120}}"), Retain::No)
}

/// The temperature of a round.
pub(super) fn value_of(round: usize) -> f64 {
    (round / 10 % 90) as f64 + (round % 10) as f64 / 10.0
}

fn lamp() -> serde_json::Value {
    json!({ "schema": "json", "name": null, "brightness": true, "command_topic": LAMP_SET, "state_topic": LAMP_STATE })
}

fn sensor(number: usize) -> serde_json::Value {
    json!({ "name": null, "device_class": "temperature", "unit_of_measurement": "°C", "state_topic": topic(number),
            "value_template": "{{ value_json.temperature }}" })
}

fn topic(number: usize) -> String {
    format!("bench/{number}/state")
}
