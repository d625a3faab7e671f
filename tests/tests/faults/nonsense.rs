//! Senders of too much, of the wrong kind, twice the same, or without an end.

use std::{
    fs,
    time::{Duration, Instant},
};

use home_tests::{Api, Broker, TestHome, eventually, value_in};
use hyper::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    devices::{Lamps, all_reachable, config},
    well::{megabytes, still_well},
};

const CONFIGURATIONS: usize = 100_000;
/// How many entities each thing has, one behind the other, as gateways publish them.
const ENTITIES: usize = 100;
const THINGS: usize = CONFIGURATIONS / ENTITIES;
/// A hub without optimisations, beside other tests, takes its time.
const FLOOD: Duration = Duration::from_secs(500);

fn sensor(number: usize) -> String {
    let (thing, entity) = (number / ENTITIES, number % ENTITIES);
    json!({
        "state_topic": format!("thing/{thing}"), "device_class": "temperature", "unit_of_measurement": "°C",
        "value_template": format!("{{{{ value_json.t{entity} }}}}"), "name": format!("T {entity}"),
        "unique_id": format!("thing-{number}"), "device": { "identifiers": format!("thing-{thing}"), "name": format!("Thing {thing}") },
    })
    .to_string()
}

#[tokio::test]
async fn a_hundred_thousand_configurations_are_taken_in_while_the_hub_answers() {
    // By itself it drops what goes beyond the queue of a client that is slower than it, and tells nobody.
    let broker = Broker::with(&["max_queued_messages 0"]).await;
    let _lamps = Lamps::on(&broker, 1).await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 1, true).await;
    let client = broker.client("flood").await;
    let flood = tokio::spawn(async move {
        for number in 0..CONFIGURATIONS {
            client.pour_retained(&format!("homeassistant/sensor/thing-{number}/t/config"), sensor(number)).await;
        }
        client
    });
    let (begun, mut longest, mut lit) = (Instant::now(), Duration::ZERO, 0_u32);
    let taken_in = async {
        loop {
            let answer = home.query("{ devices { name reachable } }").await;
            let devices = answer["devices"].as_array().cloned().unwrap_or_default();
            let asked = Instant::now();
            let outcome = home.set("lamp-0", "1", &format!("brightness: {{ level: {} }}", lit % 100 + 1)).await;
            // The lamp is told at once; its own word may lie behind the flood at the broker.
            assert!(["DONE", "TIMED_OUT"].contains(&outcome.as_str()), "in the flood, a command ended {outcome}");
            longest = longest.max(asked.elapsed());
            lit += 1;
            let is_thing = |device: &&Value| device["name"].as_str().is_some_and(|name| name.starts_with("Thing "));
            if devices.iter().filter(is_thing).count() == THINGS {
                return;
            }
        }
    };
    timeout(FLOOD, taken_in).await.expect("all is taken in");
    eprintln!(
        "{CONFIGURATIONS} configurations in {:?}, {} MB; {lit} commands meanwhile, the slowest in {longest:?}",
        begun.elapsed(),
        megabytes(&home)
    );
    let client = flood.await.expect("the flood was poured");
    assert_eq!(home.set("lamp-0", "1", "brightness: { level: 33 }").await, "DONE", "after the flood");
    assert!(megabytes(&home) < 600, "it takes {} MB", megabytes(&home));
    client.pour("thing/7", r#"{"t0":20.5,"t99":21.5}"#).await;
    home.until_devices("temperature of a thing", |devices| {
        let thing = devices.iter().find(|device| device["name"] == "Thing 7")?;
        thing["endpoints"].to_string().contains("21.5").then_some(())
    })
    .await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn ten_megabytes_anywhere_are_refused_or_passed_over() {
    let broker = Broker::start().await;
    let _lamps = Lamps::on(&broker, 1).await;
    let mut client = broker.client("somebody").await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 1, true).await;
    let large = "x".repeat(10_000_000);
    for topic in
        ["lamp/0", "homeassistant/light/large/light/config", "homeassistant/status", "tasmota/discovery/0000/config"]
    {
        client.retain(topic, large.clone()).await;
    }
    // The hub closes without reading all of it, so that the answer may be lost on the way.
    for path in ["/graphql", "/pair"] {
        let other = Api::new(home.address(), home.owner.token().map(str::to_owned));
        if let Ok(answer) = other.try_send(Method::POST, path, large.clone()).await {
            assert_eq!(answer.status, 413, "{path}");
        }
    }
    fs::write(home.data().join("automations/large.toml"), &large).expect("the folder can be written");
    eventually("word of the large file", async || {
        let rules = home.query("{ rules { problem { message } } }").await["rules"].to_string();
        rules.contains("message").then_some(())
    })
    .await;
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
    assert!(megabytes(&home) < 200, "it takes {} MB", megabytes(&home));
    still_well(&mut home).await;
}

