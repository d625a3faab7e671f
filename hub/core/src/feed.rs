//! Events on their way to everyone who watches: published once, shared by all, resumable by cursor.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use hub_model::{Cursor, Event, Home};
use tokio::sync::broadcast;

/// How many past events can be resumed from. An older cursor gets a snapshot.
const RING: usize = 4096;

/// How many events a slow reader may be behind. One that is further behind gets a snapshot; nobody waits for it.
const BEHIND: usize = 4096;

/// The published side of the hub task: the newest snapshot, and the events that led there.
#[derive(Debug)]
pub struct Feed {
    home: ArcSwap<Home>,
    ring: Mutex<VecDeque<Arc<Event>>>,
    sender: broadcast::Sender<Arc<Event>>,
}

/// A reader's place in the feed.
#[derive(Debug)]
pub struct Subscription {
    /// Where to begin.
    pub start: Start,
    /// Events from there on; those up to the last one handled must be passed over.
    pub live: broadcast::Receiver<Arc<Event>>,
}

/// Where a reader begins.
#[derive(Debug)]
pub enum Start {
    /// With everything as it is.
    Snapshot(Arc<Home>),
    /// With the events after its cursor.
    Tail(Vec<Arc<Event>>),
}

impl Feed {
    /// A feed that begins with `home`.
    pub fn new(home: Home) -> Self {
        Self {
            home: ArcSwap::from_pointee(home),
            ring: Mutex::new(VecDeque::with_capacity(RING)),
            sender: broadcast::channel(BEHIND).0,
        }
    }

    /// The newest snapshot.
    pub fn home(&self) -> Arc<Home> {
        self.home.load_full()
    }

    /// The event at a cursor, while it is one of the last.
    pub fn event(&self, cursor: Cursor) -> Option<Arc<Event>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let first = ring.front()?.cursor;
        let place = cursor.seq.checked_sub(first.seq).filter(|_| cursor.epoch == first.epoch)?;
        ring.get(usize::try_from(place).ok()?).cloned()
    }

    /// Publishes a snapshot and the events that led to it. Only the hub task calls it.
    pub fn publish(&self, home: &Home, events: &[Arc<Event>]) {
        self.home.store(Arc::new(home.clone()));
        // The ring is held while sending, so that a subscriber sees each event in the ring or live, or both.
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            if ring.len() == RING {
                ring.pop_front();
            }
            ring.push_back(Arc::clone(event));
            // Nobody may be listening.
            let _ = self.sender.send(Arc::clone(event));
        }
    }

    /// Begins to read after `since`, or with a snapshot.
    pub fn subscribe(&self, since: Option<Cursor>) -> Subscription {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.sender.subscribe();
        let home = self.home.load_full();
        let tail = since.and_then(|since| tail(&ring, since, home.cursor));
        let start = tail.map_or(Start::Snapshot(home), Start::Tail);
        Subscription { start, live }
    }
}

/// The events after `since`; `None` where they are no longer all there, or `since` is of another run of the hub.
fn tail(ring: &VecDeque<Arc<Event>>, since: Cursor, now: Cursor) -> Option<Vec<Arc<Event>>> {
    if since.epoch != now.epoch || since.seq > now.seq {
        return None;
    }
    let reaches_back = since == now || ring.front().is_some_and(|first| first.cursor.seq <= since.seq + 1);
    reaches_back.then(|| ring.iter().filter(|event| event.cursor > since).cloned().collect())
}
