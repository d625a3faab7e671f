//! The peers themselves, without a hub: what the other tests rely on.

use home_tests::{Broker, Discoverable, Port, Zigbee2Mqtt};
use serde_json::{Value, json};

#[test]
fn no_two_tests_get_the_same_port() {
    let (one, other) = (Port::free(), Port::free());
    assert_ne!(one.number, other.number);
}

#[tokio::test]
async fn a_broker_keeps_messages_and_forgets_them_at_its_end() {
    let mut broker = Broker::start().await;
    let mut writer = broker.client("writer").await;
    writer.retain("a/b", "kept").await;
    let mut reader = broker.client("reader").await;
    reader.subscribe("a/#").await;
    let message = reader.hear("retained message", |message| Some(message.clone())).await;
    assert_eq!((message.topic.as_str(), &message.payload[..], message.retained), ("a/b", &b"kept"[..], true));
    broker.kill9().await;
    broker.start_again().await;
    let mut reader = broker.client("reader").await;
    reader.subscribe("a/#").await;
    reader.publish("a/c", "new").await;
    let first = reader.hear("message", |message| Some(message.topic.clone())).await;
    assert_eq!(first, "a/c");
}

#[tokio::test]
async fn zigbee2mqtt_announces_its_devices_obeys_and_reports() {
    let broker = Broker::start().await;
    let mut peer = Zigbee2Mqtt::start(&broker).await;
    let mut witness = broker.client("witness").await;
    witness.subscribe("zigbee2mqtt/#").await;
    let mark = peer.mark();
    witness.publish("zigbee2mqtt/white_bulb/set", r#"{"state":"ON"}"#).await;
    peer.on_air(mark, "white_bulb", "genOnOff", "on").await;
    peer.sense("weather", json!({ "celsius": 21.5 })).await;
    let heard = witness.hear("temperature", |message| {
        let state: Value = serde_json::from_slice(&message.payload).ok()?;
        (message.topic == "zigbee2mqtt/weather").then(|| state["temperature"].clone())
    });
    assert_eq!(heard.await, 21.5);
}

#[tokio::test]
async fn ha_mqtt_discoverable_hears_commands_and_answers_with_states() {
    let broker = Broker::start().await;
    let mut peer = Discoverable::start(&broker).await;
    let mut witness = broker.client("witness").await;
    witness.subscribe("hmd/#").await;
    let mark = peer.mark();
    witness.publish("hmd/switch/Workshop/pump/command", "ON").await;
    assert_eq!(peer.hears(mark, "pump").await, "ON");
    witness
        .hear("state", |message| (message.topic.ends_with("pump/state") && &message.payload[..] == b"ON").then_some(()))
        .await;
    peer.set("temperature", 21.5).await;
    witness.hear("temperature", |message| message.topic.ends_with("temperature/state").then_some(())).await;
}
