//! A child process of a test: what it says is kept, and it ends with its test however that ends.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    sync::watch,
};

use crate::patience::{PATIENCE, in_time, within};

/// How many of its last lines are shown when the test fails, and how many letters of each.
const LINES_SHOWN: usize = 150;
const LONGEST_SHOWN: usize = 300;

/// A child process. It is killed when this is dropped, and by the kernel when the test itself is killed.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    /// What it said. The senders are with those who listen to it, so that they are gone when it has ended.
    lines: watch::Receiver<Vec<String>>,
}

impl Process {
    /// Starts a program. `name` is for messages.
    ///
    /// The kernel ends it with the thread that called this, which for a test is the test's own.
    pub fn start(name: &str, program: &Command) -> Self {
        let program = program.as_std();
        // Linux alone knows how to tie a child to its parent; elsewhere a killed test leaves its children behind.
        let mut guarded = if cfg!(target_os = "linux") {
            let mut guarded = Command::new("setpriv");
            guarded.args(["--pdeathsig", "KILL", "--"]).arg(program.get_program());
            guarded
        } else {
            Command::new(program.get_program())
        };
        guarded.args(program.get_args());
        for (key, value) in program.get_envs() {
            match value {
                Some(value) => guarded.env(key, value),
                None => guarded.env_remove(key),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            guarded.current_dir(folder);
        }
        guarded.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = guarded.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error} ({program:?})"));
        let (said, lines) = watch::channel(Vec::new());
        let stdin = child.stdin.take();
        tokio::spawn(keep(child.stdout.take(), said.clone()));
        tokio::spawn(keep(child.stderr.take(), said));
        Self { name: name.into(), child, stdin, lines }
    }

    /// How many lines it has said so far: a mark for [`Process::said_since`].
    pub fn mark(&self) -> usize {
        self.lines.borrow().len()
    }

    /// Everything it said so far.
    pub fn said(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Waits until it says a line, from the line `mark` on, in which `find` finds something. Panics as soon as it has
    /// closed its outputs without such a line, as it does when it ends.
    pub async fn said_since<T>(&self, mark: usize, what: &str, find: impl FnMut(&str) -> Option<T>) -> T {
        self.said_within(PATIENCE, mark, what, find).await
    }

    /// The same for what may take longer.
    pub async fn said_within<T>(
        &self,
        patience: Duration,
        mark: usize,
        what: &str,
        mut find: impl FnMut(&str) -> Option<T>,
    ) -> T {
        let mut lines = self.lines.clone();
        let mut next = mark;
        let waiting = async {
            loop {
                {
                    let lines = lines.borrow_and_update();
                    for line in lines.iter().skip(next) {
                        if let Some(found) = find(line) {
                            return found;
                        }
                    }
                    next = next.max(lines.len());
                }
                if lines.changed().await.is_err() {
                    panic!("{} ended, and there was no {what}", self.name);
                }
            }
        };
        within(patience, format_args!("{what} from {}", self.name), waiting).await
    }

    /// Writes a line to its standard input.
    pub async fn write_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("its standard input is open");
        let line = format!("{line}\n");
        stdin.write_all(line.as_bytes()).await.unwrap_or_else(|error| panic!("{} hears nothing: {error}", self.name));
    }

    /// Sends a signal (`TERM`).
    pub async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap_or_else(|| panic!("{} runs", self.name));
        let sent = Command::new("kill").args([format!("-{signal}"), id.to_string()]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "{} takes no signal", self.name);
    }

    /// Closes its standard input, at which all peers end, and waits until it is gone.
    pub async fn hang_up(&mut self) {
        self.stdin = None;
        self.end().await;
    }

    /// Waits for its end.
    pub async fn end(&mut self) -> ExitStatus {
        let ended = in_time(format_args!("end of {}", self.name), self.child.wait()).await;
        ended.unwrap_or_else(|error| panic!("{} cannot be waited for: {error}", self.name))
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The id that the system knows it by, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it with no chance to tidy up, as a power failure does, and waits until it is gone.
    pub async fn kill9(&mut self) {
        // It may have ended by itself just now; gone is gone.
        let _ = self.child.start_kill();
        self.end().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let lines = self.lines.borrow();
            eprintln!("--- what {} said ({} lines)", self.name, lines.len());
            // The end tells most; a broker or a hub under load says thousands.
            for line in lines.iter().skip(lines.len().saturating_sub(LINES_SHOWN)) {
                eprintln!("    {}", line.chars().take(LONGEST_SHOWN).collect::<String>());
            }
        }
    }
}

async fn keep(stream: Option<impl AsyncRead + Unpin>, lines: watch::Sender<Vec<String>>) {
    let Some(stream) = stream else { return };
    let mut stream = BufReader::new(stream);
    let mut bytes = Vec::new();
    while stream.read_until(b'\n', &mut bytes).await.is_ok_and(|read| read > 0) {
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        lines.send_modify(|lines| lines.push(line));
        bytes.clear();
    }
}
