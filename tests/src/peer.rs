//! The peers: real software of others, and how a test drives it.

mod broker;
mod circuitmatter;
mod discoverable;
mod installed;
mod matter;
mod zigbee2mqtt;

pub use broker::Broker;
pub use circuitmatter::CircuitMatter;
pub use discoverable::Discoverable;
pub use matter::MatterDevice;
pub use zigbee2mqtt::Zigbee2Mqtt;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::process::Process;

/// How long a peer may take to start: Node loads for seconds, and on a machine that builds for many times that.
const START: Duration = Duration::from_secs(120);

/// A peer that takes orders as JSON lines and tells what it sees as JSON lines (`tests/peers/README.md`).
#[derive(Debug)]
pub struct Peer {
    /// The running peer.
    pub process: Process,
    orders: u64,
}

impl Peer {
    fn start(name: &str, command: &Command) -> Self {
        Self { process: Process::start(name, command), orders: 0 }
    }

    /// Waits until it is ready, and gives what it tells of itself then.
    async fn ready(&self) -> Value {
        let ready = |line: &str| parse(line).filter(|told| told["event"] == "ready");
        self.process.said_within(START, 0, "readiness", ready).await
    }

    /// Gives an order (`{"do": ...}`), and returns its result when it is carried out.
    pub async fn order(&mut self, mut order: Value) -> Value {
        self.orders += 1;
        let (id, mark) = (self.orders, self.process.mark());
        order["id"] = json!(id);
        self.process.write_line(&order.to_string()).await;
        let answer_to_it = |line: &str| parse(line).filter(|answer| answer["done"] == id || answer["failed"] == id);
        let mut answer = self.process.said_since(mark, &format!("answer to {order}"), answer_to_it).await;
        assert!(answer["failed"].is_null(), "{order} fails: {}", answer["why"]);
        answer["result"].take()
    }

    /// A place in what it tells: a mark for [`Peer::tells`].
    pub fn mark(&self) -> usize {
        self.process.mark()
    }

    /// Waits until it tells something, from the mark on, in which `find` finds something.
    pub async fn tells<T>(&self, mark: usize, what: &str, mut find: impl FnMut(&Value) -> Option<T>) -> T {
        self.process.said_since(mark, what, |line| find(&parse(line)?)).await
    }

    /// What it told from the mark on, as far as `find` finds something.
    pub fn told<T>(&self, mark: usize, mut find: impl FnMut(&Value) -> Option<T>) -> Vec<T> {
        self.process.said().iter().skip(mark).filter_map(|line| find(&parse(line)?)).collect()
    }
}

/// A line of JSON; its other lines are logs.
fn parse(line: &str) -> Option<Value> {
    line.starts_with('{').then(|| serde_json::from_str(line).ok()).flatten()
}
