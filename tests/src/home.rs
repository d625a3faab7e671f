//! A hub of a test's own: the real binary, on a temporary data folder and a free loopback port.

mod binary;
mod plan;
mod sight;
mod terminal;

use std::path::{Path, PathBuf};

use hyper::Method;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{answer::Answer, api::Api, patience::eventually, port::Port, process::Process, subscription::Subscription};

pub use binary::hub_binary;
pub use plan::HomePlan;
pub use terminal::Said;

/// Everything that the stream of events tells.
const EVENTS: &str = "{ cursor at cause { actor name depth } change { device endpoint property old new } \
     occurrence { device endpoint occurrence } reachability { device reachable } device { id } home \
     command { device outcome } scene { scene } notice { title text } snapshot { home { cursor } } }";

/// A running hub. It ends with its test, and shows what it logged when the test fails.
#[derive(Debug)]
pub struct TestHome {
    /// How it is started, now and at every [`TestHome::restart`].
    pub plan: HomePlan,
    /// The running hub.
    pub process: Process,
    /// The owner.
    pub owner: Api,
    port: Port,
    data: PathBuf,
    /// Where its data is, if nobody else keeps that.
    _folder: Option<TempDir>,
}

impl TestHome {
    /// A home with nothing in it but what the plan is told.
    pub fn plan() -> HomePlan {
        HomePlan::default()
    }

    /// The simulated home of seed 7.
    pub async fn simulated() -> Self {
        Self::plan().simulated().start().await
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    /// Where it listens, `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port.number)
    }

    /// The owner's query; it has to succeed.
    pub async fn query(&self, document: &str) -> Value {
        self.owner.query(document).await
    }

    /// The owner's mutation; it has to succeed.
    pub async fn mutate(&self, document: &str) -> Value {
        self.owner.mutate(document).await
    }

    /// The stream of events from now on, with all that they tell.
    pub async fn events(&self) -> Subscription {
        self.owner.subscribe(&format!("subscription {{ events {EVENTS} }}")).await
    }

    /// The stream of events after a cursor.
    pub async fn events_since(&self, cursor: &str) -> Subscription {
        self.owner.subscribe(&format!("subscription {{ events(since: \"{cursor}\") {EVENTS} }}")).await
    }

    /// Where the stream of events stands.
    pub async fn cursor(&self) -> String {
        let answer = self.query("{ home { cursor } }").await;
        answer["home"]["cursor"].as_str().expect("a home has a cursor").to_owned()
    }

    /// All devices but the house itself, which every hub has, with all that can be known of them.
    pub async fn devices(&self) -> Vec<Value> {
        let answer = self.query(&format!("{{ devices {DEVICE} }}")).await;
        let devices = answer["devices"].as_array().cloned().expect("devices are a list");
        devices.into_iter().filter(|device| device["handle"] != "house").collect()
    }

    /// A device by id or handle; null when there is none.
    pub async fn device(&self, device: &str) -> Value {
        let mut answer = self.query(&format!("{{ device(id: \"{device}\") {DEVICE} }}")).await;
        answer["device"].take()
    }

    /// The value of a property, by device, endpoint and property.
    pub async fn value(&self, device: &str, endpoint: &str, property: &str) -> Value {
        value_in(&self.device(device).await, endpoint, property)
    }

    /// Sets properties of an endpoint (`"onOff: { on: true }"`), and gives the outcome.
    pub async fn set(&self, device: &str, endpoint: &str, set: &str) -> String {
        self.control(device, endpoint, &format!("set: {{ {set} }}")).await
    }

    /// Takes an action of an endpoint (`"lock: { lock: {} }"`), and gives the outcome.
    pub async fn invoke(&self, device: &str, endpoint: &str, action: &str) -> String {
        self.control(device, endpoint, &format!("invoke: {{ {action} }}")).await
    }

    async fn control(&self, device: &str, endpoint: &str, what: &str) -> String {
        let told = self
            .mutate(&format!(
                "mutation {{ control(device: \"{device}\", endpoint: \"{endpoint}\", {what}) {{ outcome }} }}"
            ))
            .await;
        told["control"]["outcome"].as_str().expect("every command has an outcome").to_owned()
    }

