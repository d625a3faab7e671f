//! The protocol's stack on its thread, and what the tasks on it share.

use std::{cell::RefCell, collections::HashMap, net::IpAddr, num::NonZeroU8, time::Instant};

use rs_matter::{
    Matter,
    transport::{
        exchange::Exchange,
        network::{
            MatterRemoteService,
            mdns::{DottedName, MdnsRemoteService},
        },
    },
};
use tokio::sync::{Notify, Semaphore, mpsc};

use super::{Authority, CallError, MatterCrypto, NodeId, Told, crew::Gear, inbox::Inboxes, talk};
use crate::{discovery::Sighting, wire::Request};

/// What the tasks share. One thread has it; nothing borrows its cells across an await.
pub(super) struct Stack<'a> {
    pub(super) matter: &'a Matter<'a>,
    pub(super) crypto: &'a MatterCrypto,
    pub(super) fabric: NonZeroU8,
    pub(super) authority: &'a Authority,
    pub(super) inboxes: &'a Inboxes,
    told: &'a mpsc::Sender<Told>,
    handshakes: &'a Semaphore,
    sightings: RefCell<HashMap<NodeId, Sighting>>,
    sighted: Notify,
    compressed_fabric: u64,
}

impl<'a> Stack<'a> {
    pub(super) fn new(
        matter: &'a Matter<'a>,
        crypto: &'a MatterCrypto,
        gear: &'a Gear,
        inboxes: &'a Inboxes,
    ) -> Result<Self, rs_matter::error::Error> {
        let fabric = gear.authority.install(matter, crypto)?;
        let compressed_fabric =
            matter.with_state(|state| state.fabrics.fabric(fabric).map(|fabric| fabric.compressed_fabric_id()))?;
        Ok(Self {
            matter,
            crypto,
            fabric,
            authority: &gear.authority,
            inboxes,
            told: &gear.told,
            handshakes: &gear.handshakes,
            sightings: RefCell::default(),
            sighted: Notify::new(),
            compressed_fabric,
        })
    }

    /// By what the fabric's nodes announce themselves.
    pub(super) const fn compressed_fabric(&self) -> u64 {
        self.compressed_fabric
    }

    /// Tells the rest of the adapter; waits while it is busy.
    pub(super) async fn tell(&self, told: Told) {
        // It is gone only while the adapter ends.
        let _ = self.told.send(told).await;
    }

    /// Notes where a node was seen.
    pub(super) fn note(&self, node: NodeId, sighting: Sighting) {
        tracing::debug!(node, ?sighting.addresses, "a node shows itself");
        self.sightings.borrow_mut().insert(node, sighting);
        self.sighted.notify_waiters();
    }

    /// Where a node was seen last.
    pub(super) fn sighting(&self, node: NodeId) -> Option<Sighting> {
        self.sightings.borrow().get(&node).cloned()
    }

    /// Forgets where a node was.
    pub(super) fn forget(&self, node: NodeId) {
        self.sightings.borrow_mut().remove(&node);
        self.inboxes.close(node);
    }

    /// Waits until a node is seen, or seen somewhere else than before.
    pub(super) async fn seen_elsewhere(&self, node: NodeId, before: Option<&Sighting>) -> Sighting {
        loop {
            let change = self.sighted.notified();
            if let Some(now) = self.sighting(node)
                && before.is_none_or(|before| now.is_elsewhere(before))
            {
                return now;
            }
            change.await;
        }
    }

    /// An exchange with a node, over the session that there is or over a new one.
    pub(super) async fn open(&self, node: NodeId) -> Result<Exchange<'a>, CallError> {
        // The library looks for one address at a time, so a node that nobody sees must not be looked for.
        if self.sighting(node).is_none() {
            return Err(CallError::Unreachable("the device does not announce itself on the network".into()));
        }
        let _turn = if self.inboxes.is_subscribed(node) { None } else { self.handshakes.acquire().await.ok() };
        Ok(Exchange::initiate(self.matter, self.crypto, self.fabric, node).await?)
    }

    /// Sets up a new session at a node's new address, beside one whose address is no longer good.
    pub(super) async fn move_to(&self, node: NodeId, sighting: &Sighting) -> Result<(), CallError> {
        let _turn = self.handshakes.acquire().await;
        let mut last = CallError::Unreachable("the device does not announce itself on the network".into());
        for address in sighting.reachable_first() {
            let address = rs_matter::transport::network::Address::Udp(address);
            let moved = async {
                let exchange = Exchange::initiate_plaintext(self.matter, self.crypto, address).await?;
                rs_matter::sc::case::CaseInitiator::perform(exchange, &self.crypto, self.fabric, node).await
            };
            match moved.await {
                Ok(()) => return Ok(()),
                Err(error) => last = error.into(),
            }
        }
        Err(last)
    }

    /// Carries out what a command became, one request after the other.
    pub(super) async fn carry(&self, node: NodeId, requests: &[Request]) -> Result<(), CallError> {
        let carried = async {
            for request in requests {
                let begun = Instant::now();
                talk::request(self.open(node).await?, request).await?;
                tracing::debug!(node, micros = begun.elapsed().as_micros(), "a node answered a request");
            }
            Ok(())
        };
        let carried = carried.await;
        if let Err(CallError::Unreachable(_)) = carried {
            // Who does not hear commands reports nothing either: its subscription is tried anew at once.
            self.inboxes.close(node);
        }
        carried
    }

    /// Answers the library's questions for addresses out of what discovery has seen.
    pub(super) async fn answer_lookups(&self) {
        loop {
            let service = self.matter.transport().wait_mdns_resolve_request().await;
            let MatterRemoteService::Operational { node_id, .. } = &service else { continue };
            let Some(sighting) = self.sighting(*node_id) else { continue };
            let mut name = Default::default();
            service.instance_name(&mut name);
            let addresses: Vec<IpAddr> = sighting.reachable_first().map(|address| address.ip()).collect();
            let answer = MdnsRemoteService {
                instance_name: DottedName(&name),
                port: Some(sighting.port),
                addrs: addresses.iter().copied(),
                txt: sighting.text.iter().map(|(key, value)| (key.as_str(), value.as_str())),
                scope_id: sighting.scope(),
            };
            self.matter.transport().try_deposit_mdns_resolve(&answer, &[]);
        }
    }
}
