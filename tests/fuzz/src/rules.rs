//! Rule files and blueprints: parsed, resolved against a home, reviewed, and run for a day by the engine.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, LazyLock},
};

use automations::{
    Engine, Fault, Input,
    blueprint::{Answer, Library, Use},
    blueprint_schema, check_text, json_schema,
    parse::{parse, parse_with},
    review::review,
};
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
    check_text(&file, text, Some(&HOME)).iter().for_each(|fault| is_sound(fault, text));
    as_blueprint(text);
    let mut ids = HashSet::new();
    let rules = parse(&file, text).rules.into_iter().filter(|rule| ids.insert(rule.id.value.clone()));
    let rules: Vec<_> = rules.map(Arc::new).collect();
    let (mut engine, begin) = (Engine::new(), Timestamp::constant(1_800_000_000, 0));
    for finding in review(&rules, &HOME, begin).findings {
        is_sound(&finding.fault, text);
    }
    engine.handle(Input::Rules(rules), begin, &HOME);
    everything_happens(&mut engine, begin);
    for _ in 0..WAKES {
        let Some(due) = engine.wakes_at().filter(|due| *due <= begin + DAY) else { break };
        let now = due.max(begin);
        engine.handle(Input::Time, now, &HOME);
        assert!(engine.wakes_at().is_none_or(|next| next > now), "the engine wakes up twice in one moment");
    }
}

fn is_sound(fault: &Fault, text: &str) {
    let lines = text.lines().count() as u32 + 1;
    assert!((1..=lines).contains(&fault.line) && fault.column >= 1, "{fault} is not in the file");
    assert!(!fault.message.is_empty(), "{fault} says nothing");
}

/// A blueprint has faults that name a place in it, or can be used; its use and the plain rule of it are alike.
fn as_blueprint(text: &str) {
    let library = Library::of([(Path::new("blueprints/own.toml").into(), Ok(text.to_owned()))]);
    library.broken().iter().flat_map(|broken| &broken.faults).for_each(|fault| is_sound(fault, text));
    let Some(blueprint) = library.all().find(|blueprint| !blueprint.builtin) else { return };
    let needed = blueprint.inputs.iter().filter(|input| input.default.is_none());
    let answers = needed.map(|input| (input.id.clone(), Answer::Text("hall-lamp".into()))).collect();
    let used = Use { blueprint: Arc::clone(blueprint), name: "Own".into(), answers };
    let (Ok(short), Ok(plain)) = (used.text(), used.plain()) else { return };
    let file: Arc<Path> = Path::new("rule.toml").into();
    let [short, plain] = [short, plain].map(|text| parse_with(&file, &text, &library));
    assert_eq!(short.rules, plain.rules, "a blueprint and its plain rule differ");
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

/// Every key and every word of the schemas of rule files and blueprints, whatever they are by now.
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
    gather(&blueprint_schema(), &mut words);
    words
}
