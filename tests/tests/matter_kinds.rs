//! Every kind of Matter device that matter.js offers: what it senses reaches the hub, and what the hub orders reaches it,
//! checked from the device's own side.

use home_tests::{HomePlan, MatterDevice, Network, TestHome, eventually, in_own_network};
use serde_json::{Value, json};

fn plan() -> HomePlan {
    TestHome::plan().settings("[matter]\ntest_roots = true")
}

/// The endpoint that has a property, and its value there.
fn found(device: &Value, property: &str) -> Option<(String, Value)> {
    device["endpoints"].as_array()?.iter().find_map(|endpoint| {
        let one = endpoint["properties"].as_array()?.iter().find(|one| one["id"] == property)?;
        Some((endpoint["id"].as_str()?.to_owned(), one["value"].clone()))
    })
}

/// Waits until a property has a value, within a hundredth where it is a number.
async fn reads(home: &TestHome, device: &str, property: &str, wanted: Value) {
    let same = |value: &Value| match (value.as_f64(), wanted.as_f64()) {
        (Some(value), Some(wanted)) => (value - wanted).abs() < 0.011,
        _ => *value == wanted,
    };
    let mut last = Value::Null;
    eventually(format_args!("{property} = {wanted} of {device}"), async || {
        last = home.device(device).await;
        found(&last, property).filter(|(_, value)| same(value)).map(drop)
    })
    .await;
}

/// Sets properties at the endpoint that has `property`; the device has to do it.
async fn sets(home: &TestHome, device: &str, property: &str, set: &str) {
    let known = home.device(device).await;
    let (endpoint, _) = found(&known, property).unwrap_or_else(|| panic!("{property} is missing: {known:#}"));
    assert_eq!(home.set(device, &endpoint, set).await, "DONE", "{set}");
}

async fn does(home: &TestHome, device: &str, property: &str, invoke: &str) {
    let known = home.device(device).await;
    let (endpoint, _) = found(&known, property).unwrap_or_else(|| panic!("{property} is missing: {known:#}"));
    assert_eq!(home.invoke(device, &endpoint, invoke).await, "DONE", "{invoke}");
}

#[test]
fn sensors_say_what_they_sense_and_what_they_do_not_know() {
    in_own_network(Network::Loopback, async {
        let kind = "temperature+humidity+illuminance+contact+occupancy";
        let mut sensor = MatterDevice::start(kind, 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&sensor.manual).await;
        reads(&home, &device, "temperature.measured", json!(21.5)).await;
        reads(&home, &device, "humidity.measured", json!(45.6)).await;
        reads(&home, &device, "contact.open", json!(false)).await;
        reads(&home, &device, "battery.level", json!(75)).await;
        sensor.set(1, "temperatureMeasurement", "measuredValue", json!(-550)).await;
        reads(&home, &device, "temperature.measured", json!(-5.5)).await;
        sensor.set(1, "temperatureMeasurement", "measuredValue", Value::Null).await;
        reads(&home, &device, "temperature.measured", Value::Null).await;
        sensor.set(4, "booleanState", "stateValue", json!(false)).await;
        reads(&home, &device, "contact.open", json!(true)).await;
        sensor.set(5, "occupancySensing", "occupancy", json!({ "occupied": true })).await;
        reads(&home, &device, "occupancy.occupied", json!(true)).await;
    });
}

#[test]
fn lights_take_brightness_colour_and_temperature() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("color", 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&lamp.manual).await;
        sets(&home, &device, "brightness.level", "onOff: { on: true }, brightness: { level: 40 }").await;
        let level = lamp.get(1, "levelControl", "currentLevel").await.as_f64().unwrap_or_default();
        assert!((level / 254.0 * 100.0 - 40.0).abs() < 0.5, "{level}");
        sets(&home, &device, "color_temperature.kelvin", "colorTemperature: { kelvin: 4000 }").await;
        assert_eq!(lamp.get(1, "colorControl", "colorTemperatureMireds").await, 250);
        lamp.set(1, "levelControl", "currentLevel", json!(254)).await;
        reads(&home, &device, "brightness.level", json!(100)).await;
    });
}

#[test]
fn a_lock_is_locked_and_unlocked_and_says_so() {
    in_own_network(Network::Loopback, async {
        let mut lock = MatterDevice::start("lock", 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&lock.manual).await;
        does(&home, &device, "lock.state", "lock: { unlock: {} }").await;
        assert_eq!(lock.get(1, "doorLock", "lockState").await, 2);
        does(&home, &device, "lock.state", "lock: { lock: {} }").await;
        assert_eq!(lock.get(1, "doorLock", "lockState").await, 1);
        reads(&home, &device, "lock.state", json!("locked")).await;
    });
}

#[test]
fn coverings_thermostats_and_fans_take_what_they_are_set_to() {
    in_own_network(Network::Loopback, async {
        let mut device = MatterDevice::start("covering+thermostat+fan", 5540, &[]).await;
        let home = plan().start().await;
        let id = home.add(&device.manual).await;
        sets(&home, &id, "thermostat.heating_setpoint", "thermostat: { heatingSetpoint: 22.5 }").await;
        assert_eq!(device.get(2, "thermostat", "occupiedHeatingSetpoint").await, 2250);
        sets(&home, &id, "fan.speed", "fan: { speed: 60 }").await;
        assert_eq!(device.get(3, "fanControl", "percentSetting").await, 60);
        device.set(2, "thermostat", "localTemperature", json!(1850)).await;
        reads(&home, &id, "temperature.measured", json!(18.5)).await;
        sets(&home, &id, "covering.position", "covering: { position: 30 }").await;
        assert_eq!(device.get(1, "windowCovering", "currentPositionLiftPercent100ths").await, 7000);
    });
}

#[test]
fn a_plug_is_switched_and_meters() {
    in_own_network(Network::Loopback, async {
        let mut plug = MatterDevice::start("plug", 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&plug.manual).await;
        sets(&home, &device, "on_off.on", "onOff: { on: true }").await;
        assert_eq!(plug.get(1, "onOff", "onOff").await, true);
        reads(&home, &device, "power.watts", json!(42.5)).await;
        reads(&home, &device, "voltage.volts", json!(230.1)).await;
        reads(&home, &device, "energy.consumed", json!(1.23)).await;
        plug.set(1, "electricalPowerMeasurement", "activePower", json!(60000)).await;
        reads(&home, &device, "power.watts", json!(60)).await;
    });
}

#[test]
fn a_switch_tells_its_presses_once_and_none_of_before() {
    in_own_network(Network::Loopback, async {
        let mut switch = MatterDevice::start("switch", 5540, &[]).await;
        let home = plan().start().await;
        let mut events = home.events().await;
        home.add(&switch.manual).await;
        for position in [1, 0] {
            switch.set(1, "switch", "currentPosition", json!(position)).await;
        }
        let pressed = |told: &Value| told["occurrence"]["occurrence"].as_str().map(str::to_owned);
        assert_eq!(events.wait_for("press", pressed).await, "button.single");
    });
}
