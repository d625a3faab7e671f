//! A real device made with ha-mqtt-discoverable, on a real mosquitto.

use home_tests::{Broker, Discoverable, TestHome, changed, occurred, value_in};
use serde_json::{Value, json};

struct Workshop {
    _broker: Broker,
    peer: Discoverable,
    home: TestHome,
}

impl Workshop {
    async fn start() -> Self {
        let broker = Broker::start().await;
        let peer = Discoverable::start(&broker).await;
        let home = TestHome::plan().broker(&broker).start().await;
        home.until_devices("workshop", |devices| {
            let there = |device: &Value| device["name"] == "Workshop" && device["reachable"] == true;
            devices.iter().any(there).then_some(())
        })
        .await;
        Self { _broker: broker, peer, home }
    }

    /// Where a property stands, as `endpoint`, `property`.
    async fn place(&self, property: &str) -> String {
        let device = self.home.device("workshop").await;
        let endpoints = device["endpoints"].as_array().cloned().unwrap_or_default();
        let has = |endpoint: &&Value| endpoint["properties"].to_string().contains(&format!("\"{property}\""));
        let found = endpoints.iter().find(has).unwrap_or_else(|| panic!("no endpoint has {property}: {device:#}"));
        found["id"].as_str().expect("an endpoint has an id").to_owned()
    }

    async fn until(&self, property: &str, value: Value) {
        let place = self.place(property).await;
        let is_so =
            |devices: &[Value]| devices.iter().any(|one| value_in(one, &place, property) == value).then_some(());
        self.home.until_devices(&format!("{property} {value}"), is_so).await;
    }
}

#[tokio::test]
async fn all_its_entities_are_one_device() {
    let workshop = Workshop::start().await;
    let devices = workshop.home.devices().await;
    assert_eq!(devices.len(), 1, "{devices:#?}");
    for property in
        ["on_off.on", "brightness.level", "temperature.measured", "contact.open", "covering.position", "lock.state"]
    {
        if property == "covering.position" {
            continue; // This shutter knows no position; its actions are looked at below.
        }
        workshop.place(property).await;
    }
    let actions = devices[0]["endpoints"].to_string();
    assert!(actions.contains("covering.open") && actions.contains("covering.close"), "{actions}");
}

#[tokio::test]
async fn commands_go_round_and_come_back_as_states() {
    let mut workshop = Workshop::start().await;
    workshop.peer.set("pump", "OFF").await;
    workshop.peer.set("gate", "LOCK").await;
    let (pump, gate) = (workshop.switch_without_brightness().await, workshop.place("lock.state").await);
    workshop.until("lock.state", json!("locked")).await;
    let mark = workshop.peer.mark();
    assert_eq!(workshop.home.set("workshop", &pump, "onOff: { on: true }").await, "DONE");
    assert_eq!(workshop.peer.hears(mark, "pump").await, "ON");
    let mark = workshop.peer.mark();
    assert_eq!(workshop.home.invoke("workshop", &gate, "lock: { unlock: {} }").await, "DONE");
    assert_eq!(workshop.peer.hears(mark, "gate").await, "UNLOCK");
    let lamp = workshop.place("brightness.level").await;
    let mark = workshop.peer.mark();
    assert_eq!(workshop.home.set("workshop", &lamp, "onOff: { on: true }, brightness: { level: 50 }").await, "DONE");
    let heard: Value = serde_json::from_str(&workshop.peer.hears(mark, "lamp").await).expect("a light takes JSON");
    assert_eq!((&heard["state"], &heard["brightness"]), (&json!("ON"), &json!(128)));
}

impl Workshop {
    /// The endpoint of the pump: the lamp can be switched too.
    async fn switch_without_brightness(&self) -> String {
        let device = self.home.device("workshop").await;
        let endpoints = device["endpoints"].as_array().cloned().unwrap_or_default();
        let plain = |one: &&Value| {
            let properties = one["properties"].to_string();
            properties.contains("\"on_off.on\"") && !properties.contains("\"brightness.level\"")
        };
        let found = endpoints.iter().find(plain).unwrap_or_else(|| panic!("there is no switch: {device:#}"));
        found["id"].as_str().expect("an endpoint has an id").to_owned()
    }
}

#[tokio::test]
async fn what_it_senses_becomes_events() {
    let mut workshop = Workshop::start().await;
    let id = workshop.home.device("workshop").await["id"].clone();
    let mut events = workshop.home.events().await;
    workshop.peer.set("temperature", 21.5).await;
    events.wait_for("21.5 °C", |event| changed(event, &id, "temperature.measured").filter(|new| *new == 21.5)).await;
    workshop.peer.set("window", true).await;
    events.wait_for("open window", |event| changed(event, &id, "contact.open").filter(|new| *new == true)).await;
    workshop.peer.set("doorbell", Value::Null).await;
    let ring = events.wait_for("ring", |event| occurred(event, &id)).await;
    assert_eq!(ring, "button.single");
}

#[tokio::test]
async fn a_deaf_entity_lets_its_command_time_out() {
    let mut workshop = Workshop::start().await;
    workshop.peer.tell("pump", "deaf", true).await;
    let pump = workshop.switch_without_brightness().await;
    assert_eq!(workshop.home.set("workshop", &pump, "onOff: { on: true }").await, "TIMED_OUT");
}

#[tokio::test]
async fn a_deleted_entity_takes_its_property_along_and_the_last_one_its_device() {
    let mut workshop = Workshop::start().await;
    let lacks = |property: &'static str| {
        move |devices: &[Value]| {
            (devices.len() == 1 && !devices[0].to_string().contains(&format!("\"{property}\""))).then_some(())
        }
    };
    workshop.peer.tell("gate", "delete", true).await;
    workshop.home.until_devices("device without a lock", lacks("lock.state")).await;
    let entities = [
        "pump",
        "lamp",
        "temperature",
        "window",
        "setpoint",
        "mode",
        "restart",
        "shutter",
        "water",
        "note",
        "doorbell",
    ];
    for entity in entities {
        workshop.peer.tell(entity, "delete", true).await;
    }
    workshop.home.until_devices("no devices", |devices| devices.is_empty().then_some(())).await;
    workshop.peer.tell("pump", "announce", true).await;
    workshop.home.until_devices("workshop again", |devices| (devices.len() == 1).then_some(())).await;
}
