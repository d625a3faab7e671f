//! Stacks beside each other, each on a thread of its own: one has room for 64 sessions, and a house may have more nodes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, mpsc};

use super::{ASKS, Ask, Authority, NodeId, Told, thread};

/// How many nodes live on one stack. Each has a session; the rest of the 64 are for handshakes and devices being added.
const NODES_EACH: usize = 52;

/// How many sessions are set up at once, by all stacks together. Each costs both ends some elliptic curves; more would
/// only time out together.
const HANDSHAKES: usize = 8;

/// How long a stack that ended rests before it is started again: the first time, and at most. Whoever ran for longer than
/// the latter is not the worse for what was before.
const REST: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// What each stack is made with.
#[derive(Clone)]
pub(super) struct Gear {
    pub(super) authority: Authority,
    pub(super) told: mpsc::Sender<Told>,
    pub(super) handshakes: Arc<Semaphore>,
    /// How much room its thread has for its own stack, in bytes.
    pub(super) stack_size: usize,
}

/// The stacks, and which nodes live on which.
pub(super) struct Crew {
    gear: Gear,
    turns: mpsc::UnboundedSender<Turn>,
    lives: Mutex<Lives>,
}

/// What becomes of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It ended by itself.
    Ended(usize),
    /// It has rested, and may be started again.
    Rested(usize),
}

/// Says at its end that a stack ended, also when its thread panics.
pub(super) struct Alive {
    stack: usize,
    turns: mpsc::UnboundedSender<Turn>,
}

#[derive(Default)]
struct Lives {
    stacks: Vec<Life>,
    homes: Homes,
}

/// One stack.
struct Life {
    /// The way to it; none while it rests.
    asks: Option<mpsc::Sender<Ask>>,
    since: Instant,
    /// How long it rests when it ends.
    rest: Duration,
}

/// The stack on which each node lives.
#[derive(Debug, Default)]
struct Homes(HashMap<NodeId, usize>);

impl Crew {
    /// Starts the first stack; others start when a node needs them. Whoever hears of their turns passes them on to
    /// [`Crew::turn`].
    pub(super) fn start(
        authority: Authority,
        told: mpsc::Sender<Told>,
        turns: mpsc::UnboundedSender<Turn>,
    ) -> std::io::Result<Self> {
        let handshakes = Arc::new(Semaphore::new(HANDSHAKES));
        let gear = Gear { authority, told, handshakes, stack_size: thread::STACK_SIZE };
        let crew = Self { gear, turns, lives: Mutex::default() };
        let first = crew.stack(0)?;
        crew.lives().stacks.push(Life::new(Some(first)));
        Ok(crew)
    }

    /// The way to the stack on which the node lives that an ask is about; `None` for one that was let go, and while the
    /// stack rests.
    pub(super) fn stack_for(&self, ask: &Ask) -> Option<mpsc::Sender<Ask>> {
        let mut lives = self.lives();
        let home = match ask {
            Ask::Unfollow(node) => lives.homes.leave(*node)?,
            Ask::Follow(..) | Ask::Seen(..) | Ask::Commission(..) | Ask::Complete(..) => lives.homes.of(ask.node()),
            _ => *lives.homes.0.get(&ask.node())?,
        };
        while lives.stacks.len() <= home {
            let asks = self.start_or_rest(lives.stacks.len());
            lives.stacks.push(Life::new(asks));
        }
        lives.stacks.get(home)?.asks.clone()
    }

    /// Lets a stack that ended rest, and starts one again that has rested. Those of its nodes that are followed have to be
    /// followed anew.
    pub(super) fn turn(&self, turn: Turn) -> Told {
        let mut lives = self.lives();
        match turn {
            Turn::Ended(stack) => {
                if let Some(life) = lives.stacks.get_mut(stack) {
                    let (rest, turns) = (life.end(Instant::now()), self.turns.clone());
                    tracing::error!(stack, ?rest, "a thread of Matter ended, and is started again");
                    tokio::spawn(async move {
                        tokio::time::sleep(rest).await;
                        let _ = turns.send(Turn::Rested(stack));
                    });
                }
                Told::Ended(lives.homes.on(stack))
            }
            Turn::Rested(stack) => {
                let asks = self.start_or_rest(stack);
                if let Some(life) = lives.stacks.get_mut(stack) {
                    (life.asks, life.since) = (asks, Instant::now());
                }
                Told::Restarted(lives.homes.on(stack))
            }
        }
    }

