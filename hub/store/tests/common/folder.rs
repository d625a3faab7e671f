//! A small home for the tests.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

use std::path::Path as Folder;
pub use std::time::Duration;

pub use hub_model::*;
pub use hub_store::*;
pub use jiff::Timestamp;

pub fn open(folder: &Folder) -> Opened {
    Store::open(folder, options()).unwrap()
}

pub fn options() -> Options {
    Options { flush: Duration::from_millis(20), ..Options::default() }
}

/// A device with so many dimmable endpoints.
pub fn device(name: &str, endpoints: u16) -> Device {
    let endpoint = |number: u16| {
        let mut endpoint = Endpoint::new(number.into(), EndpointKind::Light);
        endpoint.properties.push(PropertyOffer::new(&capability::brightness::LEVEL));
        endpoint
    };
    Device {
        origins: vec![Origin { adapter: AdapterName::new_static("test"), key: DeviceKey::new(name) }],
        ..Device::new(DeviceId::named(name), Handle::from_words(name, "device"), (1..=endpoints).map(endpoint))
    }
}

pub fn level() -> Property {
    (&capability::brightness::LEVEL).into()
}

pub fn path(device: &Device, endpoint: usize) -> Path {
    Path { device: device.id, endpoint: device.endpoints[endpoint].id.clone(), property: level() }
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + second).unwrap()
}

pub fn known(number: f64, second: i64) -> Reading {
    Reading { value: Value::Number(number), changed_at: Some(at(second)), reported_at: Some(at(second)) }
}

/// A reading that goes into history too.
pub fn reading(device: &Device, endpoint: usize, number: f64, second: i64) -> Entry {
    Entry::Reading { path: path(device, endpoint), reading: known(number, second), keep: true, cause: None }
}

pub fn query(device: &Device, endpoint: usize, points: usize) -> HistoryQuery {
    let summary = capability::Summary::Mean;
    HistoryQuery { path: path(device, endpoint), summary, from: at(-1_000_000), to: at(10_000_000), points }
}
