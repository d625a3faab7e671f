//! One run of the adapter: the protocol's threads, the search for devices, and every node of the fabric.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapter_api::{AdapterError, Candidate, Context, Delivery, Order};
use hub_model::{DeviceKey, Outcome, Report, Said};
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, watch};

use super::{
    clocks,
    heard::{self, Numbers},
    places::Places,
};
use crate::{
    discovery::{Discovery, News, Operational, Waiting},
    link::{Ask, Authority, CallError, Gathered, Link, NodeId, Tidings, Told},
    members::{self, Members, Standing},
    node::Node,
    roots::Roots,
    settings::Settings,
    vendors,
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
    members: Mutex<Members>,
    nodes: Mutex<HashMap<NodeId, Node>>,
    /// Counts reports, for who waits for one.
    reported: watch::Sender<u64>,
    /// The last events of the run before.
    before: Numbers,
    compressed_fabric: u64,
}

/// Where the news of a run come from.
pub(super) struct Events {
    told: Tidings,
    discovery: Discovery,
}

impl House {
    /// Opens what the adapter lives on: the fabric, made at the first start; the threads; the search.
    pub(super) async fn open(settings: &Settings, context: Context) -> Result<(Arc<Self>, Events), AdapterError> {
        let roots = Arc::new(settings.roots());
        let authority = authority(&context).await?;
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
            members: Mutex::new(Members::recall(&context)),
            nodes: Mutex::default(),
            reported: watch::Sender::default(),
            before: heard::recall(&context, Timestamp::now()),
            compressed_fabric,
            context,
        };
        Ok((Arc::new(house), Events { told, discovery }))
    }

    /// Carries news until the adapter shall end.
    pub(super) async fn live(self: &Arc<Self>, mut events: Events) -> Result<(), AdapterError> {
        let (joined, joining) = {
            let members = self.members();
            (members.of(Standing::Joined), members.of(Standing::Joining))
        };
        let mut places = Places::recall(&self.context, &joined);
        // Whoever has not reported yet may have to be called.
        let mut away: BTreeSet<NodeId> = joined.iter().copied().collect();
        self.follow(&joined, &self.before, &places).await;
        for node in joining {
            tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), node));
        }
        let mut kept = self.before.clone();
        let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + heard::EVERY, heard::EVERY);
        let mut daily = tokio::time::interval_at(tokio::time::Instant::now() + clocks::EVERY, clocks::EVERY);
        loop {
            tokio::select! {
                () = self.context.stopped() => {
                    self.keep_places(&mut places).await;
                    heard::keep(&self.context, self.heard(), Timestamp::now()).await;
                    return Ok(());
                }
                _ = tick.tick() => {
                    away.retain(|node| self.members().standing(*node) == Some(Standing::Joined));
                    // Their announcements may have been lost.
                    if !away.is_empty() {
                        events.discovery.call_nodes();
                    }
                    self.keep_places(&mut places).await;
                    let numbers = self.heard();
                    if numbers != kept {
                        kept.clone_from(&numbers);
                        heard::keep(&self.context, numbers, Timestamp::now()).await;
                    }
                }
                _ = daily.tick() => self.set_clocks(self.members().of(Standing::Joined)),
                () = self.call.notified() => events.discovery.call(),
                told = events.told.next() => {
                    match &told {
                        Told::Reached(node, _) => drop(away.remove(node)),
                        Told::Silent(node) => events.discovery.doubt((self.compressed_fabric, *node)),
                        Told::Lost(node) => drop(away.insert(*node)),
                        Told::Ended(nodes) => away.extend(nodes),
                        _ => {}
                    }
                    self.hear(told, &mut places).await;
                }
                news = events.discovery.next() => match news {
                    Some(news) => self.notice(news).await,
                    None => return Err(AdapterError::Lost("the search for devices ended".into())),
                },
            }
        }
    }

    /// Follows nodes, from the event after the last one and where they were reached last.
    async fn follow(&self, nodes: &[NodeId], heard: &Numbers, places: &Places) {
        for node in nodes {
            if let Some(sighting) = places.of(*node) {
                self.link.tell(Ask::Seen(*node, sighting)).await;
            }
            self.link.tell(Ask::Follow(*node, heard.get(node).copied())).await;
        }
    }

    /// Goes on with nodes whose thread begins anew.
    async fn resume(self: &Arc<Self>, mut nodes: Vec<NodeId>, places: &Places) {
        for node in &nodes {
            if self.members().standing(*node) == Some(Standing::Joining) {
                tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), *node));
            }
        }
        nodes.retain(|node| self.members().standing(*node) == Some(Standing::Joined));
        self.follow(&nodes, &self.heard(), places).await;
    }

    /// Carries out a command.
    pub(super) async fn execute(&self, order: &Order) -> Delivery {
        let planned = {
            let mut nodes = self.nodes();
            let node = nodes.iter_mut().find(|(_, node)| node.keys().any(|key| *key == order.key));
            let Some((id, node)) = node else {
                return Delivery::Failed(Outcome::Unreachable, "the device has not shown itself yet".into());
            };
            node.plan(&order.key, &order.command).map(|requests| (*id, requests))
        };
        let (node, requests) = match planned {
            Ok(planned) => planned,
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

    pub(super) fn nodes(&self) -> MutexGuard<'_, HashMap<NodeId, Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn hear(self: &Arc<Self>, told: Told, places: &mut Places) {
        match told {
            Told::Ready { .. } | Told::Silent(_) => {}
            Told::Reported(id, gathered) => self.take(id, gathered).await,
            Told::Reached(id, sighting) => {
                places.note(id, sighting);
                self.tell_reachable(id, true).await;
                self.set_clocks([id]);
            }
            Told::Lost(id) => self.tell_reachable(id, false).await,
            Told::Ended(nodes) => {
                for id in nodes {
                    self.tell_reachable(id, false).await;
                }
            }
            Told::Restarted(nodes) => self.resume(nodes, places).await,
        }
    }

    async fn tell_reachable(&self, id: NodeId, reachable: bool) {
        let said = self.nodes().get_mut(&id).map(|node| node.reachability(reachable)).unwrap_or_default();
        self.report(said).await;
    }

    async fn take(self: &Arc<Self>, id: NodeId, gathered: Gathered) {
        if gathered.left_out > 0 {
            tracing::warn!(node = id, left_out = gathered.left_out, "some of what a device reports can't be read");
        }
        if self.members().standing(id) != Some(Standing::Joined) {
            // The last words of one that was let go.
            return;
        }
        let (said, missing) = {
            let mut nodes = self.nodes();
            let node = nodes.entry(id).or_insert_with(|| Node::new(id, self.before.get(&id).copied()));
            if gathered.is_late {
                node.was_away();
            }
            let said = node.update(gathered.attributes, gathered.events);
            node.established();
            (said, node.newly_missing())
        };
        self.report(said).await;
        self.reported.send_modify(|count| *count += 1);
        for endpoint in missing {
            tokio::spawn(Arc::clone(self).read_part(id, endpoint));
        }
    }

    /// A bridge names a new child before it says anything of it, and some never do by themselves.
    async fn read_part(self: Arc<Self>, id: NodeId, endpoint: u16) {
        let read = self.link.ask(|answer| Ask::Read(id, (Some(endpoint), None, None), answer)).await;
        let Some(Ok(gathered)) = read else { return };
        let said = match self.nodes().get_mut(&id) {
            Some(node) => node.update(gathered.attributes, gathered.events),
            None => return,
        };
        self.report(said).await;
        self.reported.send_modify(|count| *count += 1);
    }

    async fn keep_places(&self, places: &mut Places) {
        places.keep(&self.context, |node| self.members().standing(node).is_some()).await;
    }

    /// The last event of each node so far.
    fn heard(&self) -> Numbers {
        self.nodes().iter().filter_map(|(id, node)| Some((*id, node.last_event()?))).collect()
    }

    pub(super) async fn report(&self, said: Vec<(DeviceKey, Said)>) {
        let at = Timestamp::now();
        self.context.report_all(said.into_iter().map(|(key, said)| Report { key, at, said }).collect()).await;
    }

    async fn notice(self: &Arc<Self>, news: News) {
        match news {
            News::Waits(waiting) => {
                self.context.candidate(candidate(&waiting)).await;
                self.waiting.send_modify(|known| drop(known.insert(waiting.instance.clone(), waiting)));
            }
            News::Gone(instance) => {
                self.context.candidate_gone(candidate_key(&instance)).await;
                self.waiting.send_modify(|known| drop(known.remove(&instance)));
            }
            News::Node(Operational { fabric, node, sighting }) if fabric == self.compressed_fabric => {
                let Some(standing) = self.members().standing(node) else { return };
                self.link.tell(Ask::Seen(node, sighting)).await;
                match standing {
                    Standing::Leaving => drop(tokio::spawn(Arc::clone(self).say_goodbye(node))),
                    Standing::Joining => {
                        drop(tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), node)))
                    }
                    Standing::Joined => {}
                }
            }
            News::NodeGone((fabric, node)) if fabric == self.compressed_fabric => {
                self.link.tell(Ask::Unseen(node)).await;
            }
            News::Node(_) | News::NodeGone(_) => {}
        }
    }
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("House")
    }
}

