//! Devices behind a broker: lamps that do what they are told and say so, and a meter that never stops.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use home_tests::{Broker, Mqtt, TestHome};
use serde_json::json;
use tokio::task::JoinHandle;

/// So many lamps, `lamp-0` and on, until this is dropped.
pub(crate) struct Lamps {
    obeying: JoinHandle<()>,
}

impl Lamps {
    /// Announces them on a broker, and lets them listen.
    pub(crate) async fn on(broker: &Broker, count: usize) -> Self {
        let mut client = broker.client("lamps").await;
        client.subscribe("lamp/+/set").await;
        for number in 0..count {
            client.retain(&format!("homeassistant/light/lamp-{number}/light/config"), config(number)).await;
        }
        Self { obeying: tokio::spawn(obey(client)) }
    }
}

impl Drop for Lamps {
    fn drop(&mut self) {
        self.obeying.abort();
    }
}

/// The configuration of a lamp.
pub(crate) fn config(number: usize) -> String {
    json!({
        "schema": "json", "brightness": true, "brightness_scale": 100, "name": null, "unique_id": format!("lamp-{number}"),
        "state_topic": format!("lamp/{number}"), "command_topic": format!("lamp/{number}/set"),
        "device": { "identifiers": format!("lamp-{number}"), "name": format!("Lamp {number}") },
    })
    .to_string()
}

async fn obey(mut client: Mqtt) {
    while let Some(message) = client.next().await {
        if let Some(state) = message.topic.strip_suffix("/set") {
            client.pour(state, Bytes::clone(&message.payload)).await;
        }
    }
}

/// A meter whose number grows by one, again and again, until this is dropped.
pub(crate) struct Meter {
    said: Arc<AtomicU64>,
    counting: JoinHandle<()>,
}

impl Meter {
    /// Announces it on a broker. It begins to count with [`Meter::count`].
    pub(crate) async fn on(broker: &Broker) -> Mqtt {
        let mut client = broker.client("meter").await;
        let config = json!({
            "state_topic": "meter", "device_class": "power", "unit_of_measurement": "W", "name": null, "unique_id": "meter",
            "device": { "identifiers": "meter", "name": "Meter" },
        });
        client.retain("homeassistant/sensor/meter/power/config", config.to_string()).await;
        client
    }

    /// Counts from now on, at this pace.
    pub(crate) fn count(client: Mqtt, pace: Duration) -> Self {
        let said = Arc::<AtomicU64>::default();
        let telling = Arc::clone(&said);
        let counting = tokio::spawn(async move {
            let mut beat = tokio::time::interval(pace);
            loop {
                beat.tick().await;
                let number = telling.fetch_add(1, Ordering::SeqCst) + 1;
                client.pour("meter", number.to_string()).await;
            }
        });
        Self { said, counting }
    }

    /// The number that it said last.
    pub(crate) fn said(&self) -> u64 {
        self.said.load(Ordering::SeqCst)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.counting.abort();
    }
}

/// The numbers of the meter that history has.
pub(crate) async fn counted(home: &TestHome) -> Vec<u64> {
    let document = "{ history(device: \"meter\", property: \"power.watts\", from: \"2020-01-01T00:00:00Z\", points: 10000) { value } }";
    let answer = home.query(document).await;
    let points = answer["history"].as_array().cloned().unwrap_or_default();
    points.iter().filter_map(|point| point["value"].as_f64()).map(|number| number as u64).collect()
}

/// Waits until so many devices can all be reached, or none of them.
pub(crate) async fn all_reachable(home: &TestHome, count: usize, reachable: bool) {
    let what = format!("{count} devices, all with reachable {reachable}");
    let so = |devices: &[serde_json::Value]| {
        (devices.len() == count && devices.iter().all(|one| one["reachable"] == reachable)).then_some(())
    };
    home.until_devices(&what, so).await;
}
