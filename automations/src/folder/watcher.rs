//! Tells when something in a folder has changed: from the system where it can, and by looking now and then anyway.

use std::{path::Path, time::Duration};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{sync::mpsc, time};

use super::Look;

/// Changes come in bursts (an editor writes, renames, touches): this long nothing must come before they count.
const QUIET: Duration = Duration::from_millis(100);
/// But no burst is waited out longer than this.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the folder is looked at where the system tells of changes, and where it doesn't (network file systems).
const WATCHED: Duration = Duration::from_secs(30);
const UNWATCHED: Duration = Duration::from_secs(3);

/// Watches one folder.
pub(crate) struct Watcher {
    changes: mpsc::Receiver<()>,
    /// Dropped, it would stop to watch.
    watching: Option<RecommendedWatcher>,
}

impl Watcher {
    /// Watches a folder; where that can't be, it is only looked at now and then.
    pub(crate) fn of(path: &Path) -> Self {
        // One is enough: full means that a change is known already and not looked at yet.
        let (changed, changes) = mpsc::channel(1);
        let tell = move |event: notify::Result<Event>| {
            // Reading is no change, or the hub's own reading would wake it for ever.
            if event.is_ok_and(|event| !event.kind.is_access()) {
                let _ = changed.try_send(());
            }
        };
        let watching = notify::recommended_watcher(tell).and_then(|mut watcher| {
            // The blueprints lie in a folder within.
            watcher.watch(path, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        if let Err(error) = &watching {
            tracing::debug!(path = %path.display(), %error, "The folder of rules can't be watched; it is looked at now and then.");
        }
        Self { changes, watching: watching.ok() }
    }

    /// Waits until the folder should be looked at again. Dropping the future loses nothing but the wait for quiet.
    pub(crate) async fn changed(&mut self) -> Look {
        let period = if self.watching.is_some() { WATCHED } else { UNWATCHED };
        let Ok(Some(())) = time::timeout(period, self.changes.recv()).await else {
            if self.watching.is_none() {
                // The sender is gone with the watcher, so that there is nothing to wait for but time.
                time::sleep(period).await;
            }
            return Look::Glance;
        };
        let patience = time::Instant::now() + PATIENCE;
        while let Ok(Some(())) = time::timeout(QUIET, self.changes.recv()).await {
            if time::Instant::now() >= patience {
                break;
            }
        }
        Look::Thorough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_folder_that_cannot_be_watched_is_looked_at_now_and_then() {
        let mut watcher = Watcher::of(Path::new("/nowhere/at/all"));
        let start = time::Instant::now();
        assert_eq!(watcher.changed().await, Look::Glance);
        assert!(start.elapsed() >= UNWATCHED && start.elapsed() < WATCHED);
    }

    #[tokio::test]
    async fn a_change_in_a_watched_folder_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut watcher = Watcher::of(folder.path());
        std::fs::write(folder.path().join("a.toml"), "").unwrap();
        assert_eq!(watcher.changed().await, Look::Thorough);
    }
}
