//! Writes what shall hold over a restart, on a task of its own: a slow disk must not hold up what devices report.

use std::collections::BTreeMap;

use adapter_api::Context;
use tokio::{sync::watch, task::JoinHandle};

/// Notes by their names; an empty one is forgotten.
pub(super) type Notes = BTreeMap<String, Vec<u8>>;

/// The writer. The newest of each note wins; those between are of no use to anybody.
pub(super) struct Keeper {
    newest: watch::Sender<Notes>,
    writer: JoinHandle<()>,
}

impl Keeper {
    /// Begins to write.
    pub(super) fn begin(context: Context) -> Self {
        let (newest, notes) = watch::channel(Notes::new());
        Self { newest, writer: tokio::spawn(write(context, notes)) }
    }

    /// These shall be kept, if they are not yet. What could not be written before is tried again.
    pub(super) fn keep(&self, notes: Notes) {
        self.newest.send_modify(|newest| newest.extend(notes));
    }

    /// Writes what is not written yet, and ends.
    pub(super) async fn close(self) {
        drop(self.newest);
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "what Matter keeps is no longer written");
        }
    }
}

async fn write(context: Context, mut newest: watch::Receiver<Notes>) {
    let mut kept = Notes::new();
    // What was noted last is seen before the end of the channel is.
    while newest.changed().await.is_ok() {
        let notes = newest.borrow_and_update().clone();
        for (name, bytes) in notes {
            if kept.get(&name) == Some(&bytes) {
                continue;
            }
            match context.keep(&name, &bytes).await {
                Ok(()) => drop(kept.insert(name, bytes)),
                Err(error) => tracing::warn!(
                    %error,
                    name,
                    "a note can't be kept; after a restart Matter nodes are searched for, and their events begin anew"
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use adapter_api::{Secret, SecretError, Vault};
    use futures_util::future::BoxFuture;
    use hub_model::AdapterName;
    use tokio::sync::{Semaphore, mpsc};
    use tokio_util::sync::CancellationToken;

    use super::*;

    /// A disk that writes only as often as it is let.
    struct Slow {
        permits: Arc<Semaphore>,
        written: Arc<AtomicUsize>,
    }

    impl Vault for Slow {
        fn secret(&self, name: &str) -> Result<Secret, SecretError> {
            Err(SecretError::Missing(name.into()))
        }
        fn recall(&self, _: &AdapterName, _: &str) -> Result<Option<Vec<u8>>, SecretError> {
            Ok(None)
        }
        fn keep(&self, _: &AdapterName, _: &str, _: &[u8]) -> BoxFuture<'static, Result<(), SecretError>> {
            let (permits, written) = (Arc::clone(&self.permits), Arc::clone(&self.written));
            Box::pin(async move {
                permits.acquire().await.expect("it is not closed").forget();
                written.fetch_add(1, Ordering::Relaxed);
                Ok(())
            })
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_the_disk_and_only_the_newest_is_written() {
        let (permits, written) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
        let vault = Arc::new(Slow { permits: Arc::clone(&permits), written: Arc::clone(&written) });
        let (sender, _inbox) = mpsc::channel(8);
        let keeper =
            Keeper::begin(Context::new(AdapterName::new_static("matter"), sender, vault, CancellationToken::new()));
        let note = |text: u8| Notes::from([("place".to_owned(), vec![text])]);
        keeper.keep(note(0));
        tokio::task::yield_now().await;
        for text in 1..100 {
            keeper.keep(note(text));
        }
        permits.add_permits(100);
        keeper.close().await;
        assert_eq!(written.load(Ordering::Relaxed), 2, "the first, which was begun, and the last");
    }
}
