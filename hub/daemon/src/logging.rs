//! The log: fields, then one sentence, on standard error.

use std::io::{IsTerminal, stderr};

use anyhow::Context;
use tracing_subscriber::{EnvFilter, fmt};

/// What is logged where nobody says otherwise: what an owner would tell a friend.
pub(crate) const USUAL: &str = "info";

/// Begins logging. `filter` is a level, or targets with levels (`info,adapter_mqtt=debug`).
pub(crate) fn begin(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter).with_context(|| format!("`{filter}` is not a log filter"))?;
    let terminal = stderr().is_terminal();
    let log = fmt().with_env_filter(filter).with_writer(stderr).with_ansi(terminal).with_target(false);
    // The journal of systemd and the logs of containers stamp each line themselves.
    if terminal {
        log.init()
    } else {
        log.without_time().init()
    }
    Ok(())
}
