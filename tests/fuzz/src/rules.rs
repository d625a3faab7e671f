//! Rule files: parsed, resolved against a home, and run for a day by the engine.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, LazyLock},
};

use automations::{Engine, Input, check_text, json_schema, parse::parse};
use hub_model::{Actor, Cause, Cursor, Event, Home, Path as Property, Value, What};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::home;

/// How long the rules run, and how often they may want to wake up in that time.
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WAKES: usize = 2000;

static HOME: LazyLock<Home> = LazyLock::new(home::home);

/// A file is whole or has faults that name a place in it; whole rules run without an end of their own.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file: Arc<Path> = Path::new("rule.toml").into();
    let lines = text.lines().count() as u32 + 1;
    for fault in check_text(&file, text, Some(&HOME)) {
        assert!((1..=lines).contains(&fault.line) && fault.column >= 1, "{fault} is not in the file");
        assert!(!fault.message.is_empty(), "{fault} says nothing");
    }
    let mut ids = HashSet::new();
    let rules = parse(&file, text).rules.into_iter().filter(|rule| ids.insert(rule.id.value.clone()));
    let (mut engine, begin) = (Engine::new(), Timestamp::constant(1_800_000_000, 0));
    engine.handle(Input::Rules(rules.map(Arc::new).collect()), begin, &HOME);
    everything_happens(&mut engine, begin);
    for _ in 0..WAKES {
        let Some(due) = engine.wakes_at().filter(|due| *due <= begin + DAY) else { break };
        let now = due.max(begin);
        engine.handle(Input::Time, now, &HOME);
        assert!(engine.wakes_at().is_none_or(|next| next > now), "the engine wakes up twice in one moment");
    }
}

/// Every property of every device changes, and all that can happen does.
fn everything_happens(engine: &mut Engine, now: Timestamp) {
    let mut cursor = Cursor { epoch: 1, seq: 0 };
    let mut events = Vec::new();
    for known in HOME.devices() {
        let (device, endpoint) = (known.device.id, &known.device.endpoints[0]);
        let changes = endpoint.properties.iter().map(|offer| What::Changed {
            path: Property { device, endpoint: endpoint.id.clone(), property: offer.property.clone() },
            old: Value::Unknown,
            new: Value::Bool(true),
        });
        let happenings = endpoint.occurrences.iter().map(|occurrence| What::Occurred {
            device,
            endpoint: endpoint.id.clone(),
            occurrence: occurrence.clone(),
        });
        for what in changes.chain(happenings) {
            cursor = cursor.next();
            events.push(Arc::new(Event { cursor, at: now, cause: Cause::root(Actor::Device(device)), what }));
        }
    }
    engine.handle(Input::Events(&events), now, &HOME);
}

/// Every key and every word of the schema of rule files, whatever they are by now.
pub(crate) fn words() -> Vec<String> {
    fn gather(node: &Json, words: &mut Vec<String>) {
        match node {
            Json::Object(fields) => fields.iter().for_each(|(key, field)| {
                words.push(key.clone());
                gather(field, words);
            }),
            Json::Array(items) => items.iter().for_each(|item| gather(item, words)),
            Json::String(text) => words.push(text.clone()),
            _ => {}
        }
    }
    let mut words = Vec::new();
    gather(&json_schema(), &mut words);
    words
}
