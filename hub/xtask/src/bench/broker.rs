//! A mosquitto of the bench's own.

use std::{
    fs::File,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::repository;

/// A broker that ends with this.
pub(super) struct Broker {
    /// Where it listens on this machine.
    pub(super) port: u16,
    child: Child,
}

impl Broker {
    /// Starts one and waits until it takes connections.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = repository::command("tests/peers/broker", &[]);
        // It ends when its standard input does. Without a limit, as a burst of states is what is measured.
        command.arg(folder).arg(port.to_string()).arg("max_queued_messages 0").stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(File::create(folder.with_extension("log"))?);
        let child = command.spawn().context("the broker can't be started: run tests/peers/install")?;
        let broker = Self { port, child };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(begun.elapsed() < Duration::from_secs(10), "the broker takes no connections");
            sleep(Duration::from_millis(20));
        }
        Ok(broker)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free just now.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
