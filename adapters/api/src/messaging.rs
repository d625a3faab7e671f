//! Messages by topic: a service that an adapter with a broker offers to the hub, for rules and for whoever speaks with
//! other programs through it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::future::BoxFuture;
use hub_model::{AdapterName, Message, TopicFilter};
use tokio::sync::{Notify, mpsc, watch};

/// What an adapter with a broker offers; see [`Adapter::messaging`](crate::Adapter::messaging).
pub trait Messaging: Send + Sync + 'static {
    /// Hands a message to the broker. Waits while too many wait already; the future may be dropped.
    fn publish(&self, message: Message) -> BoxFuture<'_, Result<(), MessagingError>>;

    /// Who wants to hear of which topics. The adapter subscribes to these and to no others.
    fn followers(&self) -> &Arc<Followers>;

    /// Where the owner wants his other devices to be shown to whoever else is at the broker; nothing where he doesn't.
    fn window(&self) -> Option<Window> {
        None
    }
}

/// Where the home's devices are shown to other programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Below which topic others look for announcements.
    pub discovery: String,
    /// Below which topic states and commands are; one word.
    pub base: String,
    /// The adapter itself: its own devices are at the broker already.
    pub carrier: AdapterName,
}

/// Why a message could not be handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessagingError {
    /// There is no connection just now.
    #[error("the broker can't be reached")]
    Unreachable,
}

/// A message that came, with the filter that wanted it. Where several filters of one follower want it, it comes once
/// for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Which filter.
    pub filter: TopicFilter,
    /// The message. Its `retain` says that the broker had kept it: it is no news.
    pub message: Message,
}

/// A filter that somebody follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Which topics.
    pub filter: TopicFilter,
    /// Whether to hear what the broker has kept, too, and then not what the hub itself publishes.
    pub kept: bool,
}

impl From<TopicFilter> for Follow {
    /// What is new on these topics, whoever says it.
    fn from(filter: TopicFilter) -> Self {
        Self { filter, kept: false }
    }
}

/// How many messages may wait for one follower. When it is full, the newest is dropped and counted: to wait would hold
/// the broker back, and with it every device.
pub const WAITING: usize = 1024;

/// Everybody who follows topics of one adapter.
#[derive(Debug, Default)]
pub struct Followers {
    book: Mutex<Book>,
    changed: Notify,
    /// The number of the latest connection, and whether it stands.
    link: watch::Sender<(u64, bool)>,
}

#[derive(Debug, Default)]
struct Book {
    next: u64,
    senders: HashMap<u64, mpsc::Sender<Heard>>,
    wanted: HashMap<TopicFilter, Wanted>,
    lost: u64,
}

#[derive(Debug, Default)]
struct Wanted {
    by: BTreeSet<u64>,
    kept: bool,
}

/// Tells when the broker comes and goes.
#[derive(Debug)]
pub struct Uplink(watch::Receiver<(u64, bool)>);

impl Uplink {
    /// Whether there is a connection, whenever that changes or there is another one; first, as it is now. It may be
    /// dropped and called again without loss.
    pub async fn changed(&mut self) -> bool {
        match self.0.changed().await {
            Ok(()) => self.0.borrow_and_update().1,
            // Its sender lives as long as the adapter.
            Err(_) => std::future::pending().await,
        }
    }
}

/// Somebody's messages. Dropping it lets go of its topics.
#[derive(Debug)]
pub struct Followed {
    id: u64,
    followers: Arc<Followers>,
    heard: mpsc::Receiver<Heard>,
}

impl Followers {
    /// Begins to follow; at first nothing, see [`Followed::turn_to`].
    pub fn follow(self: &Arc<Self>) -> Followed {
        let (sender, heard) = mpsc::channel(WAITING);
        let mut book = self.lock();
        book.next += 1;
        let id = book.next;
        book.senders.insert(id, sender);
        Followed { id, followers: Arc::clone(self), heard }
    }

    /// Tells whether the broker can be reached. For the adapter alone, once for each connection and each end of one.
    pub fn connected(&self, connected: bool) {
        self.link.send_modify(|(number, is)| {
            *number += 1;
            *is = connected;
        });
    }

