//! A real device made with ha-mqtt-discoverable.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use tokio::process::Command;

use super::{
    Broker, Peer,
    installed::{require, scripts},
};

/// The device `Workshop` with its twelve entities.
#[derive(Debug)]
pub struct Discoverable(Peer);

impl Discoverable {
    /// Starts it on a broker, and returns when it hears commands.
    pub async fn start(broker: &Broker) -> Self {
        require("ha-mqtt-discoverable", "ha_mqtt_discoverable/.made-from");
        let mut command = Command::new(scripts().join("ha_mqtt_discoverable/run"));
        command.arg(broker.url());
        let peer = Peer::start("ha-mqtt-discoverable", &command);
        peer.ready().await;
        Self(peer)
    }

    /// An entity takes a state.
    pub async fn set(&mut self, entity: &str, to: impl Into<Value>) {
        let to: Value = to.into();
        self.order(json!({ "do": "set", "entity": entity, "to": to })).await;
    }

    /// Gives another order for an entity: `availability`, `deaf` (both with `to`), `delete`, `announce`.
    pub async fn tell(&mut self, entity: &str, verb: &str, to: bool) {
        self.order(json!({ "do": verb, "entity": entity, "to": to })).await;
    }

    /// Waits for a command that an entity hears, from the mark on.
    pub async fn hears(&self, mark: usize, entity: &str) -> String {
        let is_it = |told: &Value| told["event"] == "command" && told["entity"] == entity;
        let payload = |told: &Value| told["payload"].as_str().unwrap_or_default().to_owned();
        self.tells(mark, &format!("command for {entity}"), |told| is_it(told).then(|| payload(told))).await
    }
}

impl Deref for Discoverable {
    type Target = Peer;
    fn deref(&self) -> &Peer {
        &self.0
    }
}
impl DerefMut for Discoverable {
    fn deref_mut(&mut self) -> &mut Peer {
        &mut self.0
    }
}
