//! A plain MQTT client: what a test publishes itself, and what it hears.

use std::time::Duration;

use bytes::Bytes;
use rumqttc::{
    AsyncClient, Broker as Address, Event, EventLoop, Incoming, MqttOptions, NetworkOptions, PublishOptions, QoS,
};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::patience::in_time;

/// How many messages may wait for the test; it is more than any test waits for. When it is full, the broker is not read.
const HEARD: usize = 100_000;
/// Each answer is waited for where it was asked for, so that there is one at a time.
const ANSWERS: usize = 4;
/// How many messages may wait for the connection; then publishing waits.
const OUTBOX: usize = 1000;
const LARGEST_PACKET: u32 = 64 * 1024 * 1024;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its topic.
    pub topic: String,
    /// Its payload.
    pub payload: Bytes,
    /// Whether the broker kept it.
    pub retained: bool,
}

/// A connected client. It disconnects when it is dropped.
#[derive(Debug)]
pub struct Mqtt {
    client: AsyncClient,
    heard: mpsc::Receiver<Message>,
    answers: mpsc::Receiver<Answer>,
    reading: JoinHandle<()>,
}

/// What the broker answers to what the client itself does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Connected,
    Subscribed,
    Published,
}

impl Mqtt {
    /// Connects with the broker on a loopback port.
    pub async fn connect(port: u16, name: &str) -> Self {
        let mut options = MqttOptions::new(name, Address::tcp("127.0.0.1", port));
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        options.set_network_options(network);
        options.set_clean_start(true);
        options.set_keep_alive(60);
        options.set_max_packet_size(Some(LARGEST_PACKET));
        options.set_connect_timeout(Duration::from_secs(5));
        let (client, events) = AsyncClient::builder(options).capacity(OUTBOX).build();
        let ((message, heard), (answer, answers)) = (mpsc::channel(HEARD), mpsc::channel(ANSWERS));
        let mut mqtt = Self { client, heard, answers, reading: tokio::spawn(read(events, message, answer)) };
        mqtt.answered(Answer::Connected).await;
        mqtt
    }

    /// Publishes, and returns when the broker has it.
    pub async fn publish(&mut self, topic: &str, payload: impl Into<Bytes>) {
        self.send(topic, payload, PublishOptions::new(QoS::AtLeastOnce)).await;
        self.answered(Answer::Published).await;
    }

    /// Publishes what the broker shall keep; an empty payload deletes.
    pub async fn retain(&mut self, topic: &str, payload: impl Into<Bytes>) {
        self.send(topic, payload, PublishOptions::new(QoS::AtLeastOnce).retain(true)).await;
        self.answered(Answer::Published).await;
    }

    /// Publishes without waiting for the broker, as sensors do.
    pub async fn pour(&self, topic: &str, payload: impl Into<Bytes>) {
        self.send(topic, payload, PublishOptions::new(QoS::AtMostOnce)).await;
    }

    /// Publishes what the broker shall keep, without waiting for it.
    pub async fn pour_retained(&self, topic: &str, payload: impl Into<Bytes>) {
        self.send(topic, payload, PublishOptions::new(QoS::AtMostOnce).retain(true)).await;
    }

    /// Subscribes, and returns when the broker has taken it.
    pub async fn subscribe(&mut self, filter: &str) {
        self.client.subscribe(filter, QoS::AtMostOnce).await.unwrap_or_else(|error| panic!("{filter}: {error}"));
        self.answered(Answer::Subscribed).await;
    }

    /// Waits for a message in which `find` finds something; others before it are passed over.
    pub async fn hear<T>(&mut self, what: &str, mut find: impl FnMut(&Message) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let message = self.heard.recv().await.unwrap_or_else(|| panic!("the broker went before the {what}"));
                if let Some(found) = find(&message) {
                    return found;
                }
            }
        };
        in_time(format_args!("{what} from the broker"), waiting).await
    }

    /// The next message, however long it takes; `None` when the broker went.
    pub async fn next(&mut self) -> Option<Message> {
        self.heard.recv().await
    }

    async fn send(&self, topic: &str, payload: impl Into<Bytes>, how: PublishOptions) {
        let sent = self.client.publish(topic, payload.into(), how).await;
        sent.unwrap_or_else(|error| panic!("nothing can be published on {topic}: {error}"));
    }

    async fn answered(&mut self, answer: Answer) {
        let come = in_time(format_args!("answer of the broker: {answer:?}"), self.answers.recv()).await;
        assert_eq!(come, Some(answer), "the broker went, or answers in another order");
    }
}

impl Drop for Mqtt {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// Reads until the connection is over or nobody listens.
async fn read(mut events: EventLoop, heard: mpsc::Sender<Message>, answers: mpsc::Sender<Answer>) {
    while let Ok(event) = events.poll().await {
        let answer = match event {
            Event::Incoming(Incoming::ConnAck(_)) => Answer::Connected,
            Event::Incoming(Incoming::SubAck(_)) => Answer::Subscribed,
            Event::Incoming(Incoming::PubAck(_)) => Answer::Published,
            Event::Incoming(Incoming::Publish(message)) => {
                let topic = String::from_utf8_lossy(&message.topic).into_owned();
                let message = Message { topic, payload: message.payload, retained: message.retain };
                if heard.send(message).await.is_err() {
                    return;
                }
                continue;
            }
            _ => continue,
        };
        if answers.send(answer).await.is_err() {
            return;
        }
    }
}
