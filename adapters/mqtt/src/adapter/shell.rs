//! The thin shell: one task between the broker, the [`Book`] and the hub. It decides nothing.

use std::{
    collections::{BTreeSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::{Duration, Instant},
};

use adapter_api::{AdapterError, Context};
use hub_model::{Message as Heard, Qos, TopicFilter};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::{
    Mqtt,
    following::{BOOK, Following},
    memory::Memory,
};
use crate::{
    backoff::Backoff,
    book::{Book, Effects, Incoming},
    broker::{BrokerError, Connection, FromBroker, Publisher, Shared},
    entity::Message,
    topic::DiscoveryTopic,
};

/// How many messages are taken from the connection at once: their reports go to the hub together.
const BATCH: usize = 128;
/// A connection that held so long was a good one, and the next try comes soon after it.
const STABLE: Duration = Duration::from_secs(10);

/// How many questions wait at most.
const QUESTIONS: usize = 4096;

/// Topics that wait for room in the connection.
#[derive(Debug, Default)]
struct Waiting {
    discovery: bool,
    subscribe: BTreeSet<SmolStr>,
    unsubscribe: BTreeSet<SmolStr>,
    /// Filters that others follow.
    follow: BTreeSet<TopicFilter>,
    birth: bool,
    /// Questions to devices. Beyond [`QUESTIONS`], a device is left to tell its state when it does.
    ask: VecDeque<Message>,
}

/// One run of the adapter.
pub(super) struct Shell {
    adapter: Arc<Mqtt>,
    context: Context,
    book: Book,
    memory: Memory,
    following: Following,
    /// Whether the broker tells by which subscription a message comes.
    identifies: bool,
    password: Option<String>,
    waiting: Waiting,
    /// What the owner was last told of the broker, so that he is told once.
    told: Option<String>,
}

impl Shell {
    pub(super) fn new(adapter: Arc<Mqtt>, context: Context, password: Option<String>) -> Self {
        let memory = Memory::recall(&context);
        let book = Book::new(adapter.settings.discovery_prefix.as_str(), adapter.timing);
        let (following, waiting) = (Following::new(), Waiting::default());
        Self { adapter, context, book, memory, following, identifies: true, password, waiting, told: None }
    }

    /// Runs until the context stops: connects, carries messages, and connects again.
    pub(super) async fn run(mut self) -> Result<(), AdapterError> {
        let mut backoff = Backoff::new(RandomState::new().hash_one(()));
        let client_id = self.adapter.settings.client_id.clone();
        let client_id = client_id.unwrap_or_else(|| format!("hearth-{:08x}", RandomState::new().hash_one(()) as u32));
        loop {
            let began = Instant::now();
            let lost = match Connection::open(&self.adapter.settings, &client_id, self.password.as_deref()) {
                Ok(connection) => match self.carry(connection).await {
                    Some(lost) => lost,
                    None => return Ok(()),
                },
                Err(error) => error,
            };
            self.lose(&lost).await;
            // A broker that lets the hub in and ends the connection at once is not asked every moment.
            if began.elapsed() > STABLE {
                backoff.reset();
            }
            tokio::select! {
                () = self.context.stopped() => return Ok(()),
                () = tokio::time::sleep(backoff.pause()) => {}
            }
        }
    }

    /// Carries messages until the connection is over; `None` when the adapter shall end.
    async fn carry(&mut self, mut connection: Connection) -> Option<BrokerError> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let mut effects = Effects::default();
            self.book.set_zone(self.context.zone());
            let wake_at = self.book.wakes_at();
            let lost = tokio::select! {
                () = self.context.stopped() => {
                    if let Some(base) = &self.adapter.settings.publish {
                        connection.publisher().try_publish(presence(base, "offline"));
                    }
                    connection.close().await;
                    return None;
                }
                () = sleep_until(wake_at) => {
                    self.book.wake(Instant::now(), Timestamp::now(), &mut effects);
                    None
                }
                () = self.adapter.followers.changed() => {
                    // Without a connection it is looked at when there is one.
                    if self.adapter.publisher().is_some() {
                        self.turn();
                    }
                    None
                }
                count = connection.inbox.recv_many(&mut batch, BATCH) => {
                    let ended = (count == 0).then(|| BrokerError::Broke("the client ended".into()));
                    self.take_all(batch.drain(..), connection.publisher(), &mut effects).or(ended)
                }
            };
            self.act(effects).await;
            if lost.is_some() {
                return lost;
            }
            self.flush(connection.publisher());
            self.memory.keep(&self.book, &self.context).await;
        }
    }

    /// Takes what came; gives the reason if the connection is over.
    fn take_all(
        &mut self,
        batch: impl Iterator<Item = FromBroker>,
        publisher: &Publisher,
        effects: &mut Effects,
    ) -> Option<BrokerError> {
        for came in batch {
            match came {
                FromBroker::Connected { identifies } => {
                    self.identifies = identifies;
                    self.begin(publisher);
                }
                FromBroker::Message { topic, payload, retain, subscriptions } => {
                    // The protocol forbids topics that are no UTF-8; a broker that sends one is not worth more than this.
                    let Ok(topic) = std::str::from_utf8(&topic) else { continue };
                    if self.pass_on(topic, &payload, retain, &subscriptions) && !self.is_own(topic) {
                        let message = Incoming { topic, payload: &payload, retain };
                        self.book.handle(message, Instant::now(), Timestamp::now(), effects);
                    }
                }
                FromBroker::Room => {}
                FromBroker::Lost(error) => return Some(error),
            }
        }
        None
    }

    /// Hands a message to whoever follows it; true if it came for the book as well.
    fn pass_on(&self, topic: &str, payload: &[u8], retain: bool, subscriptions: &[usize]) -> bool {
        let wanting = self.following.wanting(subscriptions, topic);
        if !wanting.is_empty()
            && let Ok(topic) = topic.parse()
        {
            let heard = Heard { topic, payload: payload.into(), retain, qos: Qos::default() };
            wanting.iter().for_each(|filter| self.adapter.followers.hear(filter, &heard));
        }
        subscriptions.is_empty()
            || subscriptions.contains(&BOOK)
            || wanting.iter().any(|filter| self.shared(filter.as_str()) != Shared::Not)
    }

    /// Whether a topic announces a device that this hub shows: it is no device of the broker's.
    fn is_own(&self, topic: &str) -> bool {
        let Some(base) = &self.adapter.settings.publish else { return false };
        let topic = DiscoveryTopic::parse(&self.adapter.settings.discovery_prefix, topic);
        topic.is_some_and(|topic| topic.node == Some(base.as_str()))
    }

    /// What the book wants of a filter that others follow.
    fn shared(&self, filter: &str) -> Shared {
        let discovery = DiscoveryTopic::filters(&self.adapter.settings.discovery_prefix);
        match () {
            () if discovery.iter().any(|own| own == filter) => Shared::Discovery,
            () if self.book.needs(filter) => Shared::States,
            () => Shared::Not,
        }
    }

    /// Follows what others want now.
    fn turn(&mut self) {
        let turned = self.following.turn_to(&self.adapter.followers.filters());
        self.waiting.follow.extend(turned.new);
        for filter in turned.gone {
            self.waiting.follow.remove(&filter);
            // Where the book has the same filter, it is subscribed to again, as the book's alone.
            match self.shared(filter.as_str()) {
                Shared::Discovery => self.waiting.discovery = true,
                Shared::States => drop(self.waiting.subscribe.insert(filter.as_str().into())),
                Shared::Not => drop(self.waiting.unsubscribe.insert(filter.as_str().into())),
            }
        }
    }

    fn begin(&mut self, publisher: &Publisher) {
        self.told = None;
        if let Some(base) = &self.adapter.settings.publish {
            // The first of all, so that there is room; the broker says the opposite when the connection is lost.
            publisher.try_publish(presence(base, "online"));
        }
        tracing::info!(
            host = self.adapter.settings.host,
            port = self.adapter.settings.port,
            "the MQTT broker is there"
        );
        self.adapter.set_publisher(Some(publisher.clone()));
        self.book.connect(Instant::now());
        // Before a connection nobody looked who wants to hear of what.
        self.turn();
        let follow = self.following.filters().cloned().collect();
        let subscribe =
            self.book.topics().into_iter().filter(|topic| self.following.followed(topic).is_none()).collect();
        self.adapter.followers.connected(true);
        self.waiting = Waiting { discovery: true, subscribe, follow, birth: true, ..Waiting::default() };
    }

    async fn lose(&mut self, error: &BrokerError) {
        if self.adapter.publisher().is_some() {
            self.adapter.followers.connected(false);
        }
        self.adapter.set_publisher(None);
        self.waiting = Waiting::default();
        let problem = error.to_string();
        if self.told.as_ref() != Some(&problem) {
            tracing::warn!(host = self.adapter.settings.host, port = self.adapter.settings.port, "{problem}");
            self.told = Some(problem);
        }
        let mut effects = Effects::default();
        self.book.disconnect(Timestamp::now(), &mut effects);
        self.act(effects).await;
    }

    async fn act(&mut self, effects: Effects) {
        self.adapter.set_plans(effects.plans);
        for complaint in effects.complaints {
            tracing::warn!(entity = %complaint.entity, dropped = self.book.dropped(), "{}", complaint.problem);
        }
        for reason in effects.left_out {
            tracing::info!("{reason}");
        }
        for topic in effects.topics {
            if let (Some(_), Ok(filter)) = (self.following.followed(&topic), topic.parse()) {
                // Asked for again, so that it suits both.
                self.waiting.follow.insert(filter);
                continue;
            }
            let (ask, let_go) = (&mut self.waiting.subscribe, &mut self.waiting.unsubscribe);
            let (to, from) = if self.book.needs(&topic) { (ask, let_go) } else { (let_go, ask) };
            from.remove(&topic);
            to.insert(topic);
        }
        let room = QUESTIONS.saturating_sub(self.waiting.ask.len());
        self.waiting.ask.extend(effects.ask.into_iter().take(room));
        self.context.report_all(effects.reports).await;
    }

    /// Hands waiting topics to the connection as far as there is room; the rest goes with the next packet.
    fn flush(&mut self, publisher: &Publisher) {
        let prefix = &self.adapter.settings.discovery_prefix;
        let id = |id: usize| self.identifies.then_some(id);
        if self.waiting.discovery {
            self.waiting.discovery = !publisher.subscribe_to_discovery(&DiscoveryTopic::filters(prefix), id(BOOK));
        }
        publisher.unsubscribe(&mut self.waiting.unsubscribe);
        publisher.subscribe(&mut self.waiting.subscribe, id(BOOK));
        while !self.waiting.discovery
            && let Some(filter) = self.waiting.follow.pop_first()
        {
            let Some(followed) = self.following.followed(filter.as_str()) else { continue };
            let shared = self.shared(filter.as_str());
            if !publisher.subscribe_for(filter.as_str(), shared, followed.kept, id(followed.id)) {
                self.waiting.follow.insert(filter);
                break;
            }
        }
        // The answers must not come before the subscriptions.
        while self.waiting.subscribe.is_empty() {
            let Some(question) = self.waiting.ask.front() else { break };
            if !publisher.try_publish(question.clone()) {
                break;
            }
            self.waiting.ask.pop_front();
        }
        if self.waiting.birth && !self.waiting.discovery {
            // Zigbee2MQTT and others announce their devices, and tell their states, when they hear this.
            let birth =
                Message { topic: format!("{prefix}/status").into(), payload: "online".into(), retain: false, qos: 0 };
            self.waiting.birth = !publisher.try_publish(birth);
        }
    }
}

/// What is kept at the broker of whether this hub is there.
fn presence(base: &str, word: &str) -> Message {
    Message { topic: format!("{base}/status").into(), payload: word.into(), retain: true, qos: 0 }
}

async fn sleep_until(wake_at: Option<Instant>) {
    match wake_at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
