//! A real Home Assistant, spoken to by its API.

use std::{
    env,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::broker::{Broker, until};

/// It writes its registry so long after an entity has come, at the most.
const WRITES: Duration = Duration::from_secs(60);

pub struct Assistant {
    process: Child,
    folder: TempDir,
    port: u16,
    token: String,
}

impl Assistant {
    /// Starts it with this broker, and waits until it answers. `None` where it is not installed.
    pub fn start(broker: &Broker) -> Option<Self> {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/home_assistant");
        let peers = env::var_os("HEARTH_PEERS").map_or_else(|| scripts.join("../../.peers"), PathBuf::from);
        let run = scripts.join("run");
        if !run.is_file() || !peers.join("home_assistant/bin/python").is_file() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let ports = [port.to_string(), broker.port.to_string()];
        let prepared = Command::new(&run).arg("--prepare").arg(folder.path()).args(ports).output().unwrap();
        assert!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
        let token = String::from_utf8(prepared.stdout).unwrap().trim().to_owned();
        let mut command = Command::new(&run);
        let process = command.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let assistant = Self { process, folder, port, token };
        until("Home Assistant", || assistant.ask("GET", "", "").filter(|answer| answer.contains("API running")));
        Some(assistant)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let url = format!("http://127.0.0.1:{}/api/{path}", self.port);
        let output = Command::new("curl")
            .args(["-sf", "-X", method, "-H", &format!("Authorization: Bearer {}", self.token)])
            .args(["-H", "Content-Type: application/json", "-d", body, &url])
            .output()
            .unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    pub fn until_state(&self, entity: &str, state: &str) {
        let wanted = format!(r#""state":"{state}""#);
        until(&format!("{entity} {state}"), || {
            self.ask("GET", &format!("states/{entity}"), "").filter(|answer| answer.contains(&wanted))
        });
    }

    pub fn call(&self, service: &str, body: &str) {
        assert!(self.ask("POST", &format!("services/{service}"), body).is_some(), "{service}");
    }

    /// Which of these unique ids its registry has not.
    pub fn missing(&self, ids: &[String]) -> Vec<String> {
        assert!(!ids.is_empty());
        let file = self.folder.path().join(".storage/core.entity_registry");
        let missing = || {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            ids.iter().filter(|id| !text.contains(&format!("\"{id}\""))).cloned().collect::<Vec<_>>()
        };
        let end = Instant::now() + WRITES;
        while !missing().is_empty() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(200));
        }
        missing()
    }

    /// What it wrote of MQTT in its log, where it writes what is wrong.
    pub fn complaints(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("home-assistant.log")).unwrap_or_default();
        log.lines().filter(|line| line.contains("mqtt")).collect()
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        // The script has made way for Python, so that this is Home Assistant itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
