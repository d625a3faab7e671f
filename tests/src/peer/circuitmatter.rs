//! A Matter lamp by CircuitMatter.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    Peer,
    installed::{require, scripts},
};

/// A running lamp; it announces itself at the loopback interface, and there is room for one in a network.
#[derive(Debug)]
pub struct CircuitMatter {
    peer: Peer,
    folder: TempDir,
    /// Its manual pairing code.
    pub manual: String,
}

impl CircuitMatter {
    /// Starts one, and returns when it announces itself.
    pub async fn start() -> Self {
        require("CircuitMatter", "circuitmatter/.made-from");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let (peer, manual) = launch(&folder).await;
        Self { peer, folder, manual }
    }

    /// Starts it again after its end, with all that it remembers.
    pub async fn start_again(&mut self) {
        (self.peer, self.manual) = launch(&self.folder).await;
    }

    /// Somebody switches it by hand.
    pub async fn switch(&mut self, on: bool) {
        self.order(json!({ "do": "switch", "on": on })).await;
    }

    /// Waits until it is switched by a command, from the mark on.
    pub async fn is_switched(&self, mark: usize, on: bool) {
        let switched = |told: &Value| (told["event"] == "switched" && told["on"] == on).then_some(());
        self.tells(mark, "a command to switch", switched).await;
    }
}

async fn launch(folder: &TempDir) -> (Peer, String) {
    let mut command = Command::new(scripts().join("circuitmatter/run"));
    command.arg(folder.path());
    let peer = Peer::start("circuitmatter", &command);
    let manual = peer.ready().await["manual"].as_str().unwrap_or_default().to_owned();
    (peer, manual)
}

impl Deref for CircuitMatter {
    type Target = Peer;
    fn deref(&self) -> &Peer {
        &self.peer
    }
}

impl DerefMut for CircuitMatter {
    fn deref_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }
}
