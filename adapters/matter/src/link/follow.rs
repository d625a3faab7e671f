//! Following one node: a subscription to everything, kept alive, and set up again when it breaks.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use async_io::Timer;
use embassy_futures::select::{Either, Either3, select, select3};
use rs_matter::{
    im::encoding::{ClusterPath, DataVersionFilter},
    transport::exchange::Exchange,
};
use tokio::sync::mpsc;

use super::{CallError, FRESH, NodeId, Told, gather::Gathered, power::Power, stack::Stack, talk};
use crate::{
    discovery::Sighting,
    utility::{BASIC, ROOT, VENDOR_ID},
};

/// The longest silence that is asked of a device, in seconds, and of one that runs on a battery, which each word costs.
const CEILING: u16 = 30;
const CEILING_ON_BATTERY: u16 = 600;

/// How much later than it promised a device may be, for packets that have to be sent again.
const GRACE: Duration = Duration::from_secs(8);

/// The first and the longest wait between two tries.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(120));

/// How many versions of data fit into one request, and how many are remembered.
const KNOWN: usize = 36;
const MOST_VERSIONS: usize = 4096;

/// What is known of a node from its reports.
struct Memory {
    versions: HashMap<(u16, u32), u32>,
    last_event: Option<u64>,
    power: Power,
    /// Since when nothing is heard of it.
    lost: Option<Instant>,
}

/// A subscription that stands.
struct Subscription<'s> {
    reports: mpsc::Receiver<Gathered>,
    /// How long the device may be silent.
    silence: Duration,
    /// Nothing is ever said in it. When the library needs room, it ends the session that was used least lately, which would
    /// be that of a quiet device; one with an open exchange it leaves alone.
    _hold: Exchange<'s>,
}

/// Why a subscription is over.
#[derive(Debug)]
enum Broken {
    /// The device was silent for too long, or its reports came faster than they could be taken.
    Silent,
    /// It is somewhere else now.
    Moved(Sighting),
}

/// Follows a node until it is forgotten, and tells all that it reports.
pub(super) async fn follow(stack: &Stack<'_>, node: NodeId, last_event: Option<u64>) {
    let mut memory =
        Memory { versions: HashMap::new(), last_event, power: Power::default(), lost: Some(Instant::now()) };
    let (mut wait, mut was_reachable) = (BACK_OFF.0, None);
    loop {
        let sighting = stack.seen_elsewhere(node, None).await;
        // Who comes back while it is tried in vain is tried again.
        let returns = stack.returns(node);
        // It may have been seen there long ago; where it shows itself now is better.
        let wanted = memory.wanted();
        let tried = select(subscribe(stack, node, &wanted), stack.seen_elsewhere(node, Some(&sighting))).await;
        let Either::First(tried) = tried else { continue };
        match tried {
            Ok((subscription, first)) => {
                (wait, was_reachable) = (BACK_OFF.0, Some(true));
                memory.hear(stack, node, first).await;
                stack.tell(Told::Reached(node, sighting.clone())).await;
                if memory.wanted().ceiling != wanted.ceiling {
                    // It turned out to run on a battery, or no longer.
                    continue;
                }
                let (broken, heard) = listen(stack, node, &mut memory, subscription, &sighting).await;
                memory.lost = Some(heard);
                match broken {
                    Broken::Silent => {
                        tracing::debug!(node, "the device is silent");
                        stack.tell(Told::Silent(node)).await;
                    }
                    Broken::Moved(sighting) => {
                        if let Err(error) = stack.move_to(node, &sighting).await {
                            tracing::debug!(node, %error, "the device moved and is not there yet");
                        }
                    }
                }
            }
            Err(error) => {
                stack.inboxes.close(node);
                tracing::debug!(node, %error, "the device can't be subscribed to");
                if was_reachable != Some(false) {
                    was_reachable = Some(false);
                    stack.tell(Told::Lost(node)).await;
                }
                // A device that shows itself somewhere new, or again, is tried at once.
                match select(Timer::after(wait), stack.seen_again(node, returns, &sighting)).await {
                    Either::First(_) => wait = (wait * 2).min(BACK_OFF.1),
                    Either::Second(_) => wait = BACK_OFF.0,
                }
            }
        }
    }
}

