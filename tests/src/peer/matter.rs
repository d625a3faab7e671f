//! Matter devices by matter.js, one process each.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    Peer,
    installed::{require, scripts},
};
use crate::network::on_far_end;

/// A running Matter device.
#[derive(Debug)]
pub struct MatterDevice {
    peer: Peer,
    folder: TempDir,
    kind: String,
    port: u16,
    options: Vec<String>,
    /// The text of its QR code.
    pub qr: String,
    /// Its manual pairing code.
    pub manual: String,
}

impl MatterDevice {
    /// Starts a device of a kind on a port, with options (`"passcode=20202021"`), and returns when it announces itself.
    pub async fn start(kind: &str, port: u16, options: &[&str]) -> Self {
        require("matter.js", "matter/.made-from");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let peer = launch(kind, &folder, port, &options);
        let mut device =
            Self { peer, folder, kind: kind.into(), port, options, qr: String::new(), manual: String::new() };
        device.learn_codes().await;
        device
    }

    /// Starts it again after its end, with all that it remembers.
    pub async fn start_again(&mut self) {
        self.peer = launch(&self.kind, &self.folder, self.port, &self.options);
        self.learn_codes().await;
    }

    /// Starts it again on another port.
    pub async fn start_again_at(&mut self, port: u16) {
        self.port = port;
        self.start_again().await;
    }

    /// Sets an attribute from the device's own side.
    pub async fn set(&mut self, endpoint: u16, cluster: &str, attribute: &str, to: Value) {
        self.order(json!({ "do": "set", "endpoint": endpoint, "cluster": cluster, "attribute": attribute, "to": to }))
            .await;
    }

    /// An attribute as the device itself has it.
    pub async fn get(&mut self, endpoint: u16, cluster: &str, attribute: &str) -> Value {
        self.order(json!({ "do": "get", "endpoint": endpoint, "cluster": cluster, "attribute": attribute })).await
    }

    /// Lets it look at its machine's addresses.
    pub async fn is_readdressed(&mut self) {
        self.order(json!({ "do": "readdressed" })).await;
    }

    /// The fabrics that it belongs to.
    pub async fn fabrics(&mut self) -> Vec<Value> {
        let fabrics = self.order(json!({ "do": "fabrics" })).await;
        fabrics.as_array().cloned().unwrap_or_default()
    }

    async fn learn_codes(&mut self) {
        let told = self.ready().await;
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        (self.qr, self.manual) = (text("qr"), text("manual"));
    }
}

fn launch(kind: &str, folder: &TempDir, port: u16, options: &[String]) -> Peer {
    let mut command = Command::from(on_far_end(scripts().join("matter/run")));
    command.arg(kind).arg(folder.path()).arg(port.to_string()).args(options);
    Peer::start("the Matter device", &command)
}

impl Deref for MatterDevice {
    type Target = Peer;

    fn deref(&self) -> &Peer {
        &self.peer
    }
}

impl DerefMut for MatterDevice {
    fn deref_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }
}
