//! A fortnight of a thousand devices in a real history, and rules that are tried on it. Once each: they take seconds, and
//! nobody rehearses twice.

use std::{
    fmt::Write as _,
    path::Path as FilePath,
    sync::Arc,
    time::{Duration, Instant},
};

use automations::{
    parse::parse,
    rehearse::{RehearseAsk, rehearse},
    rule::Rule,
    twin::Around,
};
use hub_core::Hub;
use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, Handle, Path, PropertyOffer, Reading, Value,
    capability::{PropertySpec, occupancy, on_off, temperature},
};
use hub_store::{Change, Entry, Options, Store};
use jiff::{SignedDuration, Timestamp};

/// A third of them lamps, a third motion sensors, a third thermometers.
const DEVICES: usize = 999;
const EVENTS: usize = 5_000_000;
const DAYS: i64 = 14;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let folder = std::env::temp_dir().join(format!("hub-rules-measure-{}", std::process::id()));
    let to = Timestamp::now();
    let from = to - SignedDuration::from_hours(24 * DAYS);
    fill(&folder, from).await;
    let opened = Store::open(&folder, Options::default()).expect("our own folder");
    let hub = Hub::start(opened, Vec::new());
    let session = hub.local();
    let within = Duration::from_secs(300);
    for (name, rules) in [("one rule", rules(1)), ("all series", rules(DEVICES / 3))] {
        let begun = Instant::now();
        let ask = RehearseAsk { rules, around: Around::default(), from, to, within };
        let found = rehearse(&session, ask).await.expect("the past can be read");
        let runs: u64 = found.ran.values().sum();
        println!("{name}: {} events, {runs} runs, {} fights", found.events, found.fought);
        tell(&format!("a fortnight of {DEVICES} devices rehearsed, {name}"), begun.elapsed(), 3);
    }
    hub.stop().await;
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

fn tell(what: &str, took: Duration, aim: u32) {
    println!("{what:<60} {:.3} s (aim {aim} s)", took.as_secs_f64());
}

fn kind(number: usize) -> (&'static str, EndpointKind, &'static PropertySpec) {
    match number % 3 {
        0 => ("lamp", EndpointKind::Light, &on_off::ON),
        1 => ("motion", EndpointKind::Sensor, &occupancy::OCCUPIED),
        _ => ("warmth", EndpointKind::Sensor, &temperature::MEASURED),
    }
}

fn device(number: usize) -> Device {
    let (word, kind, spec) = kind(number);
    let mut endpoint = Endpoint::new(EndpointId::first(), kind);
    endpoint.properties = vec![PropertyOffer::new(spec)];
    let name = format!("{word}-{}", number / 3);
    Device::new(DeviceId::named(&name), Handle::from_words(&name, "device"), [endpoint])
}

/// Every device changes in turn, evenly over the fortnight.
async fn fill(folder: &FilePath, from: Timestamp) {
    let devices: Vec<_> = (0..DEVICES).map(device).collect();
    let opened = Store::open(folder, Options::default()).expect("a fresh folder");
    let store = opened.store;
    store
        .commit(devices.iter().map(|device| Change::PutDevice(Arc::new(device.clone()))).collect())
        .await
        .expect("room");
    let step = SignedDuration::from_hours(24 * DAYS).as_micros() / EVENTS as i128;
    let mut batch = Vec::with_capacity(1000);
    for number in 0..EVENTS {
        let (of, round) = (number % DEVICES, number / DEVICES);
        let value = match of % 3 {
            0 | 1 => Value::Bool(round % 2 == 0),
            _ => Value::Number(18.0 + ((round * 7 + of) % 80) as f64 / 10.0),
        };
        let (_, _, spec) = kind(of);
        let path = Path { device: devices[of].id, endpoint: EndpointId::first(), property: spec.into() };
        let at = Some(from + SignedDuration::from_micros((step * number as i128) as i64));
        batch.push(Entry::Reading {
            path,
            reading: Reading { value, changed_at: at, reported_at: at },
            keep: true,
            cause: None,
        });
        if batch.len() == 1000 {
            store.journal(std::mem::take(&mut batch));
            if store.health().history_waiting > 100_000 {
                store.flush().await.expect("room on the disk");
            }
        }
    }
    store.journal(batch);
    store.flush().await.expect("room on the disk");
    store.close().await;
}

/// Rules as people have them: a light that follows a motion sensor while it is not too warm.
fn rules(count: usize) -> Vec<Arc<Rule>> {
    let mut text = String::new();
    for number in 0..count {
        let of = number % (DEVICES / 3);
        let hour = 16 + number / (DEVICES / 3) * 2;
        // Writing to a string can't fail.
        let _ = write!(
            text,
            "[[rule]]\nname = \"Rule {number}\"\nmode = \"restart\"\n\
             when = [ {{ property = {{ of = \"motion-{of}/occupancy.occupied\", becomes = true }} }} ]\n\
             if = {{ between = [\"{hour}:00\", \"{}:30\"], property = {{ of = \"warmth-{of}/temperature.measured\", below = 25 }} }}\n\
             then = [ {{ set = {{ target = \"lamp-{of}\", \"on_off.on\" = true }} }}, {{ wait = \"3m\" }},\n\
             {{ set = {{ target = \"lamp-{of}\", \"on_off.on\" = false }} }} ]\n",
            hour + 1
        );
    }
    let parsed = parse(&FilePath::new("rules.toml").into(), &text);
    assert!(parsed.broken.is_empty(), "{:?}", parsed.broken);
    parsed.rules.into_iter().map(Arc::new).collect()
}