/// The adapter's key of a device that waits.
pub(super) fn candidate_key(instance: &str) -> DeviceKey {
    DeviceKey::new(format!("waiting-{instance}"))
}

fn candidate(waiting: &Waiting) -> Candidate {
    let kind = waiting.device_type.map_or(hub_model::EndpointKind::Other, crate::node::kind_of_type);
    let vendor = waiting.vendor.map(vendors::name);
    let name = waiting.name.clone().unwrap_or_else(|| match &vendor {
        Some(vendor) => format!("{vendor} device"),
        None => "Matter device".to_owned(),
    });
    let model = waiting.product.map(|product| smol_str::format_smolstr!("product {product}"));
    Candidate { key: candidate_key(&waiting.instance), name, kind, vendor, model }
}

const fn outcome(error: &CallError) -> Outcome {
    match error {
        CallError::Unreachable(_) => Outcome::Unreachable,
        CallError::Refused { .. } | CallError::Objected(_) | CallError::Malformed(_) => Outcome::Refused,
    }
}

/// The fabric of earlier runs; at the first start, a new one that is durable before anything knows it.
async fn authority(context: &Context) -> Result<Authority, AdapterError> {
    if let Some(kept) = context.recall(FABRIC).filter(|kept| !kept.is_empty()) {
        return serde_json::from_slice(&kept).map_err(|error| {
            // A new one in its place would orphan every device; the owner has backups.
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
