//! A mosquitto of the test's own, spoken to by its own command line programs.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Broker {
    pub port: u16,
    process: Child,
    _folder: TempDir,
}

impl Broker {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = folder.path().join("mosquitto.conf");
        let text = format!("listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n");
        fs::write(&file, text).unwrap();
        // Debian keeps it where only root's PATH looks.
        let process = ["mosquitto", "/usr/sbin/mosquitto"].into_iter().find_map(|program| {
            let mut command = Command::new(program);
            command.arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        });
        let process = process.expect("mosquitto is installed; these tests need a real broker");
        until("the broker", || TcpStream::connect(("127.0.0.1", port)).ok());
        Self { port, process, _folder: folder }
    }

    pub fn settings(&self) -> String {
        format!("broker = 'mqtt://127.0.0.1:{}'", self.port)
    }

    pub fn publish(&self, topic: &str, payload: &str, retain: bool) {
        let mut command = Command::new("mosquitto_pub");
        command.args(["-h", "127.0.0.1", "-q", "1", "-p", &self.port.to_string(), "-t", topic, "-m", payload]);
        if retain {
            command.arg("-r");
        }
        assert!(command.status().unwrap().success(), "{topic}");
    }

    /// What the broker keeps under a filter, by topic. It says it at once, and then nothing more.
    fn listed(&self, filter: &str) -> Vec<(String, String)> {
        let output = Command::new("mosquitto_sub")
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-v", "--retained-only", "-W", "1", "-t", filter])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = |line: &str| line.split_once(' ').map(|(topic, payload)| (topic.into(), payload.into()));
        text.lines().filter_map(line).collect()
    }

    pub fn all_kept(&self, filter: &str) -> Vec<String> {
        self.listed(filter).into_iter().map(|(topic, _)| topic).collect()
    }

    /// The unique ids of everything that this hub announces.
    pub fn announced(&self) -> Vec<String> {
        let listed = self.listed("homeassistant/+/hearth/+/config");
        let id = |text: &str| text.split(r#""unique_id":""#).nth(1)?.split('"').next().map(str::to_owned);
        listed.iter().map(|(topic, text)| id(text).unwrap_or_else(|| panic!("{topic} has no unique id"))).collect()
    }

    pub fn kept(&self, topic: &str) -> String {
        until(topic, || self.listed(topic).into_iter().next().map(|(_, payload)| payload))
    }

    pub fn kept_like(&self, filter: &str, part: &str) -> String {
        until(part, || self.listed(filter).into_iter().map(|(_, text)| text).find(|text| text.contains(part)))
    }

    pub fn until_kept(&self, topic: &str, part: &str) {
        let is = || self.listed(topic).iter().any(|(_, text)| text.contains(part)).then_some(());
        until(&format!("{part} on {topic}"), is);
    }

    pub fn until_gone(&self, topic: &str) {
        until(&format!("nothing on {topic}"), || self.listed(topic).is_empty().then_some(()));
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks again until there is an answer. The programs asked take their time, so that nothing is asked too often.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "there never is {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