    /// Whether the broker can be reached.
    pub fn link(&self) -> Uplink {
        let mut link = self.link.subscribe();
        link.mark_changed();
        Uplink(link)
    }

    /// Every filter that somebody follows, and whether somebody wants what was kept.
    pub fn filters(&self) -> BTreeMap<TopicFilter, bool> {
        self.lock().wanted.iter().map(|(filter, wanted)| (filter.clone(), wanted.kept)).collect()
    }

    /// Resolves when [`Followers::filters`] may be others than when it resolved last. For the adapter alone.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Hands a message to everybody who follows a filter.
    pub fn hear(&self, filter: &TopicFilter, message: &Message) {
        let mut book = self.lock();
        let Some(wanting) = book.wanted.get(filter) else { return };
        let senders = wanting.by.iter().filter_map(|id| book.senders.get(id));
        let heard = || Heard { filter: filter.clone(), message: message.clone() };
        let lost = senders.filter(|sender| sender.try_send(heard()).is_err()).count();
        book.lost += lost as u64;
    }

    /// How many messages were dropped because their follower was behind.
    pub fn lost(&self) -> u64 {
        self.lock().lost
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Followed {
    /// Follows these filters from now on, instead of those before; what has come already stays.
    pub fn turn_to<F: Into<Follow>>(&self, filters: impl IntoIterator<Item = F>) {
        let mut book = self.followers.lock();
        book.let_go(self.id);
        for Follow { filter, kept } in filters.into_iter().map(Into::into) {
            let wanted = book.wanted.entry(filter).or_default();
            wanted.by.insert(self.id);
            wanted.kept |= kept;
        }
        drop(book);
        self.followers.changed.notify_one();
    }

    /// The next message. It may be dropped and called again without loss.
    pub async fn next(&mut self) -> Heard {
        match self.heard.recv().await {
            Some(heard) => heard,
            // Its sender is in the book until this is dropped.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        let mut book = self.followers.lock();
        book.let_go(self.id);
        book.senders.remove(&self.id);
        drop(book);
        self.followers.changed.notify_one();
    }
}

impl Book {
    fn let_go(&mut self, id: u64) {
        self.wanted.retain(|_, wanted| {
            wanted.by.remove(&id);
            !wanted.by.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use hub_model::Qos;

    use super::*;

    fn message(text: &str) -> Message {
        Message { topic: "a/b".parse().unwrap(), payload: text.as_bytes().into(), retain: false, qos: Qos::default() }
    }

    fn filter(text: &str) -> TopicFilter {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_follower_hears_what_it_follows_and_lets_go_when_it_is_dropped() {
        let followers = Arc::new(Followers::default());
        let mut one = followers.follow();
        one.turn_to([filter("a/+"), filter("a/b")]);
        followers.changed().await;
        let other = followers.follow();
        other.turn_to([filter("a/b"), filter("c")]);
        followers.hear(&filter("a/+"), &message("1"));
        followers.hear(&filter("x"), &message("2"));
        one.turn_to([filter("a/b")]);
        followers.hear(&filter("a/+"), &message("3"));
        followers.hear(&filter("a/b"), &message("4"));
        assert_eq!(one.next().await, Heard { filter: filter("a/+"), message: message("1") });
        assert_eq!(one.next().await, Heard { filter: filter("a/b"), message: message("4") });
        drop(other);
        assert_eq!(followers.filters(), BTreeMap::from([(filter("a/b"), false)]));
        drop(one);
        assert_eq!(followers.filters(), BTreeMap::new());
    }

    #[tokio::test]
    async fn the_link_tells_of_each_connection() {
        let followers = Followers::default();
        let mut link = followers.link();
        assert!(!link.changed().await);
        followers.connected(true);
        assert!(link.changed().await);
        followers.connected(false);
        followers.connected(true);
        assert!(link.changed().await, "another one");
    }

    #[tokio::test]
    async fn a_follower_that_is_behind_loses_the_newest_and_they_are_counted() {
        let followers = Arc::new(Followers::default());
        let mut one = followers.follow();
        one.turn_to([filter("a/b")]);
        for number in 0..WAITING + 5 {
            followers.hear(&filter("a/b"), &message(&number.to_string()));
        }
        assert_eq!(followers.lost(), 5);
        assert_eq!(one.next().await.message, message("0"));
    }
}
