//! What others' software really keeps at a broker, recorded word by word: everything of it becomes devices.

use home_tests::{Broker, Mqtt, TestHome};
use serde_json::Value;

const ZIGBEE2MQTT: &str = include_str!("../../adapters/mqtt/tests/data/zigbee2mqtt-2.14.1.jsonl");
const DISCOVERABLE: &str = include_str!("../data/ha_discovery/ha-mqtt-discoverable-0.26.0.txt");

/// Topic and payload of each recorded message; the payloads of the second record are texts in quotes.
fn messages(record: &str) -> Vec<(String, String)> {
    let lines = record.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| match serde_json::from_str::<Value>(line) {
            Ok(message) => {
                let payload = &message["payload"];
                let payload = payload.as_str().map_or_else(|| payload.to_string(), str::to_owned);
                (message["topic"].as_str().expect("a message has a topic").to_owned(), payload)
            }
            Err(_) => {
                let (head, payload) = line.split_once("\"payload\":\"").expect("a message has a payload");
                let topic = head.split('"').nth(3).expect("a message has a topic");
                (topic.to_owned(), payload.strip_suffix("\"}").expect("the payload ends the message").to_owned())
            }
        })
        .collect()
}

async fn keep(client: &mut Mqtt, record: &str) {
    for (topic, payload) in messages(record) {
        client.retain(&topic, payload).await;
    }
}

fn names(devices: &[Value]) -> Vec<&str> {
    let mut names: Vec<_> = devices.iter().filter_map(|device| device["name"].as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_retained_messages_of_a_zigbee2mqtt_are_its_four_devices() {
    let broker = Broker::start().await;
    let mut client = broker.client("record").await;
    assert_eq!(messages(ZIGBEE2MQTT).len(), 32);
    keep(&mut client, ZIGBEE2MQTT).await;
    let home = TestHome::plan().broker(&broker).start().await;
    let all = ["bulb", "bulb_color", "power_plug", "wall_switch_double"];
    home.until_devices("four devices", |devices| {
        (names(devices) == all && devices.iter().all(|one| one["reachable"] == true)).then_some(())
    })
    .await;

    client.publish("zigbee2mqtt/power_plug", r#"{"state":"ON","power":12.5,"energy":3.25,"linkquality":80}"#).await;
    let plug = async || {
        let value = home.value("power_plug", "1", "power.watts").await;
        (value == 12.5).then_some(())
    };
    home_tests::eventually("12.5 W", plug).await;
    assert_eq!(home.value("power_plug", "1", "energy.consumed").await, 3.25);
    assert_eq!(home.value("power_plug", "1", "on_off.on").await, true);

    client.subscribe("zigbee2mqtt/wall_switch_double/#").await;
    let command = home.set("wall_switch_double", "right", "onOff: { on: true }");
    let answering = async {
        let heard = client.hear("command", |message| Some((message.topic.clone(), message.payload.clone()))).await;
        client.publish("zigbee2mqtt/wall_switch_double", r#"{"state_left":"OFF","state_right":"ON"}"#).await;
        heard
    };
    let (outcome, (topic, payload)) = tokio::join!(command, answering);
    assert_eq!((topic.as_str(), &payload[..]), ("zigbee2mqtt/wall_switch_double/right/set", &b"ON"[..]));
    assert_eq!(outcome, "DONE");

    client.retain("zigbee2mqtt/bridge/state", r#"{"state":"offline"}"#).await;
    home.until_devices("unreachable devices", |devices| {
        devices.iter().all(|one| one["reachable"] == false).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_messages_of_a_ha_mqtt_discoverable_are_one_device() {
    let broker = Broker::start().await;
    let mut client = broker.client("record").await;
    keep(&mut client, DISCOVERABLE).await;
    let home = TestHome::plan().broker(&broker).start().await;
    home.until_devices("one device with its values", |devices| {
        let one = (names(devices) == ["PyDevice"]).then(|| &devices[0])?;
        let value = |property| home_tests::value_in(one, "1", property);
        (value("temperature.measured") == 21 && value("on_off.on") == false).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_no_longer_is_gone() {
    let broker = Broker::start().await;
    let mut client = broker.client("record").await;
    keep(&mut client, ZIGBEE2MQTT).await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    home.until_devices("four devices", |devices| (devices.len() == 4).then_some(())).await;
    for (topic, _) in messages(ZIGBEE2MQTT).iter().filter(|(topic, _)| topic.contains("0x0017880104e45524")) {
        client.retain(topic, "").await;
    }
    let rest = ["bulb", "bulb_color", "wall_switch_double"];
    home.until_devices("three devices", |devices| (names(devices) == rest).then_some(())).await;
    // It is kept again while the hub does not run: the same device comes back.
    home.stop().await;
    keep(&mut client, ZIGBEE2MQTT).await;
    home.start_again().await;
    home.until_devices("four devices", |devices| (devices.len() == 4).then_some(())).await;
}
