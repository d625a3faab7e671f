//! A hub's end of an adapter, for the tests of adapters: it runs one and shows what reaches the hub.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use hub_model::{AdapterName, Command, DeviceKey, Report};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    Adapter, AdapterError, Answers, Context, FromAdapter, Onboarding, OnboardingError, Order, Secret, SecretError,
    Step, Vault, queue,
};

/// A running adapter.
pub struct Harness {
    /// What reaches the hub.
    pub inbox: mpsc::Receiver<FromAdapter>,
    orders: mpsc::Sender<Order>,
    adapter: Arc<dyn Adapter>,
    stop: CancellationToken,
    running: JoinHandle<Result<(), AdapterError>>,
}

/// Secrets and notes in memory.
#[derive(Debug, Default)]
pub struct MemoryVault {
    secrets: HashMap<String, String>,
    notes: Mutex<HashMap<String, Vec<u8>>>,
    is_locked: AtomicBool,
}

impl MemoryVault {
    /// A vault with these secrets.
    pub fn with_secrets<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let secrets = secrets.into_iter().map(|(name, secret)| (name.into(), secret.into())).collect();
        Self { secrets, ..Self::default() }
    }

    /// From now on nothing that was kept can be read, as with another master key; or it can be again.
    pub fn lock(&self, is_locked: bool) {
        self.is_locked.store(is_locked, Ordering::Relaxed);
    }
}

impl Vault for MemoryVault {
    fn secret(&self, name: &str) -> Result<Secret, SecretError> {
        self.secrets.get(name).map(Secret::new).ok_or_else(|| SecretError::Missing(name.into()))
    }
    fn recall(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        let name = format!("{adapter}/{key}");
        match self.notes.lock().expect("nobody panics while noting").get(&name) {
            Some(_) if self.is_locked.load(Ordering::Relaxed) => Err(SecretError::Locked(name)),
            note => Ok(note.cloned()),
        }
    }
    fn keep(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> BoxFuture<'static, Result<(), SecretError>> {
        self.notes.lock().expect("nobody panics while noting").insert(format!("{adapter}/{key}"), bytes.to_vec());
        Box::pin(async { Ok(()) })
    }
}

impl Harness {
    /// Runs an adapter with these secrets.
    pub fn start(name: &'static str, adapter: Arc<dyn Adapter>, vault: MemoryVault) -> Self {
        let (sender, inbox) = mpsc::channel(Context::INBOX);
        let (orders, ordered) = mpsc::channel(queue::ORDERS);
        let stop = CancellationToken::new();
        let context = Context::new(AdapterName::new_static(name), sender, Arc::new(vault), stop.clone());
        tokio::spawn(queue::run(Arc::clone(&adapter), context.clone(), ordered));
        let running = tokio::spawn(Arc::clone(&adapter).run(context));
        Self { inbox, orders, adapter, stop, running }
    }

    /// Sends a command to a device.
    pub async fn order(&self, key: &DeviceKey, command: Command) {
        let order = Order { key: key.clone(), command: Arc::new(command) };
        self.orders.send(order).await.expect("the queues run as long as the harness");
    }

    /// The next message that `pick` makes something of; others are dropped. Panics after `within`.
    pub async fn wait_for<T>(&mut self, within: Duration, mut pick: impl FnMut(&FromAdapter) -> Option<T>) -> T {
        let found = tokio::time::timeout(within, async {
            while let Some(message) = self.inbox.recv().await {
                if let Some(found) = pick(&message) {
                    return found;
                }
            }
            panic!("the adapter ended")
        });
        found.await.expect("the adapter says what is waited for in time")
    }

    /// The next report that `pick` makes something of.
    pub async fn wait_for_report<T>(&mut self, within: Duration, mut pick: impl FnMut(&Report) -> Option<T>) -> T {
        let in_message = |message: &FromAdapter| match message {
            FromAdapter::Reports(_, reports) => reports.iter().find_map(&mut pick),
            _ => None,
        };
        self.wait_for(within, in_message).await
    }

    /// Adds a device; `answer` is asked for the answers.
    pub async fn onboard(
        &self,
        candidate: Option<DeviceKey>,
        code: Option<String>,
        mut answer: impl FnMut(&Step) -> Option<Answers>,
    ) -> Result<DeviceKey, OnboardingError> {
        let (steps, mut stepped) = mpsc::channel(Onboarding::STEPS);
        let (answers, answered) = mpsc::channel(1);
        let onboarding = Onboarding::new(candidate, code, steps, answered);
        let adding = tokio::spawn(Arc::clone(&self.adapter).onboard(onboarding));
        while let Some(step) = stepped.recv().await {
            if let Some(given) = answer(&step) {
                // An onboarding that ended meanwhile says so by its result.
                let _ = answers.send(given).await;
            }
        }
        adding.await.expect("an onboarding does not panic")
    }

    /// Stops the adapter and gives what it ended with.
    pub async fn stop(self) -> Result<(), AdapterError> {
        self.stop.cancel();
        self.running.await.expect("an adapter does not panic")
    }
}
