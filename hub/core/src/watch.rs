//! One reader of the feed: a snapshot and what follows, with the reader's rights.

use std::{collections::VecDeque, sync::Arc};

use hub_model::{Cursor, Event, Home, Principal};
use jiff::Timestamp;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    feed::{Feed, Start},
    view::View,
};

/// What a watcher is told.
#[derive(Debug, Clone)]
pub enum Moment {
    /// Everything as it is: at the beginning, and whenever the reader can't be told each step.
    Snapshot(View),
    /// The next thing that happened.
    Event(Arc<Event>),
}

/// A reader of the feed. Dropping it ends it; `next` may be dropped and called again without loss.
#[derive(Debug)]
pub struct Watch {
    feed: Arc<Feed>,
    principal: Arc<Principal>,
    waiting: VecDeque<Arc<Event>>,
    snapshot: Option<Arc<Home>>,
    live: Receiver<Arc<Event>>,
    last: Cursor,
}

impl Watch {
    /// Begins after `since`, or with a snapshot.
    pub(crate) fn new(feed: Arc<Feed>, principal: Arc<Principal>, since: Option<Cursor>) -> Self {
        let subscription = feed.subscribe(since);
        let (snapshot, waiting, last) = match subscription.start {
            Start::Snapshot(home) => {
                let cursor = home.cursor;
                (Some(home), VecDeque::new(), cursor)
            }
            Start::Tail(events) => (None, events.into(), since.unwrap_or_default()),
        };
        Self { feed, principal, waiting, snapshot, live: subscription.live, last }
    }

    /// What comes next; `None` when the hub ends.
    pub async fn next(&mut self) -> Option<Moment> {
        if let Some(home) = self.snapshot.take() {
            self.last = home.cursor;
            return Some(Moment::Snapshot(self.see(home)));
        }
        loop {
            let event = match self.waiting.pop_front() {
                Some(event) => event,
                None => match self.live.recv().await {
                    Ok(event) => event,
                    Err(RecvError::Closed) => return None,
                    Err(RecvError::Lagged(_)) => return Some(self.start_over()),
                },
            };
            if event.cursor <= self.last {
                continue;
            }
            self.last = event.cursor;
            if self.principal.sees_all() || self.see(self.feed.home()).shows(&event) {
                return Some(Moment::Event(event));
            }
        }
    }

    /// Too far behind to be told each step: a fresh snapshot instead.
    fn start_over(&mut self) -> Moment {
        let subscription = self.feed.subscribe(None);
        self.live = subscription.live;
        self.waiting.clear();
        let home = self.feed.home();
        self.last = home.cursor;
        Moment::Snapshot(self.see(home))
    }

    fn see(&self, home: Arc<Home>) -> View {
        View { home, principal: Arc::clone(&self.principal), now: Timestamp::now() }
    }
}
