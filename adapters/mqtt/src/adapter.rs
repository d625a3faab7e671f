//! The thin shell: one task between the broker, the [`Book`](crate::book) and the hub.

mod memory;

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use adapter_api::{Adapter, AdapterError, Context, Delivery, Order, Settings as Table, SettingsError};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Outcome};
use jiff::Timestamp;
use smol_str::SmolStr;

use crate::{
    backoff::Backoff,
    book::{Book, Effects, Incoming, Plan, Timing},
    broker::{BrokerError, Connection, FromBroker, Publisher},
    entity::Message,
    settings::Settings,
    topic::DiscoveryTopic,
};
use memory::Memory;

/// How many messages are taken from the connection at once: their reports go to the hub together.
const BATCH: usize = 128;

/// The devices behind one broker.
#[derive(Debug)]
pub struct Mqtt {
    settings: Settings,
    timing: Timing,
    /// What commands need. Held only to copy out of it or to replace an entry, never across an await.
    plans: RwLock<HashMap<DeviceKey, Arc<Plan>>>,
    /// The way to the broker while it is there.
    publisher: RwLock<Option<Publisher>>,
}

/// Makes the adapter from settings that were checked against its fields.
pub(crate) fn build(table: &Table) -> Result<Arc<dyn Adapter>, SettingsError> {
    Ok(Arc::new(Mqtt::new(Settings::read(table)?, Timing::default())))
}

impl Adapter for Mqtt {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            let password = self.settings.password.as_deref().map(|name| context.secret(name)).transpose();
            let password = password.map_err(|error| AdapterError::Lost(error.into()))?;
            let password = password.as_ref().map(|secret| secret.reveal().to_owned());
            let memory = Memory::recall(&context);
            let book = Book::new(self.settings.discovery_prefix.as_str(), self.timing);
            Shell { adapter: self, context, book, memory, password, waiting: Waiting::default() }.run().await
        })
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            let plan = self.plans.read().unwrap_or_else(PoisonError::into_inner).get(&order.key).cloned();
            let publisher = self.publisher.read().unwrap_or_else(PoisonError::into_inner).clone();
            let Some(plan) = plan else { return Delivery::Failed(Outcome::Unreachable, "the device is gone".into()) };
            let Some(publisher) = publisher else {
                return Delivery::Failed(Outcome::Unreachable, "the broker can't be reached".into());
            };
            let messages = match plan.messages(&order.command) {
                Ok(messages) => messages,
                Err(error) => return Delivery::Failed(error.outcome(), error.to_string()),
            };
            for message in messages {
                if let Err(error) = publisher.publish(message).await {
                    return Delivery::Failed(Outcome::Unreachable, error.to_string());
                }
            }
            Delivery::Sent
        })
    }
}

impl Mqtt {
    /// An adapter that is not running yet.
    pub fn new(settings: Settings, timing: Timing) -> Self {
        Self { settings, timing, plans: RwLock::default(), publisher: RwLock::default() }
    }

    fn set_publisher(&self, publisher: Option<Publisher>) {
        *self.publisher.write().unwrap_or_else(PoisonError::into_inner) = publisher;
    }

    fn set_plans(&self, changed: Vec<(DeviceKey, Option<Arc<Plan>>)>) {
        if changed.is_empty() {
            return;
        }
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        for (key, plan) in changed {
            match plan {
                Some(plan) => plans.insert(key, plan),
                None => plans.remove(&key),
            };
        }
    }
}

/// Topics that wait for room in the connection.
#[derive(Debug, Default)]
struct Waiting {
    discovery: bool,
    subscribe: BTreeSet<SmolStr>,
    unsubscribe: BTreeSet<SmolStr>,
    birth: bool,
}

/// One run of the adapter.
struct Shell {
    adapter: Arc<Mqtt>,
    context: Context,
    book: Book,
    memory: Memory,
    password: Option<String>,
    waiting: Waiting,
}

