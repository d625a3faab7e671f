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
    sightings: RefCell<HashMap<NodeId, Seen>>,
    sighted: Notify,
    compressed_fabric: u64,
}

/// Where a node was seen last.
struct Seen {
    sighting: Sighting,
    /// It announces itself no longer.
    is_gone: bool,
    /// How often it has come back, or was wanted.
    returns: u32,
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
        let mut sightings = self.sightings.borrow_mut();
        let returns = sightings.get(&node).map_or(0, |seen| seen.returns + u32::from(seen.is_gone));
        sightings.insert(node, Seen { sighting, is_gone: false, returns });
        self.sighted.notify_waiters();
    }

    /// Notes that a node announces itself no longer.
    pub(super) fn note_gone(&self, node: NodeId) {
        if let Some(seen) = self.sightings.borrow_mut().get_mut(&node) {
            seen.is_gone = true;
        }
    }

    /// Notes that somebody wants a node: who waits for its return looks now.
    pub(super) fn note_wanted(&self, node: NodeId) {
        if let Some(seen) = self.sightings.borrow_mut().get_mut(&node) {
            seen.returns += 1;
        }
        self.sighted.notify_waiters();
    }

    /// Where a node was seen last.
    pub(super) fn sighting(&self, node: NodeId) -> Option<Sighting> {
        self.sightings.borrow().get(&node).map(|seen| seen.sighting.clone())
    }

    /// Forgets where a node was.
    pub(super) fn forget(&self, node: NodeId) {
        self.sightings.borrow_mut().remove(&node);
        self.inboxes.close(node);
    }

    /// Waits until a node is seen, or seen somewhere else than before.
    pub(super) async fn seen_elsewhere(&self, node: NodeId, before: Option<&Sighting>) -> Sighting {
        self.seen(node, |seen| before.is_none_or(|before| seen.sighting.is_elsewhere(before))).await
    }

    /// How often a node has come back, or was wanted.
    pub(super) fn returns(&self, node: NodeId) -> u32 {
        self.sightings.borrow().get(&node).map_or(0, |seen| seen.returns)
    }

    /// Waits until a node has come back more often than that, is wanted, or is somewhere else than before.
    pub(super) async fn seen_again(&self, node: NodeId, returns: u32, before: &Sighting) {
        self.seen(node, |seen| seen.returns != returns || seen.sighting.is_elsewhere(before)).await;
    }

    async fn seen(&self, node: NodeId, wanted: impl Fn(&Seen) -> bool) -> Sighting {
        loop {
            let change = self.sighted.notified();
            let found =
                self.sightings.borrow().get(&node).filter(|seen| wanted(seen)).map(|seen| seen.sighting.clone());
            if let Some(sighting) = found {
                return sighting;
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

    /// Carries out what a command became, one request after the other. A request is sent only while it `is_wanted`: who was
    /// told that a door could not be unlocked must not have it unlocked later.
    pub(super) async fn carry(
        &self,
        node: NodeId,
        requests: &[Request],
        is_wanted: impl Fn() -> bool,
    ) -> Result<(), CallError> {
        let carried = async {
            for request in requests {
                let begun = Instant::now();
                let exchange = self.open(node).await?;
                if !is_wanted() {
                    return Err(CallError::Unreachable("the device did not answer in time".into()));
                }
                talk::request(exchange, request).await?;
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
                txt: patient(&sighting.text),
                scope_id: sighting.scope(),
            };
            self.matter.transport().try_deposit_mdns_resolve(&answer, &[]);
        }
    }
}

/// What a node announces, with the pace of one that sleeps for the one that the library goes by: it sends again after the
/// active interval (SAI), which a sleeping device does not hear before its idle one (SII; 4.3.4).
fn patient(text: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
    /// In milliseconds. Who listens more often is awake.
    const AWAKE: u32 = 1000;
    /// Who listens more seldom is awaited no longer than this, and answers one of the repetitions.
    const LONGEST: (u32, &str) = (5000, "5000");
    let idle = text.iter().find(|(key, _)| key == "SII").map_or("0", |(_, value)| value.as_str());
    let pace = match idle.parse() {
        Ok(idle) if idle > LONGEST.0 => Some(LONGEST.1),
        Ok(AWAKE..) => Some(idle),
        _ => None,
    };
    let others = text.iter().filter(move |(key, _)| key != "SAI" || pace.is_none());
    others.map(|(key, value)| (key.as_str(), value.as_str())).chain(pace.map(|pace| ("SAI", pace)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_sleeps_is_given_time_to_wake_up() {
        let text = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let pace = |pairs: &[(&str, &str)]| {
            let text = text(pairs);
            let pace = patient(&text).filter(|(key, _)| *key == "SAI").map(|(_, value)| value.to_owned());
            pace.collect::<Vec<_>>()
        };
        assert_eq!(pace(&[("SII", "500"), ("SAI", "300")]), ["300"]);
        assert_eq!(pace(&[("SII", "3000"), ("SAI", "300")]), ["3000"]);
        assert_eq!(pace(&[("SII", "3600000")]), ["5000"]);
        assert_eq!(pace(&[("SII", "soon")]), Vec::<String>::new());
    }
}
