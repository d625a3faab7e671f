//! Discovery: messages with an empty line between them, each its topic on the first line and its payload below. What they
//! announce is then spoken to and listened to, as the adapter would.

use std::time::{Duration, Instant};

use adapter_mqtt::{
    book::{Book, Effects, Incoming, Plan, Timing},
    topic::is_topic,
};
use hub_model::{
    Actor, Cause, Color, Command, CommandId, DeviceId, Endpoint, Invoke, Shape, Target, Value, capability::Access,
};
use jiff::Timestamp;

/// So many topics hear so many payloads each: enough to meet every kind, and no more than a moment.
const TOPICS: usize = 32;
const PAYLOADS: usize = 4;

/// Whatever is announced, the book takes it in, hears what its devices say, and commands go to single topics alone.
pub(crate) fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let messages: Vec<(&str, &str)> =
        text.split("\n\n").map(|message| message.split_once('\n').unwrap_or((message, ""))).collect();
    let (mut now, at) = (Instant::now(), Timestamp::UNIX_EPOCH);
    let (mut book, mut effects) = (Book::new("homeassistant", Timing::default()), Effects::default());
    book.connect(now);
    for (topic, payload) in &messages {
        book.handle(Incoming { topic, payload: payload.as_bytes(), retain: true }, now, at, &mut effects);
    }
    now += Duration::from_secs(10);
    book.wake(now, at, &mut effects);
    for topic in book.topics().into_iter().take(TOPICS) {
        assert!(is_topic(&topic), "`{topic}` is subscribed to");
        for (_, payload) in messages.iter().take(PAYLOADS) {
            book.handle(Incoming { topic: &topic, payload: payload.as_bytes(), retain: false }, now, at, &mut effects);
        }
    }
    for plan in effects.plans.iter().filter_map(|(_, plan)| plan.as_ref()) {
        plan.found.endpoints.iter().for_each(|endpoint| command(plan, endpoint));
    }
    book.wake(now + Duration::from_secs(3600), at, &mut effects);
    book.disconnect(at, &mut effects);
}

/// Gives every command that an endpoint takes.
fn command(plan: &Plan, endpoint: &Endpoint) {
    let settable = endpoint.properties.iter().filter(|offer| offer.access != Access::Read);
    let set =
        settable.flat_map(|offer| examples(&offer.shape).into_iter().map(|value| (offer.property.clone(), value)));
    let target = || Target { device: DeviceId::named("any"), endpoint: endpoint.id.clone() };
    let command = Command {
        id: CommandId::named("any"),
        key: None,
        target: target(),
        set: Vec::new(),
        invoke: None,
        transition: Some(Duration::from_secs(2)),
        cause: Cause::root(Actor::Hub),
        deadline: Duration::from_secs(5),
    };
    for (property, value) in set {
        sent(plan, &Command { set: vec![(property, value)], ..command.clone() });
    }
    for offer in &endpoint.actions {
        sent(plan, &Command { invoke: Some(Invoke::plain(offer.action.clone())), ..command.clone() });
    }
}

fn sent(plan: &Plan, command: &Command) {
    // What can't be asked is refused.
    for message in plan.messages(command).into_iter().flatten() {
        assert!(is_topic(&message.topic), "`{}` is published to", message.topic);
    }
}

fn examples(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Bool => vec![true.into(), false.into()],
        Shape::Number(limits) => vec![limits.min.into(), limits.max.into()],
        Shape::Choice(words) => words.iter().take(2).map(|word| Value::text(word.clone())).collect(),
        Shape::Text(_) => vec![Value::text("a \"text\" {{ value }}")],
        Shape::Color => vec![Value::Color(Color { hue: 120.0, saturation: 50.0 })],
    }
}
