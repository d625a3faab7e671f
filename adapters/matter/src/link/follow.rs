//! Following one node: a subscription to everything, kept alive, and set up again when it breaks.

use std::{collections::HashMap, time::Duration};

use async_io::Timer;
use embassy_futures::select::{Either, Either3, select, select3};
use rs_matter::{
    im::encoding::{ClusterPath, DataVersionFilter},
    transport::exchange::Exchange,
};
use tokio::sync::mpsc;

use super::{CallError, NodeId, Told, gather::Gathered, stack::Stack, talk};
use crate::discovery::Sighting;

/// The longest silence that is asked of a device, in seconds. Sleepy devices may insist on more.
const CEILING: u16 = 30;

/// How much later than it promised a device may be, for packets that have to be sent again.
const GRACE: Duration = Duration::from_secs(8);

/// The first and the longest wait between two tries.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(120));

/// How many versions of data fit into one request.
const KNOWN: usize = 36;

/// What is known of a node from its reports.
struct Memory {
    versions: HashMap<(u16, u32), u32>,
    last_event: Option<u64>,
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
    let mut memory = Memory { versions: HashMap::new(), last_event };
    let (mut wait, mut was_reachable) = (BACK_OFF.0, None);
    loop {
        let sighting = stack.seen_elsewhere(node, None).await;
        // It may have been seen there long ago; where it shows itself now is better.
        let tried =
            select(subscribe(stack, node, &mut memory, &sighting), stack.seen_elsewhere(node, Some(&sighting))).await;
        let Either::First(tried) = tried else { continue };
        match tried {
            Ok(subscription) => {
                (wait, was_reachable) = (BACK_OFF.0, Some(true));
                if let Broken::Moved(sighting) = listen(stack, node, &mut memory, subscription, &sighting).await
                    && let Err(error) = stack.move_to(node, &sighting).await
                {
                    tracing::debug!(node, %error, "the device moved and is not there yet");
                }
            }
            Err(error) => {
                stack.inboxes.close(node);
                tracing::debug!(node, %error, "the device can't be subscribed to");
                if was_reachable != Some(false) {
                    was_reachable = Some(false);
                    stack.tell(Told::Lost(node)).await;
                }
                // A device that shows itself somewhere new is tried at once.
                match select(Timer::after(wait), stack.seen_elsewhere(node, Some(&sighting))).await {
                    Either::First(_) => wait = (wait * 2).min(BACK_OFF.1),
                    Either::Second(_) => wait = BACK_OFF.0,
                }
            }
        }
    }
}

async fn subscribe<'s>(
    stack: &Stack<'s>,
    node: NodeId,
    memory: &mut Memory,
    sighting: &Sighting,
) -> Result<Subscription<'s>, CallError> {
    let reports = stack.inboxes.open(node);
    let exchange = stack.open(node).await?;
    let (established, first) = talk::subscribe(exchange, &memory.wanted()).await?;
    stack.inboxes.subscribed(node, established.subscription_id);
    let hold = stack.open(node).await?;
    memory.learn(&first);
    stack.tell(Told::Reported(node, first)).await;
    stack.tell(Told::Reached(node, sighting.clone())).await;
    let silence = Duration::from_secs(established.max_int.into()) + GRACE;
    Ok(Subscription { reports, silence, _hold: hold })
}

/// Passes on what a device reports until its subscription breaks.
async fn listen(
    stack: &Stack<'_>,
    node: NodeId,
    memory: &mut Memory,
    mut subscription: Subscription<'_>,
    sighting: &Sighting,
) -> Broken {
    loop {
        let moved = stack.seen_elsewhere(node, Some(sighting));
        match select3(subscription.reports.recv(), moved, Timer::after(subscription.silence)).await {
            Either3::First(Some(report)) => {
                memory.learn(&report);
                stack.tell(Told::Reported(node, report)).await;
            }
            Either3::First(None) | Either3::Third(_) => return Broken::Silent,
            Either3::Second(sighting) => return Broken::Moved(sighting),
        }
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
        talk::Wanted { ceiling: CEILING, known: known.collect(), first_event }
    }

    /// Notes versions and event numbers.
    fn learn(&mut self, report: &Gathered) {
        for attribute in &report.attributes {
            let path = attribute.path;
            self.versions.insert((path.endpoint, path.cluster), attribute.data_version);
        }
        self.last_event = self.last_event.max(report.events.iter().map(|event| event.number).max());
    }
}
