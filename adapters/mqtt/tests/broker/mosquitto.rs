//! A mosquitto of the test's own, and a small client that speaks for the devices.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A running broker in a folder of its own.
pub struct Mosquitto {
    folder: TempDir,
    port: u16,
    process: Child,
    tls: bool,
    user: Option<(String, String)>,
}

/// Publishes and listens by mosquitto's own command line programs, which know nothing of the client under test.
pub struct Client {
    arguments: Vec<String>,
}

/// What comes on one topic.
pub struct Listening {
    lines: mpsc::Receiver<String>,
    process: Child,
}

impl Mosquitto {
    /// A broker that lets everyone in; `more` are lines for its configuration.
    pub fn start(more: &str) -> Self {
        Self::run(tempfile::tempdir().unwrap(), &format!("allow_anonymous true\n{more}"), false, None)
    }

    /// A broker that lets this user in and nobody else.
    pub fn start_with_password(user: &str, password: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        fs::write(&file, "").unwrap();
        let made =
            Command::new("mosquitto_passwd").args(["-b".as_ref(), file.as_os_str()]).args([user, password]).status();
        assert!(made.expect("mosquitto_passwd is installed with mosquitto").success());
        open_to_all(&file);
        let more = format!("allow_anonymous false\npassword_file {}\n", file.display());
        Self::run(folder, &more, false, Some((user.into(), password.into())))
    }

    /// A broker with a certificate for `localhost`, from the authority in `ca.pem`; `other.pem` is another authority.
    pub fn start_with_tls() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let authority = |name: &str| {
            let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
            parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
            parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            let key = rcgen::KeyPair::generate().unwrap();
            fs::write(path(name), parameters.self_signed(&key).unwrap().pem()).unwrap();
            rcgen::Issuer::new(parameters, key)
        };
        let issuer = authority("ca.pem");
        authority("other.pem");
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
        fs::write(path("broker.pem"), parameters.signed_by(&key, &issuer).unwrap().pem()).unwrap();
        fs::write(path("broker.key"), key.serialize_pem()).unwrap();
        open_to_all(&path("broker.key"));
        let more = format!(
            "allow_anonymous true\ncertfile {}\nkeyfile {}\n",
            path("broker.pem").display(),
            path("broker.key").display()
        );
        Self::run(folder, &more, true, None)
    }

    fn run(folder: TempDir, more: &str, tls: bool, user: Option<(String, String)>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listener = format!("listener {port} 127.0.0.1\n{more}log_type all\nset_tcp_nodelay true\n");
        fs::write(folder.path().join("mosquitto.conf"), listener).unwrap();
        let process = spawn(folder.path());
        let broker = Self { folder, port, process, tls, user };
        broker.wait_until_it_listens();
        broker
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again on the same port.
    pub fn restart(&mut self) {
        self.process = spawn(self.folder.path());
        self.wait_until_it_listens();
    }

    /// The line of the adapter's settings that names it.
    pub fn settings(&self) -> String {
        let (scheme, host) = if self.tls { ("mqtts", "localhost") } else { ("mqtt", "127.0.0.1") };
        format!("broker = '{scheme}://{host}:{}'", self.port)
    }

    /// The path of a file in its folder.
    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A client that may do everything.
    pub fn client(&self) -> Client {
        let mut arguments: Vec<String> = ["-h", "localhost", "-p"].map(str::to_owned).to_vec();
        arguments.push(self.port.to_string());
        if self.tls {
            arguments.extend(["--cafile".to_owned(), self.file("ca.pem")]);
        }
        if let Some((user, password)) = &self.user {
            arguments.extend(["-u", user, "-P", password].map(str::to_owned));
        }
        Client { arguments }
    }

    /// Waits until its log has these words.
    pub async fn wait_for_log(&self, words: &str) {
        let end = Instant::now() + Duration::from_secs(10);
        while !fs::read_to_string(self.file("log")).unwrap_or_default().contains(words) {
            assert!(Instant::now() < end, "the broker's log never says `{words}`");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn wait_until_it_listens(&self) {
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = fs::read_to_string(self.file("log")).unwrap_or_default();
            assert!(Instant::now() < end, "mosquitto does not listen: {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn spawn(folder: &Path) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    // Debian keeps the daemon where ordinary paths don't look.
    let program = ["mosquitto", "/usr/sbin/mosquitto"].into_iter().find_map(|program| {
        let mut command = Command::new(program);
        command.arg("-c").arg(folder.join("mosquitto.conf")).stdout(Stdio::null());
        command.stderr(log.try_clone().unwrap()).spawn().ok()
    });
    program.expect("the program `mosquitto` is missing; install it, as these tests need a real broker")
}

/// Started by root, mosquitto goes on as another user and could not read files of root's.
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Client {
    /// Publishes one message; it has reached the broker when this returns.
    pub fn publish(&self, topic: &str, payload: &str, retain: bool) {
        let mut command = Command::new("mosquitto_pub");
        // An empty message is asked for by another name than one that is read from the input.
        let source = if payload.is_empty() { "-n" } else { "-s" };
        command.args(&self.arguments).args(["-q", "1", "-t", topic, source]);
        if retain {
            command.arg("-r");
        }
        let mut process = command.stdin(Stdio::piped()).spawn().expect("mosquitto_pub is installed with mosquitto");
        process.stdin.take().unwrap().write_all(payload.as_bytes()).unwrap();
        assert!(process.wait().unwrap().success(), "publishing to {topic}");
    }

    /// Publishes many messages with quality 0 over one connection, in MQTT 3.1.1 by hand: a process for each would take
    /// minutes. The broker may still be working on them when this returns.
    pub fn flood(&self, messages: impl Iterator<Item = (String, String)>, retain: bool) {
        let port = self.arguments[3].parse::<u16>().unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05flood").unwrap();
        stream.read_exact(&mut [0; 4]).unwrap();
        let mut bytes = Vec::new();
        for (topic, payload) in messages {
            let length = 2 + topic.len() + payload.len();
            assert!((128..16_384).contains(&length), "the length is written in two bytes here");
            bytes.extend([0x30 | u8::from(retain), length as u8 | 0x80, (length >> 7) as u8]);
            bytes.extend((topic.len() as u16).to_be_bytes());
            bytes.extend(topic.bytes().chain(payload.bytes()));
        }
        stream.write_all(&bytes).unwrap();
        stream.write_all(b"\xe0\x00").unwrap();
    }

    /// Listens on a topic; the subscription stands when this returns.
    pub fn listen(&self, topic: &str) -> Listening {
        let mut process = Command::new("mosquitto_sub")
            .args(&self.arguments)
            .args(["-t", topic, "-t", "listening"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("mosquitto_sub is installed with mosquitto");
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let listening = Listening { lines, process };
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            self.publish("listening", "?", false);
            if listening.lines.recv_timeout(Duration::from_millis(50)).is_ok() {
                return listening;
            }
            assert!(Instant::now() < end, "mosquitto_sub never listens");
        }
    }
}

impl Listening {
    /// The next message.
    pub fn next(&self) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(10)).expect("a message comes");
            if line != "?" {
                return line;
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
