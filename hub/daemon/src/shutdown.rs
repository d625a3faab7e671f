//! The end: who asks for it, and how long it may take.

use std::{io, time::Duration};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long phones may take to finish what they began, once the end was asked for. With the hub's own 1.5 s it keeps
/// the whole below 2 s.
pub(crate) const LINGER: Duration = Duration::from_millis(300);

/// How long rules may take to end. They do at once, unless their folder is on a disk that stands still.
pub(crate) const RULES: Duration = Duration::from_millis(500);

/// A token that is cancelled by SIGTERM, SIGINT (Ctrl-C) and SIGHUP (the terminal is gone).
pub(crate) fn on_signal() -> io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let (mut signal, stop) = (signal(kind)?, stop.clone());
        tokio::spawn(async move {
            signal.recv().await;
            stop.cancel();
        });
    }
    Ok(stop)
}
