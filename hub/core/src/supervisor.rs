//! Keeps adapters running: one that fails is run again, alone, after a while; nobody else notices.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use adapter_api::{Adapter, AdapterError, AdapterKind, Context, FromAdapter, Vault, queue};
use futures_util::FutureExt as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{feed::Feed, stats::Counters, task::Request};

/// The first and the longest wait before an adapter is run again.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// A run at least this long counts as healthy, so that the next wait is short again.
const HEALTHY: Duration = Duration::from_secs(120);

/// An adapter and the row of the list that it was made by.
#[derive(Clone)]
pub struct Carried {
    /// Its row.
    pub kind: &'static AdapterKind,
    /// The adapter.
    pub adapter: Arc<dyn Adapter>,
}

/// What an adapter's supervisor lives on.
#[derive(Clone)]
pub struct Supervisor {
    /// Where the adapter's messages go.
    pub inbox: mpsc::Sender<FromAdapter>,
    /// Where the hub task hears of adapters that come and go.
    pub requests: mpsc::Sender<Request>,
    /// Secrets and notes.
    pub vault: Arc<dyn Vault>,
    /// Ends the adapter.
    pub stop: CancellationToken,
    /// Where the home is, and with it its time zone.
    pub feed: Arc<Feed>,
    /// Counters.
    pub counters: Arc<Counters>,
}

impl Supervisor {
    /// Runs an adapter until the hub ends, again and again where it fails.
    pub async fn keep_running(self, carried: Carried) {
        let name = carried.kind.name;
        let mut wait = BACK_OFF.0;
        loop {
            let began = tokio::time::Instant::now();
            let ended = self.run_once(&carried).await;
            // The hub task is gone only while the hub ends.
            let _ = self.requests.send(Request::AdapterDown(carried.kind.adapter_name())).await;
            match ended {
                _ if self.stop.is_cancelled() => return,
                Err(AdapterError::Settings(error)) => {
                    tracing::error!(adapter = name, %error, "the adapter can't work with its settings and stays off");
                    return;
                }
                Err(AdapterError::Lost(error)) => {
                    tracing::warn!(adapter = name, %error, "the adapter failed and will be run again")
                }
                Ok(()) => tracing::warn!(adapter = name, "the adapter ended by itself and will be run again"),
            }
            Counters::add(&self.counters.adapter_failures, 1);
            wait = if began.elapsed() >= HEALTHY { BACK_OFF.0 } else { wait };
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(BACK_OFF.1),
            }
        }
    }

    /// One run: the adapter and the queues of its devices live and die together.
    async fn run_once(&self, carried: &Carried) -> Result<(), AdapterError> {
        let name = carried.kind.adapter_name();
        let stop = self.stop.child_token();
        let feed = Arc::clone(&self.feed);
        let context = Context::new(name.clone(), self.inbox.clone(), Arc::clone(&self.vault), stop.clone())
            .in_zone(move || feed.home().zone.clone());
        let (orders, ordered) = mpsc::channel(queue::ORDERS);
        let _ = self.requests.send(Request::AdapterUp(name, orders)).await;
        let mut run = Arc::clone(&carried.adapter).run(context.clone());
        let queues = queue::run(Arc::clone(&carried.adapter), context, ordered);
        let both = AssertUnwindSafe(async {
            tokio::select! {
                ended = &mut run => ended,
                // At the hub's end the queues go first, and the adapter may still have something to keep or to say.
                () = queues => {
                    stop.cancel();
                    run.await
                }
            }
        });
        let ended =
            both.catch_unwind().await.unwrap_or_else(|panic| Err(AdapterError::Lost(panic_text(&*panic).into())));
        stop.cancel();
        ended
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it panicked: {}", text.unwrap_or_else(|| "without a word".into()))
}
