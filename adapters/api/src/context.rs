//! All that an adapter may touch.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use hub_model::{AdapterName, CommandId, DeviceKey, EndpointId, Found, Occurrence, Property, Report, Said, Value};
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{Candidate, Delivery};

/// An adapter's way to the hub. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    adapter: AdapterName,
    inbox: mpsc::Sender<FromAdapter>,
    vault: Arc<dyn Vault>,
    stop: CancellationToken,
    zone: Arc<dyn Fn() -> TimeZone + Send + Sync>,
}

/// What reaches the hub from an adapter.
#[derive(Debug)]
pub enum FromAdapter {
    /// Things that it learnt.
    Reports(AdapterName, Vec<Report>),
    /// How far an order came.
    Delivered(CommandId, Delivery),
    /// Something that could be added; said again, it replaces what was said of the same key.
    Candidate(AdapterName, Candidate),
    /// A candidate that is no longer there.
    CandidateGone(AdapterName, DeviceKey),
}

/// Where secrets and an adapter's own notes lie. The hub's store is one; tests have another.
pub trait Vault: Send + Sync + 'static {
    /// The secret of that name, as the owner set it.
    fn secret(&self, name: &str) -> Result<Secret, SecretError>;
    /// What the adapter last kept under `key`; `None` where there is nothing.
    fn recall(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError>;
    /// Keeps up to 64 KiB under `key`, encrypted at rest, durable when the future is done. An empty slice forgets it.
    fn keep(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> BoxFuture<'static, Result<(), SecretError>>;
}

/// A secret text; it never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Why a secret can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nobody set it.
    #[error("there is no secret `{0}`: set it with `hub secret set {0}`")]
    Missing(String),
    /// It is kept, and this master key does not open it. Whoever can't do without it must not write another in its place:
    /// with the right key it is good again.
    #[error(
        "`{0}` was sealed with another master key: put the old key file back and start the hub again, or restore a backup"
    )]
    Locked(String),
    /// It can't be read or kept.
    #[error("the secret `{name}` can't be used: {reason}")]
    Unusable {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
}

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for handing to a protocol; it must not be logged.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Context {
    /// How many messages of all adapters may wait for the hub. When it is full, adapters wait: a report is never
    /// dropped, and the pressure goes back to the protocol (to TCP, for MQTT).
    pub const INBOX: usize = 4096;

    /// A context for one run of an adapter.
    pub fn new(
        adapter: AdapterName,
        inbox: mpsc::Sender<FromAdapter>,
        vault: Arc<dyn Vault>,
        stop: CancellationToken,
    ) -> Self {
        Self { adapter, inbox, vault, stop, zone: Arc::new(|| TimeZone::UTC) }
    }

    /// The same in a home whose time zone `zone` tells; without it, that is UTC.
    pub fn in_zone(self, zone: impl Fn() -> TimeZone + Send + Sync + 'static) -> Self {
        Self { zone: Arc::new(zone), ..self }
    }

    /// The home's time zone as it is now.
    pub fn zone(&self) -> TimeZone {
        (self.zone)()
    }

    /// The adapter's own name.
    pub const fn adapter(&self) -> &AdapterName {
        &self.adapter
    }

    /// Resolves when the adapter shall end; then it has a second for its goodbyes.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// The same as a token, to be handed on.
    pub const fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Reports something learnt just now. Waits while the hub is busy.
    pub async fn report(&self, key: &DeviceKey, said: Said) {
        self.report_all(vec![Report { key: key.clone(), at: Timestamp::now(), said }]).await;
    }

    /// Reports several things in one message, in their order.
    pub async fn report_all(&self, reports: Vec<Report>) {
        if !reports.is_empty() {
            self.send(FromAdapter::Reports(self.adapter.clone(), reports)).await;
        }
    }

    /// Reports that a device is there and what it is.
    pub async fn found(&self, key: &DeviceKey, found: Found) {
        self.report(key, Said::Found(Box::new(found))).await;
    }

    /// Reports the values of some properties.
    pub async fn read(&self, key: &DeviceKey, readings: Vec<(EndpointId, Property, Value)>) {
        self.report(key, Said::Read(readings)).await;
    }

    /// Reports that something happened.
    pub async fn occurred(&self, key: &DeviceKey, endpoint: EndpointId, occurrence: Occurrence) {
        self.report(key, Said::Occurred(endpoint, occurrence)).await;
    }

    /// Reports whether a device can be reached.
    pub async fn reachable(&self, key: &DeviceKey, reachable: bool) {
        self.report(key, Said::Reachable(reachable)).await;
    }

    /// Tells how far an order came; the command queues call it.
    pub async fn delivered(&self, command: CommandId, delivery: Delivery) {
        self.send(FromAdapter::Delivered(command, delivery)).await;
    }

    /// Offers something to be added.
    pub async fn candidate(&self, candidate: Candidate) {
        self.send(FromAdapter::Candidate(self.adapter.clone(), candidate)).await;
    }

    /// Takes an offer back.
    pub async fn candidate_gone(&self, key: DeviceKey) {
        self.send(FromAdapter::CandidateGone(self.adapter.clone(), key)).await;
    }

    /// A secret that the settings name.
    pub fn secret(&self, name: &str) -> Result<Secret, SecretError> {
        self.vault.secret(name)
    }

    /// What this adapter last kept under `key`; `None` where there is nothing.
    pub fn recall(&self, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        self.vault.recall(&self.adapter, key)
    }

    /// What this adapter last kept under `key`, where it can be done without and is written anew: what can't be read
    /// counts as nothing.
    pub fn recall_lightly(&self, key: &str) -> Option<Vec<u8>> {
        self.recall(key).unwrap_or_else(|error| {
            tracing::warn!(%error, "A note of an adapter can't be read; it begins without.");
            None
        })
    }

    /// Keeps up to 64 KiB for the next run; durable and encrypted when it returns.
    pub async fn keep(&self, key: &str, bytes: &[u8]) -> Result<(), SecretError> {
        self.vault.keep(&self.adapter, key, bytes).await
    }

    async fn send(&self, message: FromAdapter) {
        // The hub is gone only while it ends, and then nobody is left to tell.
        let _ = self.inbox.send(message).await;
    }
}
