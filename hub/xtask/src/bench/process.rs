//! The hub as a process: what the kernel counts of it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// A running hub; it is killed where it was not ended.
pub(super) struct Hub {
    child: Child,
    /// When it was started.
    pub(super) begun: Instant,
}

/// How a hub is started.
pub(super) struct Plan {
    /// Its program.
    pub(super) program: PathBuf,
    /// Its data folder.
    pub(super) data: PathBuf,
    /// Where it listens on this machine.
    pub(super) port: u16,
}

impl Plan {
    /// Starts it.
    pub(super) fn start(&self) -> Result<Hub> {
        let mut command = Command::new(&self.program);
        command.arg("run").arg("--data").arg(&self.data).args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        let log = File::options().create(true).append(true).open(self.data.with_extension("log"))?;
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        Ok(Hub { child: child.with_context(|| self.program.display().to_string())?, begun })
    }

    /// A token for the owner.
    pub(super) fn token(&self) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(["token", "--name", "bench", "--role", "owner", "--data"]).arg(&self.data);
        let output = command.output()?;
        ensure!(output.status.success(), "hub token: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Hub {
    /// Memory that it holds, in megabytes (10⁶ bytes).
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

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