#[tokio::test]
async fn templates_without_an_end_delay_nobody() {
    let broker = Broker::start().await;
    let _lamps = Lamps::on(&broker, 1).await;
    let mut client = broker.client("somebody").await;
    let endless = [
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ range(1000000000) | list }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ value | regex_findall('(a+)+$') }}",
    ];
    for (number, template) in endless.iter().cycle().take(50).enumerate() {
        let config = json!({
            "state_topic": "endless", "value_template": template, "name": null, "unique_id": format!("e{number}"),
            "device": { "identifiers": format!("e{number}"), "name": format!("Endless {number}") },
        });
        client.retain(&format!("homeassistant/sensor/e{number}/x/config"), config.to_string()).await;
    }
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 51, true).await;
    for level in 1..=20 {
        client.publish("endless", format!("{}!", "a".repeat(5000))).await;
        let outcome = home.set("lamp-0", "1", &format!("brightness: {{ level: {level} }}")).await;
        assert_eq!(outcome, "DONE", "the lamp waits for no template");
    }
    still_well(&mut home).await;
}

#[tokio::test]
async fn the_same_id_twice_is_one_thing_or_a_fault_with_a_name() {
    let broker = Broker::start().await;
    let mut client = broker.client("somebody").await;
    client.retain("homeassistant/light/lamp-0/light/config", config(0)).await;
    client.retain("homeassistant/light/other/light/config", config(0)).await;
    client.retain("homeassistant/switch/lamp-0/light/config", config(0)).await;
    let rule = |text: &str| {
        format!(
            "id = \"same\"\nname = \"{text}\"\n[[when]]\nat = \"23:30\"\n[[then]]\nnotify = {{ to = \"everyone\", title = \"t\", text = \"x\" }}\n"
        )
    };
    let plan = TestHome::plan().rule("a.toml", &rule("A")).rule("b.toml", &rule("B"));
    let mut home = plan.broker(&broker).start().await;
    let one = |devices: &[Value]| {
        (devices.len() == 1 && devices[0]["reachable"] == true && devices[0]["endpoints"].as_array().is_some())
            .then_some(())
    };
    home.until_devices("one lamp", one).await;
    eventually("fault of the second rule", async || {
        let answer = home.query("{ rules { id name problem { message } } }").await;
        let rules = answer["rules"].as_array().cloned().unwrap_or_default();
        rules
            .iter()
            .any(|rule| rule["problem"]["message"].as_str().is_some_and(|text| text.contains("same")))
            .then_some(())
    })
    .await;
    // One that goes leaves the other.
    client.retain("homeassistant/light/other/light/config", "").await;
    client.retain("homeassistant/switch/lamp-0/light/config", "").await;
    client.publish("lamp/0", r#"{"state":"ON","brightness":50}"#).await;
    home.until_devices("lamp that is lit", |devices| {
        devices.iter().any(|device| value_in(device, "1", "brightness.level") == 50).then_some(())
    })
    .await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn values_of_the_wrong_kind_are_passed_over_and_the_next_right_one_is_taken() {
    let broker = Broker::start().await;
    let _lamps = Lamps::on(&broker, 1).await;
    let mut client = broker.client("somebody").await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 1, true).await;
    client.publish("lamp/0", r#"{"state":"ON","brightness":50}"#).await;
    for wrong in [
        r#"{"state":7}"#,
        r#"{"state":{"state":"ON"}}"#,
        r#"{"state":["ON"]}"#,
        r#"{"brightness":"bright"}"#,
        r#"{"brightness":-1}"#,
        r#"{"brightness":1e308}"#,
        r#"{"brightness":true}"#,
        r#"{"state":"DIMMED","brightness":null}"#,
        "[]",
        "7",
        "null",
        "\u{feff}{}",
    ] {
        client.publish("lamp/0", wrong).await;
    }
    client.publish("lamp/0", r#"{"state":"OFF"}"#).await;
    home.until_devices("lamp that is off", |devices| {
        devices.iter().any(|device| value_in(device, "1", "on_off.on") == false).then_some(())
    })
    .await;
    let level = home.value("lamp-0", "1", "brightness.level").await;
    assert!(level.as_f64().is_some_and(|level| (0.0..=100.0).contains(&level)), "{level} is no brightness");
    still_well(&mut home).await;
}