impl Shell {
    async fn run(mut self) -> Result<(), AdapterError> {
        let mut backoff = Backoff::new(RandomState::new().hash_one(()));
        let client_id = self.adapter.settings.client_id.clone();
        let client_id = client_id.unwrap_or_else(|| format!("hearth-{:08x}", RandomState::new().hash_one(()) as u32));
        let mut told: Option<String> = None;
        loop {
            let lost = match Connection::open(&self.adapter.settings, &client_id, self.password.as_deref()) {
                Ok(connection) => match self.carry(connection, &mut backoff, &mut told).await {
                    Some(lost) => lost,
                    None => return Ok(()),
                },
                Err(error) => error,
            };
            self.lose(&lost, &mut told).await;
            tokio::select! {
                () = self.context.stopped() => return Ok(()),
                () = tokio::time::sleep(backoff.pause()) => {}
            }
        }
    }

    /// Carries messages until the connection is over; `None` when the adapter shall end.
    async fn carry(
        &mut self,
        mut connection: Connection,
        backoff: &mut Backoff,
        told: &mut Option<String>,
    ) -> Option<BrokerError> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let wake = self.book.wakes_at().map(tokio::time::Instant::from_std);
            let wake_up = async move {
                match wake {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let mut effects = Effects::default();
            tokio::select! {
                () = self.context.stopped() => {
                    connection.publisher().disconnect();
                    return None;
                }
                () = wake_up => self.book.wake(Instant::now(), Timestamp::now(), &mut effects),
                count = connection.inbox.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return Some(BrokerError::Broke("the client ended".into()));
                    }
                    for told_by_broker in batch.drain(..) {
                        match told_by_broker {
                            FromBroker::Connected => {
                                backoff.reset();
                                *told = None;
                                self.begin(connection.publisher());
                            }
                            FromBroker::Message { topic, payload, retain } => self.take(&topic, &payload, retain, &mut effects),
                            FromBroker::Room => {}
                            FromBroker::Lost(error) => {
                                self.act(effects).await;
                                return Some(error);
                            }
                        }
                    }
                }
            }
            self.act(effects).await;
            self.flush(connection.publisher()).await;
            self.memory.keep(&self.book, &self.context).await;
        }
    }

    fn take(&mut self, topic: &[u8], payload: &[u8], retain: bool, effects: &mut Effects) {
        // The protocol forbids topics that are no UTF-8; a broker that sends one is not worth more than this.
        let Ok(topic) = std::str::from_utf8(topic) else { return };
        self.book.handle(Incoming { topic, payload, retain }, Instant::now(), Timestamp::now(), effects);
    }

    fn begin(&mut self, publisher: &Publisher) {
        tracing::info!(
            host = self.adapter.settings.host,
            port = self.adapter.settings.port,
            "the MQTT broker is there"
        );
        self.adapter.set_publisher(Some(publisher.clone()));
        self.book.connect(Instant::now());
        let subscribe = self.book.topics().into_iter().collect();
        self.waiting = Waiting { discovery: true, subscribe, unsubscribe: BTreeSet::new(), birth: true };
    }

    async fn lose(&mut self, error: &BrokerError, told: &mut Option<String>) {
        self.adapter.set_publisher(None);
        let problem = error.to_string();
        if told.as_ref() != Some(&problem) {
            tracing::warn!(host = self.adapter.settings.host, port = self.adapter.settings.port, "{problem}");
            *told = Some(problem);
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
        for topic in effects.topics {
            let (ask, let_go) = (&mut self.waiting.subscribe, &mut self.waiting.unsubscribe);
            let (to, from) = if self.book.needs(&topic) { (ask, let_go) } else { (let_go, ask) };
            from.remove(&topic);
            to.insert(topic);
        }
        self.context.report_all(effects.reports).await;
    }

    /// Hands waiting topics to the connection as far as there is room; the rest goes with the next packet.
    async fn flush(&mut self, publisher: &Publisher) {
        let prefix = &self.adapter.settings.discovery_prefix;
        if self.waiting.discovery {
            self.waiting.discovery = !publisher.subscribe_to_discovery(&DiscoveryTopic::filters(prefix));
        }
        publisher.unsubscribe(&mut self.waiting.unsubscribe);
        publisher.subscribe(&mut self.waiting.subscribe);
        if self.waiting.birth && !self.waiting.discovery {
            // Zigbee2MQTT and others announce their devices, and tell their states, when they hear this.
            let birth =
                Message { topic: format!("{prefix}/status").into(), payload: "online".into(), retain: false, qos: 0 };
            self.waiting.birth = publisher.publish(birth).await.is_err();
        }
    }
}