/// Subscribes; gives the first report, too.
async fn subscribe<'s>(
    stack: &Stack<'s>,
    node: NodeId,
    wanted: &talk::Wanted,
) -> Result<(Subscription<'s>, Gathered), CallError> {
    let reports = stack.inboxes.open(node);
    let exchange = stack.open(node).await?;
    let (established, first) = talk::subscribe(exchange, wanted).await?;
    stack.inboxes.subscribed(node, established.subscription_id);
    let hold = stack.open(node).await?;
    let silence = Duration::from_secs(established.max_int.into()) + GRACE;
    Ok((Subscription { reports, silence, _hold: hold }, first))
}

/// Passes on what a device reports until its subscription breaks; tells when the device was heard last. It is away since
/// then, and not since that is noticed, which on a battery is ten minutes later.
async fn listen(
    stack: &Stack<'_>,
    node: NodeId,
    memory: &mut Memory,
    mut subscription: Subscription<'_>,
    sighting: &Sighting,
) -> (Broken, Instant) {
    let (mut sighting, mut heard) = (sighting.clone(), Instant::now());
    loop {
        let moved = stack.seen_elsewhere(node, Some(&sighting));
        match select3(subscription.reports.recv(), moved, Timer::after(subscription.silence)).await {
            Either3::First(Some(report)) => {
                heard = Instant::now();
                memory.hear(stack, node, report).await;
            }
            Either3::First(None) | Either3::Third(_) => return (Broken::Silent, heard),
            // Announcements on one interface may leave out the addresses of another: whoever still answers has not moved.
            Either3::Second(now) if answers(stack, node).await => (sighting, heard) = (now, Instant::now()),
            Either3::Second(now) => return (Broken::Moved(now), heard),
        }
    }
}

/// Whether a node answers where it was spoken to last.
async fn answers(stack: &Stack<'_>, node: NodeId) -> bool {
    let vendor = (Some(ROOT), Some(BASIC), Some(VENDOR_ID));
    match stack.open(node).await {
        Ok(exchange) => talk::read(exchange, vendor).await.is_ok(),
        Err(_) => false,
    }
}

impl Memory {
    /// What the next subscription asks for.
    fn wanted(&self) -> talk::Wanted {
        let known = self.versions.iter().take(KNOWN).map(|(&(endpoint, cluster), &data_ver)| DataVersionFilter {
            path: ClusterPath { node: None, endpoint, cluster },
            data_ver,
        });
        let first_event = self.last_event.map(|last| last + 1);
        let ceiling = if self.power.is_battery() { CEILING_ON_BATTERY } else { CEILING };
        talk::Wanted { ceiling, known: known.collect(), first_event }
    }

    /// Tells a report, and only then knows it: what is known is not asked for again.
    async fn hear(&mut self, stack: &Stack<'_>, node: NodeId, mut report: Gathered) {
        let learnt = Learnt::of(&report);
        self.power.learn(&report.attributes);
        report.is_late = self.lost.take().is_some_and(|lost| lost.elapsed() > FRESH);
        stack.tell(Told::Reported(node, report)).await;
        self.learn(learnt);
    }

    fn learn(&mut self, learnt: Learnt) {
        for (cluster, version) in learnt.versions {
            if self.versions.len() < MOST_VERSIONS || self.versions.contains_key(&cluster) {
                self.versions.insert(cluster, version);
            }
        }
        self.last_event = self.last_event.max(learnt.last_event);
    }
}

/// What of a report is remembered.
struct Learnt {
    versions: HashMap<(u16, u32), u32>,
    last_event: Option<u64>,
}

impl Learnt {
    fn of(report: &Gathered) -> Self {
        let attributes = report.attributes.iter();
        Self {
            versions: attributes.map(|one| ((one.path.endpoint, one.path.cluster), one.data_version)).collect(),
            last_event: report.events.iter().map(|event| event.number).max(),
        }
    }
}
