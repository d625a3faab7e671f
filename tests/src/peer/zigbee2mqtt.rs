//! A real Zigbee2MQTT, whose radio is ours.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    Broker, Peer,
    installed::{require, scripts},
};

/// The devices that are paired from the start.
const PAIRED: [&str; 11] =
    ["white_bulb", "color_bulb", "plug", "wall_switch", "blind", "lock", "weather", "motion", "door", "leak", "button"];

/// A running Zigbee2MQTT with eleven devices, and a twelfth that may join.
#[derive(Debug)]
pub struct Zigbee2Mqtt {
    peer: Peer,
    folder: TempDir,
    url: String,
    settings: Vec<(String, String)>,
}

impl Zigbee2Mqtt {
    /// The devices that are paired from the start, by the names that Zigbee2MQTT gives them.
    pub const PAIRED: [&'static str; 11] = PAIRED;

    /// Starts it on a broker, and returns when it has announced every device.
    pub async fn start(broker: &Broker) -> Self {
        Self::with(broker, &[("HOMEASSISTANT_EXPERIMENTAL_EVENT_ENTITIES", "true")]).await
    }

    /// The same with settings of its own (`HOMEASSISTANT_...`, without their prefix).
    pub async fn with(broker: &Broker, settings: &[(&str, &str)]) -> Self {
        require("Zigbee2MQTT", "zigbee2mqtt/.made-from");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let settings: Vec<_> = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let url = broker.url();
        let mut witness = broker.client("zigbee2mqtt-witness").await;
        witness.subscribe("zigbee2mqtt/plug").await;
        let peer = launch(&folder, &url, &settings);
        witness.hear("Zigbee2MQTT that is settled", |message| is_settled(&message.payload)).await;
        Self { peer, folder, url, settings }
    }

    /// Starts it again after its end, with the same devices, and returns when it hears commands.
    pub async fn start_again(&mut self) {
        self.peer = launch(&self.folder, &self.url, &self.settings);
        let started = |line: &str| line.contains("Zigbee2MQTT started!").then_some(());
        self.peer.process.said_since(0, "start", started).await;
    }

    /// A device senses something, in human units (`sense("weather", json!({"celsius": 21.5}))`).
    pub async fn sense(&mut self, device: &str, senses: Value) {
        let mut order = senses;
        order["do"] = json!("sense");
        order["device"] = json!(device);
        self.order(order).await;
    }

    /// Gives an order that names only a device: `silence`, `answer`, `leave`, `join`, `read`.
    pub async fn tell(&mut self, device: &str, verb: &str) -> Value {
        self.order(json!({ "do": verb, "device": device })).await
    }

    /// Waits for a command on the air, from the mark on.
    pub async fn on_air(&self, mark: usize, device: &str, cluster: &str, command: &str) -> Value {
        let what = format!("{cluster}.{command} for {device} on the air");
        let is_it = |told: &Value| {
            told["event"] == "command"
                && told["device"] == device
                && told["cluster"] == cluster
                && told["command"] == command
        };
        self.tells(mark, &what, |told| is_it(told).then(|| told.clone())).await
    }
}

/// The plug is the last that Zigbee2MQTT asks for its values; before that, a state holds nulls.
fn is_settled(payload: &[u8]) -> Option<()> {
    let state: Value = serde_json::from_slice(payload).ok()?;
    state["energy"].is_number().then_some(())
}

fn launch(folder: &TempDir, url: &str, settings: &[(String, String)]) -> Peer {
    let mut command = Command::new(scripts().join("zigbee2mqtt/run"));
    command.arg(folder.path()).arg(url);
    for (name, value) in settings {
        command.env(format!("ZIGBEE2MQTT_CONFIG_{name}"), value);
    }
    Peer::start("Zigbee2MQTT", &command)
}

impl Deref for Zigbee2Mqtt {
    type Target = Peer;
    fn deref(&self) -> &Peer {
        &self.peer
    }
}
impl DerefMut for Zigbee2Mqtt {
    fn deref_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }
}
