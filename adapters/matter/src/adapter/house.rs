//! What one run of the adapter consists of: the protocol's threads, the search for devices, and every node of the fabric.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapter_api::{AdapterError, Context, Delivery, Order};
use hub_model::{DeviceKey, Outcome, Report, Said};
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, watch};

use super::{
    farewells::Farewells,
    heard::{self, Numbers},
    labels::Labels,
};
use crate::{
    cluster::Refusal,
    discovery::{Discovery, Waiting},
    link::{Ask, Authority, CallError, Link, NodeId, Tidings, Told},
    members::{self, Members, Standing},
    node::Node,
    roots::Roots,
    settings::Settings,
};

/// The note that holds the fabric.
const FABRIC: &str = "fabric";

/// What one run of the adapter consists of. Its locks are held to look or to change, never across an await.
pub(super) struct House {
    pub(super) context: Context,
    pub(super) link: Link,
    pub(super) roots: Arc<Roots>,
    /// Devices that wait to be added, by their instances' names.
    pub(super) waiting: watch::Sender<BTreeMap<String, Waiting>>,
    /// Wakes who calls for devices that wait.
    pub(super) call: Notify,
    /// Only one device is added at a time: each takes the hub's attention for a second or two.
    pub(super) turn: Semaphore,
    /// Numbers of nodes are given one at a time.
    pub(super) numbers: tokio::sync::Mutex<()>,
    /// Nodes that are being made members just now.
    joining: Mutex<BTreeSet<NodeId>>,
    farewells: Mutex<Farewells>,
    members: Mutex<Members>,
    nodes: Mutex<HashMap<NodeId, Node>>,
    /// Names that devices have yet to be told.
    pub(super) labels: Labels,
    /// Counts reports, for who waits for one.
    pub(super) reported: watch::Sender<u64>,
    /// The last events of the run before.
    pub(super) before: Numbers,
    pub(super) compressed_fabric: u64,
}

/// Where the news of a run come from.
pub(super) struct Events {
    pub(super) told: Tidings,
    pub(super) discovery: Discovery,
}

impl House {
    /// Opens what the adapter lives on: the fabric, made at the first start; the threads; the search.
    pub(super) async fn open(settings: &Settings, context: Context) -> Result<(Arc<Self>, Events), AdapterError> {
        let roots = Arc::new(settings.roots());
        let authority = authority(&context).await?;
        let members = Members::recall(&context).map_err(lost)?;
        let (link, mut told) = Link::start(authority).map_err(lost)?;
        let Told::Ready { compressed_fabric } = told.next().await else {
            return Err(AdapterError::Lost("the Matter stack did not start".into()));
        };
        let discovery = Discovery::start().map_err(lost)?;
        let house = Self {
            link,
            roots,
            waiting: watch::Sender::default(),
            call: Notify::new(),
            turn: Semaphore::new(1),
            numbers: tokio::sync::Mutex::default(),
            joining: Mutex::default(),
            farewells: Mutex::default(),
            members: Mutex::new(members),
            nodes: Mutex::default(),
            labels: Labels::recall(&context),
            reported: watch::Sender::default(),
            before: heard::recall(&context, Timestamp::now()),
            compressed_fabric,
            context,
        };
        Ok((Arc::new(house), Events { told, discovery }))
    }

    /// Carries out a command.
    pub(super) async fn execute(&self, order: &Order) -> Delivery {
        let Some(node) = self.node_of(&order.key) else {
            return Delivery::Failed(Outcome::Unreachable, "the device has not shown itself yet".into());
        };
        let planned =
            self.nodes().get_mut(&node).map_or(Err(Refusal::Gone), |known| known.plan(&order.key, &order.command));
        let requests = match planned {
            Ok(requests) => requests,
            Err(refusal) => return Delivery::Failed(refusal.outcome(), refusal.to_string()),
        };
        match self.link.ask(|answer| Ask::Carry(node, requests, answer)).await {
            Some(Ok(())) => Delivery::Sent,
            Some(Err(error)) => Delivery::Failed(outcome(&error), error.to_string()),
            None => Delivery::Failed(
                Outcome::Unreachable,
                "the thread of its connection ended, and is started again".into(),
            ),
        }
    }