    /// Starts a stack's thread; one that can't be started says itself that it has ended, as what tells it is dropped.
    fn start_or_rest(&self, stack: usize) -> Option<mpsc::Sender<Ask>> {
        let started = self.stack(stack);
        started.inspect_err(|error| tracing::error!(stack, %error, "a thread for Matter can't be started")).ok()
    }

    fn stack(&self, stack: usize) -> std::io::Result<mpsc::Sender<Ask>> {
        let (asks, asked) = mpsc::channel(ASKS);
        thread::start(self.gear.clone(), asked, Alive { stack, turns: self.turns.clone() })?;
        Ok(asks)
    }

    fn lives(&self) -> MutexGuard<'_, Lives> {
        self.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Life {
    fn new(asks: Option<mpsc::Sender<Ask>>) -> Self {
        Self { asks, since: Instant::now(), rest: REST.0 }
    }

    /// Ends it; gives how long it shall rest.
    fn end(&mut self, now: Instant) -> Duration {
        let lasted = now.duration_since(self.since);
        let rest = if lasted > REST.1 { REST.0 } else { self.rest };
        (self.asks, self.rest) = (None, (rest * 2).min(REST.1));
        rest
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        // Nobody hears it when the whole adapter ends.
        let _ = self.turns.send(Turn::Ended(self.stack));
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

    /// Who lives on a stack.
    fn on(&self, stack: usize) -> Vec<NodeId> {
        let mut nodes: Vec<_> = self.0.iter().filter(|(_, home)| **home == stack).map(|(node, _)| *node).collect();
        nodes.sort_unstable();
        nodes
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
        assert_eq!(homes.on(1), [full, full + 2]);
    }

    #[test]
    fn a_stack_that_ends_again_and_again_rests_longer_and_longer() {
        let mut life = Life::new(None);
        let begun = life.since;
        let rests: Vec<u64> = (0..8).map(|_| life.end(begun).as_secs()).collect();
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(life.end(begun + REST.1 * 2), REST.0);
    }

    #[tokio::test]
    async fn a_thread_that_cannot_be_started_rests_once_and_comes_back_as_one() {
        let ((told, _telling), (turning, mut turns)) = (mpsc::channel(8), mpsc::unbounded_channel());
        let mut crew = Crew::start(Authority::fresh().unwrap(), told, turning).unwrap();
        let asks = |crew: &Crew, node| crew.stack_for(&Ask::Follow(node, None)).is_some();
        assert!((1..=52).all(|node| asks(&crew, node)));
        // No machine has so much.
        crew.gear.stack_size = usize::MAX / 2;
        assert!(!asks(&crew, 53));
        assert!(!asks(&crew, 53), "it is not tried again at every ask");
        let ended = turns.recv().await.unwrap();
        assert_eq!((ended, turns.try_recv().ok()), (Turn::Ended(1), None));
        assert!(matches!(crew.turn(ended), Told::Ended(nodes) if nodes == [53]));
        assert!(!asks(&crew, 53) && asks(&crew, 1), "it rests, and the other goes on");

        crew.gear.stack_size = thread::STACK_SIZE;
        let rested = turns.recv().await.unwrap();
        assert_eq!(rested, Turn::Rested(1));
        assert!(matches!(crew.turn(rested), Told::Restarted(nodes) if nodes == [53]));
        assert!(asks(&crew, 53));
        // Had it been started twice, or had it ended, that would be heard within the time that it rests.
        assert!(tokio::time::timeout(REST.0 * 3, turns.recv()).await.is_err());
        assert_eq!(crew.lives().stacks.len(), 2);
    }
}