    /// Waits until the devices are as wanted, by looking again after every event.
    pub async fn until_devices<T>(&self, what: &str, mut find: impl FnMut(&[Value]) -> Option<T>) -> T {
        let mut events = self.events().await;
        let looking = async {
            loop {
                if let Some(found) = find(&self.devices().await) {
                    return found;
                }
                // Many devices come at once: what has already happened is one reason to look, not a hundred.
                events.next_burst().await;
            }
        };
        match tokio::time::timeout(crate::PATIENCE, looking).await {
            Ok(found) => found,
            Err(_) => panic!("there are no {what} among {:#?}", self.devices().await),
        }
    }

    /// A command of the hub's own (`hub devices`), on this home's data folder.
    pub async fn hub<const N: usize>(&self, words: [&str; N]) -> Said {
        Said::by(self.command(words), None).await
    }

    /// The same with something on its standard input.
    pub async fn hub_told<const N: usize>(&self, words: [&str; N], told: &str) -> Said {
        Said::by(self.command(words), Some(told)).await
    }

    fn command<const N: usize>(&self, words: [&str; N]) -> Command {
        let mut command = Command::new(hub_binary());
        command.args(words).arg("--data").arg(&self.data);
        command
    }

    /// Everything in its data folder, the databases included, and its log: what must hold no secret.
    pub fn everything_written(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.data()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("the data folder can be read").flatten() {
                let kind = entry.file_type().expect("a file has a kind");
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    files.push((entry.path(), std::fs::read(entry.path()).unwrap_or_default()));
                }
            }
        }
        files.push((PathBuf::from("the log"), self.process.said().join("\n").into_bytes()));
        files
    }

    /// A new token, by `hub token`.
    pub async fn token(&self, name: &str, role: &str) -> String {
        let said = self.hub(["token", "--name", name, "--role", role]).await;
        assert!(said.good(), "hub token fails: {said:?}");
        said.out.trim().to_owned()
    }

    /// Somebody else, with a token of that role.
    pub async fn somebody(&self, role: &str) -> Api {
        let token = self.token(role, role).await;
        self.owner.with_token(Some(&token))
    }

    /// Ends it with no chance to tidy up.
    pub async fn kill9(&mut self) {
        self.process.kill9().await;
    }

    /// Asks it to end, and waits for that.
    pub async fn stop(&mut self) -> std::process::ExitStatus {
        if self.process.ended().is_none() {
            self.process.signal("TERM").await;
        }
        self.process.end().await
    }

    /// Ends it, where it still runs, and starts it again on the same folder and port.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_again().await;
    }

    /// Starts it again after its end.
    pub async fn start_again(&mut self) {
        self.process = launch(&self.plan, &self.data(), &self.port);
        ready(&mut self.process, &self.owner).await;
    }
}

/// The fields of a device that tests look at.
const DEVICE: &str = "{ id handle name room { id name } reachable lastSeen \
     endpoints { id kind name actions properties { id value unit changedAt reportedAt } } }";

/// The value of a property of a device that was queried; null for none.
pub fn value_in(device: &Value, endpoint: &str, property: &str) -> Value {
    let all = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let endpoint = all(&device["endpoints"]).into_iter().find(|one| one["id"] == endpoint).unwrap_or_default();
    let property = all(&endpoint["properties"]).into_iter().find(|one| one["id"] == property).unwrap_or_default();
    property["value"].clone()
}

fn launch(plan: &HomePlan, data: &Path, port: &Port) -> Process {
    Process::start("the hub", &plan.command(data, &format!("127.0.0.1:{}", port.number)))
}

/// Waits until it answers; when it ends instead, the test ends at once.
async fn ready(process: &mut Process, api: &Api) {
    let healthy = |answer: anyhow::Result<Answer>| answer.is_ok_and(|answer| answer.status == 200);
    eventually("answer of the hub to /healthz", async || {
        if let Some(status) = process.ended() {
            panic!("the hub ended ({status}) instead of answering");
        }
        healthy(api.try_send(Method::GET, "/healthz", "").await).then_some(())
    })
    .await;
}
