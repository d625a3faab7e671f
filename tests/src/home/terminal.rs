//! A command of the hub's own, as somebody types it.

use std::process::Stdio;

use tokio::{io::AsyncWriteExt, process::Command};

use crate::patience::in_time;

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Said {
    /// Runs a command to its end, with `told` on its standard input.
    pub async fn by(mut command: Command, told: Option<&str>) -> Self {
        command.stdin(if told.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.env_remove("HUB_DATA").env_remove("HUB_TOKEN").env_remove("RUST_LOG");
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        if let (Some(told), Some(mut stdin)) = (told, child.stdin.take()) {
            // A command that ends without reading closes the pipe, and its own words say more than that.
            let _ = stdin.write_all(format!("{told}\n").as_bytes()).await;
        }
        let ended = in_time(format_args!("end of {command:?}"), child.wait_with_output()).await;
        let output = ended.unwrap_or_else(|error| panic!("{command:?} cannot be waited for: {error}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Whether it ended well.
    pub fn good(&self) -> bool {
        self.code == Some(0)
    }
}
