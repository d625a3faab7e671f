//! Stacks beside each other, each on a thread of its own: one has room for 64 sessions, and a house may have more nodes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use super::{ASKS, Ask, Authority, NodeId, Told, thread};

/// How many nodes live on one stack. Each has a session; the rest of the 64 are for handshakes and devices being added.
const NODES_EACH: usize = 52;

/// How many sessions are set up at once, by all stacks together. Each costs both ends some elliptic curves; more would
/// only time out together.
const HANDSHAKES: usize = 8;

/// What each stack is made with.
#[derive(Clone)]
pub(super) struct Gear {
    pub(super) authority: Authority,
    pub(super) told: mpsc::Sender<Told>,
    pub(super) handshakes: Arc<Semaphore>,
}

/// The stacks, and which nodes live on which.
pub(super) struct Crew {
    gear: Gear,
    /// Cancelled when a thread ends, and so all are to be made anew.
    ended: CancellationToken,
    lives: Mutex<Lives>,
}

#[derive(Default)]
struct Lives {
    stacks: Vec<mpsc::Sender<Ask>>,
    homes: Homes,
}

/// The stack on which each node lives.
#[derive(Debug, Default)]
struct Homes(HashMap<NodeId, usize>);

impl Crew {
    /// Starts the first stack; others start when a node needs them.
    pub(super) fn start(
        authority: Authority,
        told: mpsc::Sender<Told>,
        ended: CancellationToken,
    ) -> std::io::Result<Self> {
        let gear = Gear { authority, told, handshakes: Arc::new(Semaphore::new(HANDSHAKES)) };
        let mut crew = Self { gear, ended, lives: Mutex::default() };
        let first = crew.stack()?;
        crew.lives.get_mut().unwrap_or_else(PoisonError::into_inner).stacks.push(first);
        Ok(crew)
    }

    /// The way to the stack on which the node lives that an ask is about; `None` for one that was let go, and when no stack
    /// can be started for a new one.
    pub(super) fn stack_for(&self, ask: &Ask) -> Option<mpsc::Sender<Ask>> {
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        let home = match ask {
            Ask::Unfollow(node) => lives.homes.leave(*node)?,
            Ask::Follow(..) | Ask::Seen(..) | Ask::Commission(..) | Ask::Complete(..) => lives.homes.of(ask.node()),
            _ => *lives.homes.0.get(&ask.node())?,
        };
        while lives.stacks.len() <= home {
            match self.stack() {
                Ok(stack) => lives.stacks.push(stack),
                Err(error) => {
                    tracing::error!(%error, "no further thread can be started for Matter");
                    self.ended.cancel();
                    return None;
                }
            }
        }
        lives.stacks.get(home).cloned()
    }

    fn stack(&self) -> std::io::Result<mpsc::Sender<Ask>> {
        let (asks, asked) = mpsc::channel(ASKS);
        thread::start(self.gear.clone(), asked, self.ended.clone().drop_guard())?;
        Ok(asks)
    }
}

impl Homes {
    /// Where a node lives; a new one moves in where there is room.
    fn of(&mut self, node: NodeId) -> usize {
        if let Some(home) = self.0.get(&node) {
            return *home;
        }
        let there = |stack| self.0.values().filter(|home| **home == stack).count();
        let home = (0..).find(|stack| there(*stack) < NODES_EACH).unwrap_or(0);
        self.0.insert(node, home);
        home
    }

    /// Gives up a node's place; `None` when it has none.
    fn leave(&mut self, node: NodeId) -> Option<usize> {
        self.0.remove(&node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_stays_where_it_is_and_a_place_that_is_left_is_taken_again() {
        let mut homes = Homes::default();
        let full = NODES_EACH as u64;
        assert!((0..full).all(|node| homes.of(node) == 0));
        assert_eq!(homes.of(full), 1);
        assert_eq!((homes.leave(7), homes.leave(7)), (Some(0), None));
        assert_eq!(homes.of(full + 1), 0);
        assert_eq!((homes.of(full), homes.of(full + 2)), (1, 1));
    }
}
