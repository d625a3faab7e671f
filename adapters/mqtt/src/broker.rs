//! The connection to the broker. The only module that knows the client crate, so that it can be exchanged.
//!
//! The client is `rumqttc-next`, the maintained fork of `rumqttc`, with MQTT 5. What decided, measured against
//! mosquitto 2.0 on two cores with messages of 60 bytes: both take 60,000 messages/s without loss at 3 µs of processor
//! time each, and both hand pressure back to TCP when their reader is slow. But releases of `rumqttc` have stopped
//! (bytebeamio/rumqtt issues 942 and 1029), and the fork's default is MQTT 5, by which the *broker* keeps back what is
//! larger than we take. With MQTT 3.1.1 one such retained message ends the connection again and again (issue 614).
//! The defaults don't fit a hub: packets above 10 KiB are refused, where device lists are larger; Nagle's delay is on;
//! and a table of 65,535 messages in flight takes 30 MB, which a limit of 128 brings down to 4.

mod error;
mod tls;

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use hub_model::Qos;
use rumqttc::{
    AsyncClient, Broker, ConnectReturnCode, Event, EventLoop, Incoming, LastWill, MqttOptions, NetworkOptions,
    PublishOptions, QoS, RetainForwardRule, SubscribeFilterInput, SubscribeProperties, Transport,
};
use smol_str::SmolStr;
use tokio::{sync::mpsc, task::JoinHandle};

pub(crate) use error::BrokerError;

use crate::{entity::Message, settings::Settings};

/// The largest packet that is taken, in bytes. The configuration of a large device is below 100 KiB.
const LARGEST_PACKET: u32 = 256 * 1024;
/// How many messages may wait for the adapter. When it is full, the connection is not read, and the pressure goes back
/// to the broker by TCP. With [`LARGEST_PACKET`] it bounds memory to 64 MiB at the worst; usually it is a few KiB.
const INBOX: usize = 256;
/// How many commands and subscriptions may wait for the connection. When it is full, commands wait until their
/// deadline, and subscriptions are tried again after the next packet.
const OUTBOX: usize = 256;
/// How many messages of quality 1 and 2 may be without an answer, in each direction.
const IN_FLIGHT: u16 = 128;
/// How many topics one packet subscribes to.
const TOPICS_AT_ONCE: usize = 100;
/// How long the broker may be silent before it counts as away is one and a half times this, in seconds.
const KEEP_ALIVE: u16 = 15;
/// How long connecting may take, name look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(200);

/// What comes from the broker.
#[derive(Debug)]
pub(crate) enum FromBroker {
    /// The connection stands; nothing is subscribed yet.
    Connected {
        /// Whether the broker tells by which subscription a message comes.
        identifies: bool,
    },
    /// A message.
    Message {
        /// Its topic, not yet known to be UTF-8.
        topic: Bytes,
        /// Its payload.
        payload: Bytes,
        /// The retain flag, as the broker sends it for this subscription.
        retain: bool,
        /// The identifiers of the subscriptions that it comes by.
        subscriptions: Vec<usize>,
    },
    /// A packet was sent: there is room for more.
    Room,
    /// The connection is over.
    Lost(BrokerError),
}

/// A message to be published.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    topic: SmolStr,
    payload: Bytes,
    retain: bool,
    quality: QoS,
}

/// One connection, or the attempt at one. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    /// What comes from the broker; after [`FromBroker::Lost`], nothing.
    pub(crate) inbox: mpsc::Receiver<FromBroker>,
    publisher: Publisher,
    reading: JoinHandle<()>,
}

/// The way out of a connection. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Publisher(AsyncClient);

impl Connection {
    /// Begins to connect. What became of it comes by the inbox.
    ///
    /// # Errors
    /// If the certificate authority's file cannot be used.
    pub(crate) fn open(settings: &Settings, client_id: &str, password: Option<&str>) -> Result<Self, BrokerError> {
        let options = options(settings, client_id, password)?;
        let (client, events) = AsyncClient::builder(options).capacity(OUTBOX).build();
        let (sender, inbox) = mpsc::channel(INBOX);
        let reading = tokio::spawn(read(events, sender));
        Ok(Self { inbox, publisher: Publisher(client), reading })
    }

