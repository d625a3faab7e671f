//! A broker that goes, comes back, goes again, or is silently gone; and a network that loses a third of everything.

use std::time::Duration;

use home_tests::{Broker, Proxy, TestHome, Weather, eventually, value_in};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    devices::{Lamps, all_reachable},
    well::{open_files, still_well},
};

/// A client that hears nothing for 15 s asks the broker for a sign of life, and waits as long for it.
const FOUND_OUT: Duration = Duration::from_secs(60);

fn ids(devices: &[Value]) -> Vec<Value> {
    devices.iter().map(|device| device["id"].clone()).collect()
}

#[tokio::test]
async fn a_broker_that_comes_and_goes_leaves_the_same_devices_and_a_hub_that_obeys() {
    let mut broker = Broker::start().await;
    let lamps = Lamps::on(&broker, 5).await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 5, true).await;
    let (before, files) = (ids(&home.devices().await), open_files(&home));
    drop(lamps);
    for _ in 0..10 {
        broker.kill9().await;
        broker.start_again().await;
    }
    // It has forgotten everything, so that the lamps announce themselves anew.
    let _lamps = Lamps::on(&broker, 5).await;
    all_reachable(&home, 5, true).await;
    assert_eq!(ids(&home.devices().await), before);
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: true }, brightness: { level: 40 }").await, "DONE");
    assert!(open_files(&home) <= files + 3, "files were {files} and are {}", open_files(&home));
    still_well(&mut home).await;
}

#[tokio::test]
async fn a_broker_that_is_silently_gone_is_found_out_and_found_again() {
    let broker = Broker::start().await;
    let proxy = Proxy::before(broker.port()).await;
    let _lamps = Lamps::on(&broker, 2).await;
    let mut home = TestHome::plan().broker_at(&proxy.url()).start().await;
    all_reachable(&home, 2, true).await;
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
    proxy.becomes(Weather::Swallowing);
    // Nobody can know yet; but nobody says that it was done.
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: false }").await, "TIMED_OUT");
    assert_eq!(home.value("lamp-0", "1", "on_off.on").await, true, "only a report changes a value");
    // A device that is gone sends nothing, so that it is looked for.
    let found_out = async {
        while home.devices().await.iter().any(|device| device["reachable"] == true) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(FOUND_OUT, found_out).await.expect("a silent broker is found out");
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: false }").await, "UNREACHABLE");
    proxy.becomes(Weather::Fine);
    all_reachable(&home, 2, true).await;
    assert_eq!(home.set("lamp-0", "1", "onOff: { on: false }").await, "DONE");
    still_well(&mut home).await;
}

#[tokio::test]
async fn a_network_that_loses_a_third_delays_and_tells_no_lie() {
    const SENSORS: usize = 20;
    let broker = Broker::start().await;
    let proxy = Proxy::before(broker.port()).await;
    let _lamps = Lamps::on(&broker, 3).await;
    let mut client = broker.client("sensors").await;
    for number in 0..SENSORS {
        let config = json!({
            "state_topic": format!("sensor/{number}"), "device_class": "power", "unit_of_measurement": "W", "name": null,
            "unique_id": format!("s{number}"), "device": { "identifiers": format!("s{number}"), "name": format!("Sensor {number}") },
        });
        client.retain(&format!("homeassistant/sensor/s{number}/power/config"), config.to_string()).await;
    }
    let mut home = TestHome::plan().broker_at(&proxy.url()).start().await;
    all_reachable(&home, SENSORS + 3, true).await;
    proxy.becomes(Weather::Lossy(30));
    for turn in 0..6 {
        for number in 0..SENSORS {
            client.retain(&format!("sensor/{number}"), (turn * 100 + number).to_string()).await;
        }
        let (lamp, on) = (format!("lamp-{}", turn % 3), turn % 2 == 0);
        let outcome = home.set(&lamp, "1", &format!("onOff: {{ on: {on} }}")).await;
        assert!(["DONE", "TIMED_OUT", "UNREACHABLE"].contains(&outcome.as_str()), "{outcome}");
        if outcome == "DONE" {
            assert_eq!(home.value(&lamp, "1", "on_off.on").await, on, "what is done is so");
        }
    }
    home.until_devices("last value of every sensor, through the loss", |devices| {
        let has = |number: usize| {
            let name = format!("Sensor {number}");
            let device = devices.iter().find(|device| device["name"] == *name)?;
            (value_in(device, "1", "power.watts") == json!(500 + number)).then_some(())
        };
        (0..SENSORS).try_for_each(|number| has(number).ok_or(())).ok()
    })
    .await;
    proxy.becomes(Weather::Fine);
    // What was on its way through the loss may still break its connection.
    eventually("command that is carried out", async || {
        (home.set("lamp-0", "1", "onOff: { on: true }").await == "DONE").then_some(())
    })
    .await;
    still_well(&mut home).await;
}
