//! A real mosquitto.

use tempfile::TempDir;
use tokio::{net::TcpStream, process::Command};

use super::installed::{require_program, scripts};
use crate::{mqtt::Mqtt, patience::eventually, port::Port, process::Process};

/// A mosquitto on a port of its own, which forgets everything at its end.
#[derive(Debug)]
pub struct Broker {
    /// The running broker.
    pub process: Process,
    port: Port,
    folder: TempDir,
    settings: Vec<String>,
}

impl Broker {
    /// One that takes everybody.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// One with lines of mosquitto.conf.
    pub async fn with(settings: &[&str]) -> Self {
        require_program("mosquitto");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let port = Port::free();
        // As root it would become another user, who can't read the test's files, and whom the kernel no longer ends
        // together with the test.
        let settings: Vec<String> = settings.iter().chain(&["user root"]).map(|&line| line.to_owned()).collect();
        let process = launch(&folder, &port, &settings);
        let mut broker = Self { process, port, folder, settings };
        broker.ready().await;
        broker
    }

    /// A broker that asks for a name and a password.
    pub async fn with_password(user: &str, password: &str) -> Self {
        require_program("mosquitto_passwd");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let file = folder.path().join("passwords");
        let made = Command::new("mosquitto_passwd").args(["-b", "-c"]).arg(&file).args([user, password]).status().await;
        assert!(made.is_ok_and(|status| status.success()), "mosquitto_passwd makes no file");
        let mut broker = Self::with(&["allow_anonymous false", &format!("password_file {}", file.display())]).await;
        // The file has to live as long as the broker.
        let settings = std::mem::replace(&mut broker.folder, folder);
        drop(settings);
        broker
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port.number
    }

    /// Where it is, `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port.number)
    }

    /// A client of the test's own.
    pub async fn client(&self, name: &str) -> Mqtt {
        Mqtt::connect(self.port(), name).await
    }

    /// Ends it with no chance to say goodbye. What it kept is gone.
    pub async fn kill9(&mut self) {
        self.process.kill9().await;
    }

    /// Starts it again on the same port.
    pub async fn start_again(&mut self) {
        self.process = launch(&self.folder, &self.port, &self.settings);
        self.ready().await;
    }

    async fn ready(&mut self) {
        let (process, address) = (&mut self.process, ("127.0.0.1", self.port.number));
        eventually("connection with the broker", async || {
            if let Some(status) = process.ended() {
                panic!("the broker ended ({status}) instead of listening");
            }
            TcpStream::connect(address).await.ok()
        })
        .await;
    }
}

fn launch(folder: &TempDir, port: &Port, settings: &[String]) -> Process {
    let mut command = Command::new(scripts().join("broker"));
    command.arg(folder.path()).arg(port.number.to_string()).args(settings);
    Process::start("the broker", &command)
}
