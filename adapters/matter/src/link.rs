//! The protocol's own threads, and the way to them.
//!
//! The library's futures stay on the thread on which they were made, so each of its stacks has one; all else meets them at
//! bounded channels. No type of the library leaves this module.

pub(crate) mod attestation;
mod authority;
mod commission;
mod crew;
mod follow;
mod gather;
mod inbox;
mod power;
mod stack;
mod talk;
mod tasks;
mod thread;
pub(crate) mod tlv;
mod verifier;
mod witness;

use std::{sync::Arc, time::Duration};

use rs_matter::crypto::{CanonPkcSecretKeyRef, backend::rustcrypto::RustCrypto};
use tokio::sync::{mpsc, oneshot};

pub(crate) use authority::Authority;
pub(crate) use commission::{Commission, CommissionError, Milestone};
pub(crate) use gather::Gathered;
pub(crate) use talk::CallError;
pub(crate) use verifier::verifier;

use crate::{
    discovery::Sighting,
    wire::{Request, Tlv},
};
use crew::{Crew, Turn};

/// A node of the hub's fabric.
pub(crate) type NodeId = u64;

/// How old an event may be that is news. What happened in a longer absence, of the hub or of the device, is history: an
/// old press must not switch a lamp now.
pub(crate) const FRESH: Duration = Duration::from_secs(120);

/// How many asks may wait for a thread. When it is full, whoever asks waits; only a thread that hangs lets it fill.
const ASKS: usize = 256;
/// How many things that were told may wait for the adapter. When it is full, the nodes' tasks wait, then their inboxes
/// fill, and then their subscriptions are made anew.
const TOLD: usize = 256;

/// What a thread is asked.
pub(crate) enum Ask {
    /// Follow this node: subscribe to it, and tell all that it reports, after the event of that number.
    Follow(NodeId, Option<u64>),
    /// Let it go.
    Unfollow(NodeId),
    /// It was seen there.
    Seen(NodeId, Sighting),
    /// It announces itself no longer.
    Unseen(NodeId),
    /// Somebody wants it though it can't be reached.
    Wanted(NodeId),
    /// Send these to it, in their order.
    Carry(NodeId, Vec<Request>, oneshot::Sender<Result<(), CallError>>),
    /// Send it a command, and give the answer's fields.
    Invoke(NodeId, Invocation, oneshot::Sender<Result<Tlv, CallError>>),
    /// Read from it, past all subscriptions.
    Read(NodeId, Which, oneshot::Sender<Result<Gathered, CallError>>),
    /// Make a device that waits a node.
    Commission(Commission, oneshot::Sender<Result<(), CommissionError>>),
    /// Complete a commissioning that was interrupted after the device had got its keys.
    Complete(NodeId, oneshot::Sender<Result<(), CommissionError>>),
    /// Panic on the thread of this node.
    #[cfg(test)]
    Panic(NodeId),
}

/// A command to a node.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    /// Endpoint, cluster and command.
    pub(crate) path: (u16, u32, u32),
    /// Its fields.
    pub(crate) fields: Tlv,
    /// Within how long it must follow its Timed Request, where it needs one.
    pub(crate) timed: Option<Duration>,
}

/// Which attributes: endpoint, cluster and attribute, each of them or all.
pub(crate) type Which = (Option<u16>, Option<u32>, Option<u32>);

/// What the threads tell.
#[derive(Debug)]
pub(crate) enum Told {
    /// The name under which the fabric's nodes announce themselves; the first that a thread tells.
    Ready {
        /// The fabric's compressed id (4.3.2.2).
        compressed_fabric: u64,
    },
    /// What a node reported.
    Reported(NodeId, Gathered),
    /// A node was reached there.
    Reached(NodeId, Sighting),
    /// A node is silent where it was reached until now.
    Silent(NodeId),
    /// A node can't be reached.
    Lost(NodeId),
    /// A thread ended by itself, and with it the sessions with these nodes. It is started again.
    Ended(Vec<NodeId>),
    /// It was. These nodes lived there: whoever of them is to be followed has to be followed anew.
    Restarted(Vec<NodeId>),
}

