//! A hub as a process: how it is started, and what the kernel counts of it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use super::{broker::free_port, http::Http, peer::Peer};
use crate::repository;

/// How a hub is started, again and again in the same data folder.
pub(super) struct Plan {
    /// Which.
    pub(super) peer: Peer,
    /// Where it listens on this machine.
    pub(super) port: u16,
    /// What opens it.
    pub(super) token: String,
    /// Its data folder.
    pub(super) data: PathBuf,
    /// Where its rules are.
    pub(super) rules: PathBuf,
    program: PathBuf,
}

/// A running hub; it is killed where it was not ended.
pub(super) struct Process {
    child: Child,
    /// When it was started.
    pub(super) begun: Instant,
}

impl Plan {
    /// Ours, in a fresh folder.
    pub(super) fn hearth(program: &Path, data: PathBuf, broker: u16) -> Result<Self> {
        Self::ours(program, data, &format!("[mqtt]\nbroker = \"mqtt://127.0.0.1:{broker}\"\n"))
    }

    /// Ours with Matter, in a fresh folder.
    pub(super) fn matter(program: &Path, data: PathBuf) -> Result<Self> {
        Self::ours(program, data, "[hub]\nlog = \"info,adapter_matter=debug\"\n[matter]\ntest_roots = true\n")
    }

    fn ours(program: &Path, data: PathBuf, settings: &str) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["token", "--name", "bench", "--role", "owner", "--data"]).arg(&data);
        let token = said(command.output()?)?;
        fs::write(data.join("hub.toml"), settings)?;
        fs::create_dir_all(data.join("automations"))?;
        let rules = data.join("automations/bench.toml");
        Ok(Self { peer: Peer::Hearth, port: free_port()?, token, data, rules, program: program.into() })
    }

    /// Home Assistant, installed where it is missing.
    pub(super) fn home_assistant(data: PathBuf, broker: u16) -> Result<Self> {
        let script = "tests/peers/home_assistant/run";
        let (port, install) = (free_port()?, repository::command("tests/peers/home_assistant/install", &[]));
        repository::must(install).context("Home Assistant can't be installed")?;
        let mut command = repository::command(script, &["--prepare"]);
        command.arg(&data).arg(port.to_string()).arg(broker.to_string());
        let token = said(command.output()?)?;
        let (rules, program) = (data.join("automations.yaml"), repository::root().join(script));
        Ok(Self { peer: Peer::HomeAssistant, port, token, data, rules, program })
    }

    /// Starts it.
    pub(super) fn start(&self) -> Result<Process> {
        let mut command = Command::new(&self.program);
        match self.peer {
            Peer::Hearth => {
                command.arg("run").arg("--data").arg(&self.data);
                command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
            }
            Peer::HomeAssistant => drop(command.arg(&self.data)),
        }
        let log = File::options().create(true).append(true).open(self.log())?;
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        Ok(Process { child: child.with_context(|| self.program.display().to_string())?, begun })
    }

    /// Where its log goes.
    pub(super) fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// A connection.
    pub(super) fn connect(&self) -> Result<Http> {
        Http::connect(self.port, &self.token)
    }
}

impl Process {
    /// Memory that it holds, in megabytes (10⁶ bytes), as the kernel counts it (`VmRSS`): its own, and what of its program
    /// and libraries is mapped in, which other processes may share.
    pub(super) fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(self.file("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel tells no VmRSS")?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024.0 / 1e6)
    }

    /// Processor time that it took so far, of threads that have ended too, to a hundredth of a second.
    pub(super) fn processor(&self) -> Result<Duration> {
        // `man 5 proc_pid_stat`: utime and stime are fields 14 and 15, counted past the name in brackets, in ticks.
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(self.file("stat"))?;
        let (_, fields) = stat.rsplit_once(')').context("the kernel tells no name")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
        Ok(TICK * ticks.sum::<Result<u32, _>>()?)
    }

    /// Ends it in good order, and says how long that took.
    pub(super) fn end(mut self) -> Result<Duration> {
        let begun = Instant::now();
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the hub ended with {status}");
        Ok(begun.elapsed())
    }

    fn file(&self, name: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program said in one line.
fn said(output: Output) -> Result<String> {
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
