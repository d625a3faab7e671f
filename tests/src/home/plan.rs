//! How a hub is to be started.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hyper::Method;
use tempfile::TempDir;
use tokio::process::Command;

use super::{TestHome, binary::hub_binary, launch, ready, terminal::Said};
use crate::{api::Api, disk::Disk, peer::Broker, port::Port};

/// What a hub finds when it starts.
#[derive(Debug, Clone, Default)]
pub struct HomePlan {
    /// Words behind `hub run`.
    pub words: Vec<String>,
    /// The settings file.
    pub settings: String,
    /// Rule files: name and text.
    pub rules: Vec<(String, String)>,
    /// Secrets: name and value.
    pub secrets: Vec<(String, String)>,
    /// Variables of its environment: name and value.
    pub environment: Vec<(String, String)>,
}

impl HomePlan {
    /// With the simulated home of seed 7.
    pub fn simulated(mut self) -> Self {
        self.words.extend(["--simulated", "--seed", "7"].map(str::to_owned));
        self
    }

    /// With lines for the settings file.
    pub fn settings(mut self, lines: &str) -> Self {
        self.settings.push_str(lines);
        self.settings.push('\n');
        self
    }

    /// Connected with a broker.
    pub fn broker(self, broker: &Broker) -> Self {
        self.broker_at(&broker.url())
    }

    /// Connected with a broker behind an address of one's own.
    pub fn broker_at(self, url: &str) -> Self {
        self.settings(&format!("[mqtt]\nbroker = \"{url}\""))
    }

    /// With Matter devices, whose certificates may be those of software devices.
    pub fn matter(self) -> Self {
        self.settings("[matter]\ntest_roots = true")
    }

    /// With a rule file.
    pub fn rule(mut self, name: &str, text: &str) -> Self {
        self.rules.push((name.into(), text.into()));
        self
    }

    /// With a secret that the settings may name.
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.push((name.into(), value.into()));
        self
    }

    /// With a variable in its environment.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Starts it, and waits until it answers.
    pub async fn start(self) -> TestHome {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        self.start_in(folder).await
    }

    /// Starts it in a folder that was prepared; its data is in `data` below.
    pub async fn start_in(self, folder: TempDir) -> TestHome {
        let data = folder.path().join("data");
        self.start_at(data, Some(folder)).await
    }

    /// Starts it with its data on a disk, which has to live longer.
    pub async fn start_on(self, disk: &Disk) -> TestHome {
        self.start_at(disk.path(), None).await
    }

    async fn start_at(self, data: PathBuf, folder: Option<TempDir>) -> TestHome {
        let port = Port::free();
        self.write(&data);
        self.put_secrets(&data).await;
        let process = launch(&self, &data, &port);
        let anybody = Api::new(format!("127.0.0.1:{}", port.number), None);
        let mut home = TestHome { plan: self, process, owner: anybody, port, data, _folder: folder };
        ready(&mut home.process, &home.owner).await;
        let token = home.token("the test", "owner").await;
        home.owner = home.owner.with_token(Some(&token));
        // A hub that answers nobody would fail every test in a way of its own.
        let answer = home.owner.send(Method::POST, "/graphql", r#"{"query":"{ home { name } }"}"#).await;
        assert_eq!(answer.status, 200, "the hub does not know its owner: {}", answer.text());
        home
    }

    /// Starts it on a data folder where it has to refuse, and gives what it says.
    pub async fn refused_in(&self, data: &Path) -> Said {
        let port = Port::free();
        let listen = format!("127.0.0.1:{}", port.number);
        let said = Said::by(self.command(data, &listen), None).await;
        assert!(!said.good(), "the hub should have refused to start: {said:?}");
        said
    }

    /// The command that starts it.
    pub fn command(&self, data: &Path, listen: &str) -> Command {
        let mut command = Command::new(hub_binary());
        command.arg("run").arg("--data").arg(data).args(["--listen", listen]).args(&self.words);
        // What the person who runs the tests has set for a hub of their own is not meant.
        command.env_remove("HUB_DATA").env_remove("HUB_TOKEN").env_remove("RUST_LOG");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Puts the files where the hub looks for them.
    pub fn write(&self, data: &Path) {
        let rules = data.join("automations");
        fs::create_dir_all(&rules).expect("the temporary folder can be written");
        fs::write(data.join("hub.toml"), &self.settings).expect("the temporary folder can be written");
        for (name, text) in &self.rules {
            fs::write(rules.join(name), text).expect("the temporary folder can be written");
        }
    }

    async fn put_secrets(&self, data: &Path) {
        for (name, value) in &self.secrets {
            let mut command = Command::new(hub_binary());
            command.args(["secret", "set", name]).arg("--data").arg(data);
            let said = Said::by(command, Some(value)).await;
            assert!(said.good(), "hub secret set {name} fails: {said:?}");
        }
    }
}