    /// The node that carries a device, once it has shown itself.
    pub(super) fn node_of(&self, key: &DeviceKey) -> Option<NodeId> {
        let node = members::node_of(key)?;
        self.nodes().get(&node)?.keys().any(|known| known == key).then_some(node)
    }

    /// Waits until a node has described itself, and gives the device's key; a bridge's own, where it has one.
    pub(super) async fn described(&self, id: NodeId) -> DeviceKey {
        let mut reported = self.reported.subscribe();
        loop {
            let key = {
                let nodes = self.nodes();
                let node = nodes.get(&id);
                node.and_then(|node| {
                    node.keys().find(|key| **key == node.key()).or_else(|| node.keys().next()).cloned()
                })
            };
            if let Some(key) = key {
                return key;
            }
            // The sender is part of this.
            let _ = reported.changed().await;
        }
    }

    /// Notes how far a node has come, durably.
    pub(super) async fn set_standing(&self, node: NodeId, standing: Option<Standing>) {
        self.members().set(node, standing);
        if let Err(error) = members::keep(&self.context, node, standing).await {
            tracing::error!(node, %error, "the list of Matter nodes can't be kept");
        }
    }

    /// Whether nobody makes this node a member already; until [`House::ends_joining`], whoever asks does.
    pub(super) fn begins_joining(&self, node: NodeId) -> bool {
        self.joining.lock().unwrap_or_else(PoisonError::into_inner).insert(node)
    }

    pub(super) fn ends_joining(&self, node: NodeId) {
        self.joining.lock().unwrap_or_else(PoisonError::into_inner).remove(&node);
    }

    pub(super) fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn farewells(&self) -> MutexGuard<'_, Farewells> {
        self.farewells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn nodes(&self) -> MutexGuard<'_, HashMap<NodeId, Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn report(&self, said: Vec<(DeviceKey, Said)>) {
        let at = Timestamp::now();
        self.context.report_all(said.into_iter().map(|(key, said)| Report { key, at, said }).collect()).await;
    }
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("House")
    }
}

const fn outcome(error: &CallError) -> Outcome {
    match error {
        CallError::Unreachable(_) => Outcome::Unreachable,
        CallError::Refused { .. } | CallError::Objected(_) | CallError::Malformed(_) => Outcome::Refused,
    }
}

/// The fabric of earlier runs; at the first start, a new one that is durable before anything knows it.
async fn authority(context: &Context) -> Result<Authority, AdapterError> {
    // A new one in the place of one that can't be read would orphan every device; the owner has the old key, or backups.
    if let Some(kept) = context.recall(FABRIC).map_err(lost)?.filter(|kept| !kept.is_empty()) {
        return serde_json::from_slice(&kept).map_err(|error| {
            AdapterError::Lost(format!("the keys of the Matter fabric are damaged ({error}): restore a backup").into())
        });
    }
    let fresh = Authority::fresh().map_err(|error| AdapterError::Lost(error.into()))?;
    let bytes = serde_json::to_vec(&fresh).map_err(lost)?;
    context.keep(FABRIC, &bytes).await.map_err(lost)?;
    Ok(fresh)
}

fn lost(error: impl std::error::Error + Send + Sync + 'static) -> AdapterError {
    AdapterError::Lost(Box::new(error))
}

#[cfg(test)]
mod tests {
    use adapter_api::harness::MemoryVault;
    use hub_model::AdapterName;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test]
    async fn a_fabric_that_the_master_key_does_not_open_stays_as_it_is() {
        let (sender, _inbox) = mpsc::channel(8);
        let vault = Arc::new(MemoryVault::default());
        let context =
            Context::new(AdapterName::new_static("matter"), sender, Arc::clone(&vault) as _, CancellationToken::new());
        let first = authority(&context).await.unwrap();
        vault.lock(true);
        let why = authority(&context).await.map(drop).unwrap_err().to_string();
        assert!(why.contains("put the old key file back"), "{why}");
        vault.lock(false);
        let text = |authority: &Authority| serde_json::to_string(authority).unwrap();
        assert_eq!(text(&authority(&context).await.unwrap()), text(&first));
    }
}
