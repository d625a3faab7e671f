//! Rules that hear messages and publish some, on a real mosquitto.

use home_tests::{Broker, TestHome};
use serde_json::Value;

const LAMP: &str = r#"{"schema": "json", "stat_t": "lamp", "cmd_t": "lamp/set", "uniq_id": "l1", "brightness": true,
    "dev": {"ids": "lamp", "name": "Lamp"}}"#;

const RULES: &str = r#"
[[rule]]
name = "Button"
[[rule.when]]
mqtt = { topic = "button/+", field = "action", is = "single" }
[[rule.then]]
set = { target = "lamp", "on_off.on" = true }

[[rule]]
name = "Bell"
[[rule.when]]
mqtt = { topic = "bell", payload = "ring" }
[[rule.then]]
publish = { topic = "display/text", payload = { text = "Somebody is at the door.", times = 3 }, retain = true }
"#;

/// The hub with a lamp and these rules, when it has subscribed to what they want.
async fn start(broker: &Broker) -> TestHome {
    let mut devices = broker.client("devices").await;
    devices.retain("homeassistant/light/l1/light/config", LAMP).await;
    let home = TestHome::plan().broker(broker).rule("messages.toml", RULES).start().await;
    home.until_devices("lamp", |devices| devices.iter().any(|one| one["name"] == "Lamp").then_some(())).await;
    subscribed(broker, "button/+").await;
    subscribed(broker, "bell").await;
    home
}

async fn subscribed(broker: &Broker, filter: &str) {
    let line = format!("{filter} (QoS 1)");
    broker.process.said_since(0, "subscription", |said| said.contains(&line).then_some(())).await;
}

async fn talkative() -> Broker {
    Broker::with(&["log_dest stderr", "log_type all"]).await
}

#[tokio::test]
async fn a_message_runs_a_rule_that_commands_a_device() {
    let broker = talkative().await;
    let home = start(&broker).await;
    let mut client = broker.client("button").await;
    client.subscribe("lamp/set").await;
    client.publish("button/hall", r#"{"action": "double"}"#).await;
    client.publish("button/hall", r#"{"action": "single"}"#).await;
    let command = client.hear("command", |message| Some(message.payload.clone())).await;
    let command: Value = serde_json::from_slice(&command).expect("a light takes JSON");
    assert_eq!(command["state"], "ON");
    client.publish("lamp", r#"{"state": "ON", "brightness": 255}"#).await;
    home.until_devices("lamp that is on", |devices| {
        devices.iter().any(|one| home_tests::value_in(one, "1", "on_off.on") == true).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_message_runs_a_rule_that_publishes_and_the_broker_keeps_it() {
    let broker = talkative().await;
    let _home = start(&broker).await;
    let mut client = broker.client("bell").await;
    client.subscribe("display/#").await;
    client.publish("bell", "silence").await;
    client.publish("bell", "ring").await;
    let wanted = r#"{"text":"Somebody is at the door.","times":3}"#;
    let shown = client.hear("text", |message| Some(message.clone())).await;
    assert_eq!((shown.topic.as_str(), &shown.payload[..]), ("display/text", wanted.as_bytes()));
    let mut later = broker.client("later").await;
    later.subscribe("display/text").await;
    let kept = later.hear("kept text", |message| Some(message.clone())).await;
    assert!(kept.retained && kept.payload == wanted.as_bytes(), "{kept:?}");
}

#[tokio::test]
async fn without_a_broker_the_rule_says_what_is_missing() {
    let home = TestHome::plan().rule("messages.toml", RULES).start().await;
    let checked = home.hub(["check"]).await;
    assert!(!checked.good());
    assert!(
        checked.out.contains("this home has no broker: `broker` below [mqtt] in hub.toml names one"),
        "{checked:?}"
    );
}