/// The way to the threads. They end when the last of these is gone.
#[derive(Clone)]
pub(crate) struct Link {
    crew: Arc<Crew>,
}

/// What the threads tell, and what becomes of them.
pub(crate) struct Tidings {
    told: mpsc::Receiver<Told>,
    turns: mpsc::UnboundedReceiver<Turn>,
    crew: Arc<Crew>,
}

/// The cryptography of the stack. The key in it is that of the library's sample device, which this controller never is.
type MatterCrypto = RustCrypto<'static, rand::rngs::ThreadRng>;

fn crypto() -> MatterCrypto {
    const NOBODY: CanonPkcSecretKeyRef<'static> = rs_matter::dm::devices::test::DAC_PRIVKEY;
    RustCrypto::new(rand::rng(), NOBODY)
}

impl Ask {
    /// Whom it is about.
    const fn node(&self) -> NodeId {
        match self {
            Self::Follow(node, _)
            | Self::Unfollow(node)
            | Self::Seen(node, _)
            | Self::Unseen(node)
            | Self::Wanted(node)
            | Self::Carry(node, ..)
            | Self::Invoke(node, ..)
            | Self::Read(node, ..)
            | Self::Complete(node, _) => *node,
            #[cfg(test)]
            Self::Panic(node) => *node,
            Self::Commission(commission, _) => commission.node,
        }
    }
}

impl Link {
    /// Starts the first thread.
    pub(crate) fn start(authority: Authority) -> std::io::Result<(Self, Tidings)> {
        let ((told, telling), (turning, turns)) = (mpsc::channel(TOLD), mpsc::unbounded_channel());
        let crew = Arc::new(Crew::start(authority, told, turning)?);
        Ok((Self { crew: Arc::clone(&crew) }, Tidings { told: telling, turns, crew }))
    }

    /// Asks something that has no answer.
    pub(crate) async fn tell(&self, ask: Ask) {
        if let Some(stack) = self.crew.stack_for(&ask) {
            // One that ended just now says so itself.
            let _ = stack.send(ask).await;
        }
    }

    /// Asks, and waits for the answer; `None` when the thread ended instead or rests, or the node was let go.
    pub(crate) async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.tell(ask(answer)).await;
        answered.await.ok()
    }
}

impl Tidings {
    /// The next.
    pub(crate) async fn next(&mut self) -> Told {
        // The crew has a sender of each, so that neither ends.
        tokio::select! {
            Some(told) = self.told.recv() => told,
            Some(turn) = self.turns.recv() => self.crew.turn(turn),
            else => std::future::pending().await,
        }
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads from a node that nobody has seen; true when its thread says so, false when there is none.
    async fn has_thread(link: &Link, node: NodeId) -> bool {
        let read = link.ask(|answer| Ask::Read(node, (None, None, None), answer)).await;
        assert!(!matches!(read, Some(Ok(_))), "there is no such node");
        read.is_some()
    }

    #[tokio::test]
    async fn a_panic_ends_one_thread_which_begins_again_and_the_others_go_on() {
        let (link, mut tidings) = Link::start(Authority::fresh().unwrap()).unwrap();
        for node in 1..=53 {
            link.tell(Ask::Follow(node, None)).await;
        }
        for _ in 0..2 {
            assert!(matches!(tidings.next().await, Told::Ready { .. }));
        }
        link.tell(Ask::Panic(53)).await;
        assert!(matches!(tidings.next().await, Told::Ended(nodes) if nodes == [53]));
        assert!(has_thread(&link, 1).await && !has_thread(&link, 53).await);
        assert!(matches!(tidings.next().await, Told::Restarted(nodes) if nodes == [53]));
        assert!(matches!(tidings.next().await, Told::Ready { .. }));
        assert!(has_thread(&link, 1).await && has_thread(&link, 53).await);
    }
}
