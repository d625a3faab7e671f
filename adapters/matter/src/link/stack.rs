//! The protocol's stack on its thread, and what the tasks on it share.

use std::{
    cell::RefCell,
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU8,
    time::{Duration, Instant},
};

use embassy_futures::select::{Either, select};
use rs_matter::{
    Matter,
    error::{Error, ErrorCode},
    transport::{
        exchange::Exchange,
        network::{
            MatterRemoteService,
            mdns::{DottedName, MdnsRemoteService},
        },
    },
};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};

use super::{Authority, CallError, Invocation, MatterCrypto, NodeId, Told, crew::Gear, inbox::Inboxes, talk};
use crate::{
    discovery::Sighting,
    wire::{Request, Tlv},
};

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
        self.until_awake(node, async || {
            let _turn = if self.inboxes.is_subscribed(node) { None } else { self.handshakes.acquire().await.ok() };
            Exchange::initiate(self.matter, self.crypto, self.fabric, node).await
        })
        .await
    }

    /// Tries a handshake again at once as long as the node may just be asleep. The library takes the pace that a node
    /// announces only for the session that comes of it: its first word is sent for four seconds, however long it sleeps.
    async fn until_awake<T>(
        &self,
        node: NodeId,
        shake_hands: impl AsyncFn() -> Result<T, Error>,
    ) -> Result<T, CallError> {
        let begun = Instant::now();
        loop {
            let tried = shake_hands().await;
            let sleep = self.sighting(node).map_or(Duration::ZERO, |sighting| longest_sleep(&sighting.text));
            match tried {
                Err(error) if error.code() == ErrorCode::TxTimeout && begun.elapsed() < sleep => {
                    tracing::debug!(node, ?sleep, "a node that sleeps has not heard yet, and is called again");
                }
                tried => return Ok(tried?),
            }
        }
    }

    /// Sets up a new session at a node's new address, beside one whose address is no longer good. It has the pace of a node
    /// that is awake: the library takes no other here.
    pub(super) async fn move_to(&self, node: NodeId, sighting: &Sighting) -> Result<(), CallError> {
        let mut last = CallError::Unreachable("the device does not announce itself on the network".into());
        for address in sighting.reachable_first() {
            let address = rs_matter::transport::network::Address::Udp(address);
            let moved = self.until_awake(node, async || {
                let _turn = self.handshakes.acquire().await;
                let exchange = Exchange::initiate_plaintext(self.matter, self.crypto, address).await?;
                rs_matter::sc::case::CaseInitiator::perform(exchange, &self.crypto, self.fabric, node).await
            });
            match moved.await {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Carries out what a command became, one request after the other, as long as somebody waits for the answer: who was
    /// told that a door could not be unlocked must not have it unlocked later.
    pub(super) async fn carry<T>(
        &self,
        node: NodeId,
        requests: &[Request],
        answer: &mut oneshot::Sender<T>,
    ) -> Result<(), CallError> {
        let carried = async {
            for request in requests {
                let begun = Instant::now();
                let exchange = self.open(node).await?;
                while_wanted(answer, talk::request(exchange, request)).await?;
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

    /// Sends a command, as long as somebody waits for the answer.
    pub(super) async fn invoke(
        &self,
        node: NodeId,
        invocation: &Invocation,
        answer: &mut oneshot::Sender<Result<Tlv, CallError>>,
    ) -> Result<Tlv, CallError> {
        let exchange = self.open(node).await?;
        let Invocation { path, fields, timed } = invocation;
        while_wanted(answer, talk::invoke(exchange, *path, fields, *timed)).await
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

/// Speaks with a node while somebody waits for the answer. Packets go on being sent again for a minute to a node that
/// sleeps, and a Timed Request that it hears at last would be followed by its command; so the exchange is dropped, at the
/// price of the session, which the library then closes.
pub(super) async fn while_wanted<T, R>(
    answer: &mut oneshot::Sender<T>,
    spoken: impl Future<Output = Result<R, CallError>>,
) -> Result<R, CallError> {
    // Whoever waits no longer is seen first, so that nothing is begun for nobody.
    match select(answer.closed(), spoken).await {
        Either::First(()) => Err(CallError::Unreachable("the device did not answer in time".into())),
        Either::Second(answered) => answered,
    }
}

/// In milliseconds. Who listens more often is awake.
const AWAKE: u32 = 1000;

/// After this long, whoever does not answer is not just asleep; who may sleep for hours listens when it says so itself.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// How long a node may be deaf by its idle interval (SII; 4.3.4); not at all if it is awake.
fn longest_sleep(text: &[(String, String)]) -> Duration {
    match idle_interval(text) {
        Some(idle @ AWAKE..) => Duration::from_millis(idle.into()).min(LONGEST_SLEEP),
        _ => Duration::ZERO,
    }
}

/// In milliseconds.
fn idle_interval(text: &[(String, String)]) -> Option<u32> {
    text.iter().find(|(key, _)| key == "SII")?.1.parse().ok()
}

/// What a node announces, with the pace of one that sleeps for the one that the library goes by once there is a session: it
/// sends again after the active interval (SAI), which a sleeping device does not hear before its idle one (SII; 4.3.4).
fn patient(text: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> + Clone {
    /// Who listens more seldom is awaited no longer than this, and answers one of the repetitions.
    const LONGEST: (u32, &str) = (5000, "5000");
    let idle = text.iter().find(|(key, _)| key == "SII").map_or("0", |(_, value)| value.as_str());
    let pace = match idle_interval(text) {
        Some(interval) if interval > LONGEST.0 => Some(LONGEST.1),
        Some(AWAKE..) => Some(idle),
        _ => None,
    };
    let others = text.iter().filter(move |(key, _)| key != "SAI" || pace.is_none());
    others.map(|(key, value)| (key.as_str(), value.as_str())).chain(pace.map(|pace| ("SAI", pace)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_sent_again_for_who_waits_no_longer() {
        let (mut answer, answered) = oneshot::channel::<()>();
        let done = while_wanted(&mut answer, async { Ok(1) }).await;
        assert_eq!(done, Ok(1));

        // An exchange with a device that sleeps for ever.
        let (asleep, woken) = oneshot::channel::<()>();
        let sent = async {
            let _ = woken.await;
            Ok(())
        };
        let given_up = async {
            tokio::task::yield_now().await;
            drop(answered);
        };
        let (sent, ()) = tokio::join!(while_wanted(&mut answer, sent), given_up);
        assert!(matches!(sent, Err(CallError::Unreachable(_))));
        assert!(asleep.is_closed(), "the exchange is dropped");
        let begun = while_wanted(&mut answer, async { panic!("it is begun for nobody") });
        assert!(matches!(begun.await, Err::<(), _>(CallError::Unreachable(_))));
    }

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
        let sleep = |idle: &str| longest_sleep(&text(&[("SII", idle)]));
        assert_eq!((sleep("500"), sleep("soon")), (Duration::ZERO, Duration::ZERO));
        assert_eq!((sleep("5000"), sleep("3600000")), (Duration::from_secs(5), LONGEST_SLEEP));
    }
}