    /// Says goodbye to the broker, and waits a moment for it to be on its way.
    pub(crate) async fn close(mut self) {
        if self.publisher.0.try_disconnect().is_ok() {
            let end = async { while self.inbox.recv().await.is_some() {} };
            // A broker that is slow to hear it finds out by itself.
            let _ = tokio::time::timeout(GOODBYE, end).await;
        }
    }

    /// The way out.
    pub(crate) const fn publisher(&self) -> &Publisher {
        &self.publisher
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

fn options(settings: &Settings, client_id: &str, password: Option<&str>) -> Result<MqttOptions, BrokerError> {
    let mut options = MqttOptions::new(client_id, Broker::tcp(settings.host.as_str(), settings.port));
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(CONNECT.as_secs());
    options.set_network_options(network);
    options.set_connect_timeout(CONNECT);
    options.set_keep_alive(KEEP_ALIVE);
    // Nothing is left at the broker: what counts is retained or told anew, and old commands must not come late.
    options.set_clean_start(true);
    options.set_max_packet_size(Some(LARGEST_PACKET));
    options.set_receive_maximum(Some(IN_FLIGHT));
    options.set_outgoing_inflight_upper_limit(IN_FLIGHT);
    match (&settings.username, password) {
        (Some(username), Some(password)) => {
            options.set_credentials(username.as_str(), password.to_owned());
        }
        (Some(username), None) => {
            options.set_username(username.as_str());
        }
        (None, _) => {}
    }
    if let Some(base) = &settings.publish {
        options.set_last_will(LastWill::new(format!("{base}/status"), "offline", QoS::AtMostOnce, true, None));
    }
    if settings.tls {
        options.set_transport(Transport::tls_with_config(tls::configuration(settings.ca_file.as_deref())?));
    }
    Ok(options)
}

/// Reads until the connection is over or nobody listens.
async fn read(mut events: EventLoop, inbox: mpsc::Sender<FromBroker>) {
    loop {
        let told = match events.poll().await {
            Ok(Event::Incoming(Incoming::Publish(publish))) => {
                let subscriptions = publish.properties.map(|properties| properties.subscription_identifiers);
                FromBroker::Message {
                    topic: publish.topic,
                    payload: publish.payload,
                    retain: publish.retain,
                    subscriptions: subscriptions.unwrap_or_default(),
                }
            }
            Ok(Event::Incoming(Incoming::ConnAck(answer))) if answer.code == ConnectReturnCode::Success => {
                // They are available unless the broker says otherwise (MQTT 5, section 3.2.2.3.12).
                let available = answer.properties.and_then(|properties| properties.subscription_identifiers_available);
                FromBroker::Connected { identifies: available != Some(0) }
            }
            Ok(Event::Incoming(Incoming::SubAck(_) | Incoming::UnsubAck(_))) | Ok(Event::Outgoing(_)) => {
                // Only a hint; when the inbox is full, there is a next packet anyway.
                if inbox.is_closed() {
                    return;
                }
                let _ = inbox.try_send(FromBroker::Room);
                continue;
            }
            Ok(_) => continue,
            Err(error) => FromBroker::Lost(BrokerError::from(error)),
        };
        let over = matches!(told, FromBroker::Lost(_));
        if inbox.send(told).await.is_err() || over {
            return;
        }
    }
}

impl Publisher {
    /// Hands a message over if there is room at once. Whoever reads the inbox must use this one: to wait for room there
    /// would be to wait for oneself.
    pub(crate) fn try_publish(&self, message: impl Into<Outgoing>) -> bool {
        let message = message.into();
        let options = PublishOptions::new(message.quality).retain(message.retain);
        self.0.try_publish(message.topic.as_str(), message.payload, options).is_ok()
    }

    /// Hands a message to the connection; waits while too many wait already.
    ///
    /// # Errors
    /// If the connection is over, or the topic is none.
    pub(crate) async fn publish(&self, message: impl Into<Outgoing>) -> Result<(), BrokerError> {
        let message = message.into();
        let options = PublishOptions::new(message.quality).retain(message.retain);
        let sent = self.0.publish(message.topic.as_str(), message.payload, options).await;
        sent.map_err(|_| BrokerError::NotSent(message.topic))
    }

    /// Asks for as many of the topics as there is room for, and takes them out of the list. What the broker keeps comes
    /// at once. Quality 0: with 1, a broker drops what goes beyond its queue of usually 1000, and a thousand devices
    /// have more retained messages than that; with 0, TCP holds the broker back.
    pub(crate) fn subscribe(&self, topics: &mut BTreeSet<SmolStr>, id: Option<usize>) {
        self.in_parts(topics, |part| {
            let filters = part.iter().map(|topic| SubscribeFilterInput::new(topic.as_str(), QoS::AtMostOnce));
            self.try_subscribe(filters, id)
        });
    }

    /// Asks for the filters of discovery; messages keep their own retain flag, so that it is known what the broker
    /// keeps. False if there is no room.
    pub(crate) fn subscribe_to_discovery(&self, filters: &[String], id: Option<usize>) -> bool {
        self.try_subscribe(filters.iter().map(|filter| discovery_filter(filter)), id)
    }

    /// Asks for a filter that others follow; `shared` says what the devices want of the same one, `kept` whether what the
    /// broker has kept is wanted, and then not what comes from here. False if there is no room. Quality 1, so that a
    /// message that a rule waits for is not lost where the sender wants it to arrive.
    pub(crate) fn subscribe_for(&self, filter: &str, shared: Shared, kept: bool, id: Option<usize>) -> bool {
        let input = match shared {
            Shared::Discovery => discovery_filter(filter),
            Shared::States => SubscribeFilterInput::new(filter, QoS::AtMostOnce),
            Shared::Not if kept => SubscribeFilterInput::new(filter, QoS::AtMostOnce).no_local(true),
            Shared::Not => {
                SubscribeFilterInput::new(filter, QoS::AtLeastOnce).retain_forward_rule(RetainForwardRule::Never)
            }
        };
        self.try_subscribe([input].into_iter(), id)
    }

    fn try_subscribe(&self, filters: impl Iterator<Item = SubscribeFilterInput>, id: Option<usize>) -> bool {
        let sent = match id {
            Some(id) => {
                let properties = SubscribeProperties { id: Some(id), user_properties: Vec::new() };
                self.0.try_subscribe_many_with_properties(filters, properties)
            }
            None => self.0.try_subscribe_many(filters),
        };
        sent.is_ok()
    }

    /// Lets go of as many of the topics as there is room for, and takes them out of the list.
    pub(crate) fn unsubscribe(&self, topics: &mut BTreeSet<SmolStr>) {
        self.in_parts(topics, |part| self.0.try_unsubscribe_many(part.iter().map(SmolStr::as_str)).is_ok());
    }

    fn in_parts(&self, topics: &mut BTreeSet<SmolStr>, send: impl Fn(&[SmolStr]) -> bool) {
        while !topics.is_empty() {
            let part: Vec<SmolStr> = topics.iter().take(TOPICS_AT_ONCE).cloned().collect();
            if !send(&part) {
                return;
            }
            part.iter().for_each(|topic| drop(topics.take(topic)));
        }
    }
}

/// What the devices want of a filter that others follow. One connection has each filter once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shared {
    /// Nothing.
    Not,
    /// Their states come by it.
    States,
    /// They announce themselves by it.
    Discovery,
}

fn discovery_filter(filter: &str) -> SubscribeFilterInput {
    SubscribeFilterInput::new(filter, QoS::AtMostOnce)
        .preserve_retain(true)
        .retain_forward_rule(RetainForwardRule::OnEverySubscribe)
}

impl From<Message> for Outgoing {
    fn from(Message { topic, payload, retain, qos }: Message) -> Self {
        let quality = match qos {
            0 => QoS::AtMostOnce,
            1 => QoS::AtLeastOnce,
            _ => QoS::ExactlyOnce,
        };
        Self { topic, payload: payload.into(), retain, quality }
    }
}

impl From<hub_model::Message> for Outgoing {
    fn from(message: hub_model::Message) -> Self {
        let quality = match message.qos {
            Qos::AtMostOnce => QoS::AtMostOnce,
            Qos::AtLeastOnce => QoS::AtLeastOnce,
            Qos::ExactlyOnce => QoS::ExactlyOnce,
        };
        let payload = Bytes::from_owner(message.payload);
        Self { topic: message.topic.as_str().into(), payload, retain: message.retain, quality }
    }
}
