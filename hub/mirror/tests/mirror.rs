//! A simulated home that is shown at a real mosquitto, looked at with mosquitto's own programs and with Home Assistant.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

#[path = "mirror/assistant.rs"]
mod assistant;
#[path = "mirror/broker.rs"]
mod broker;
#[path = "mirror/house.rs"]
mod house;

use assistant::Assistant;
use broker::Broker;
use house::House;
use hub_model::{Actor, Value};

/// A lamp of the simulated home, and the topic of what it is.
const LAMP: &str = "bench-lamp";
const LIGHT: &str = "hearth/bench-lamp/1/light";

#[tokio::test(flavor = "multi_thread")]
async fn a_lamp_is_announced_and_tells_what_it_is() {
    let broker = Broker::start();
    let house = House::open(&broker, "publish = true").await;
    let config = broker.kept_like("homeassistant/light/hearth/+/config", "bench_lamp_light");
    assert!(config.contains(r#""command_topic":"hearth/bench-lamp/1/light/set""#), "{config}");
    assert_eq!(broker.kept("hearth/status"), "online");
    house.switch(LAMP, true).await;
    broker.until_kept(LIGHT, r#""state":"ON""#);
    house.switch(LAMP, false).await;
    broker.until_kept(LIGHT, r#""state":"OFF""#);
    house.close().await;
    // A hub that says goodbye is known to be away.
    broker.until_kept("hearth/status", "offline");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_ask_for_is_done_and_named_as_theirs() {
    let broker = Broker::start();
    let house = House::open(&broker, "publish = true").await;
    house.switch(LAMP, false).await;
    broker.until_kept(LIGHT, r#""state":"OFF""#);
    let mut watch = house.session.watch(None);
    broker.publish(&format!("{LIGHT}/set"), r#"{"state": "ON", "brightness": 40}"#, false);
    let actor = house::cause_of_change(&mut watch, house.path("bench-lamp/on_off.on"), &Value::Bool(true)).await;
    assert_eq!(actor, Actor::Program("MQTT".into()));
    broker.until_kept(LIGHT, r#""brightness":40"#);
    // A single property, an action, and what is none.
    broker.publish("hearth/bench-lamp/1/on_off.on/set", "dance", false);
    broker.publish("hearth/bench-lamp/1/on_off.on/set", "off", false);
    broker.until_kept(LIGHT, r#""state":"OFF""#);
    broker.publish("hearth/bench-lamp/1/do", "on_off.toggle", false);
    broker.until_kept(LIGHT, r#""state":"ON""#);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_does_not_find_what_it_shows_and_does_not_show_what_it_finds() {
    let broker = Broker::start();
    let foreign = r#"{"schema": "json", "stat_t": "lamp", "cmd_t": "lamp/set", "uniq_id": "l1", "dev": {"ids": "lamp", "name": "Foreign lamp"}}"#;
    broker.publish("homeassistant/light/l1/light/config", foreign, true);
    let house = House::open(&broker, "publish = true").await;
    house.until_there("foreign-lamp").await;
    broker.kept_like("homeassistant/light/hearth/+/config", "bench_lamp_light");
    let by_mqtt = house.carried_by("mqtt");
    assert_eq!(by_mqtt, ["Foreign lamp"]);
    assert!(!broker.all_kept("hearth/#").iter().any(|topic| topic.contains("foreign")));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_more_is_taken_back_also_when_it_went_while_the_hub_was_off() {
    let broker = Broker::start();
    broker.publish("homeassistant/switch/hearth/gone_1_on_off_on/config", "{}", true);
    broker.publish("hearth/gone/status", "online", true);
    broker.publish("homeassistant/switch/other/gone_1_on_off_on/config", "{}", true);
    let house = House::open(&broker, "publish = true").await;
    broker.until_gone("homeassistant/switch/hearth/gone_1_on_off_on/config");
    broker.until_gone("hearth/gone/status");
    assert_eq!(broker.kept("homeassistant/switch/other/gone_1_on_off_on/config"), "{}", "that is of somebody else");
    broker.kept_like("homeassistant/light/hearth/+/config", "bench_lamp_light");
    let lamp = house.device(LAMP).to_string();
    house.rename(LAMP, "corridor-lamp").await;
    broker.until_gone(LIGHT);
    broker.until_kept("hearth/corridor-lamp/status", "online");
    house.remove("corridor-lamp").await;
    broker.until_gone("hearth/corridor-lamp/status");
    assert!(!broker.all_kept("homeassistant/#").iter().any(|topic| topic.contains(&lamp)));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_unless_the_owner_says_so() {
    let broker = Broker::start();
    let house = House::open(&broker, "").await;
    house.switch(LAMP, true).await;
    assert_eq!(broker.all_kept("#"), [""; 0]);
    house.close().await;
}

/// Home Assistant 2024.3.3 itself, where `tests/peers/home_assistant/install` has put it.
#[tokio::test(flavor = "multi_thread")]
async fn home_assistant_takes_every_announcement_and_switches_a_lamp() {
    let broker = Broker::start();
    let house = House::open(&broker, "publish = true").await;
    house.switch(LAMP, false).await;
    broker.until_kept(LIGHT, r#""state":"OFF""#);
    let Some(assistant) = Assistant::start(&broker) else {
        eprintln!("NOT TESTED: Home Assistant is not installed; `tests/peers/home_assistant/install` gets it");
        return house.close().await;
    };
    assistant.until_state("light.bench_lamp_light", "off");
    assistant.call("light/turn_on", r#"{"entity_id": "light.bench_lamp_light", "brightness_pct": 30}"#);
    house.until_value("bench-lamp/on_off.on", Value::Bool(true)).await;
    house.until_value("bench-lamp/brightness.level", Value::Number(30.0)).await;
    assistant.until_state("light.bench_lamp_light", "on");
    let missing = assistant.missing(&broker.announced());
    assert!(missing.is_empty(), "Home Assistant did not take {missing:#?}\n{}", assistant.complaints());
    assert_eq!(assistant.complaints(), "");
    house.close().await;
    assistant.until_state("light.bench_lamp_light", "unavailable");
}
