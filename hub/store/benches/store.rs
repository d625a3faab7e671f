//! What the store promises, on this machine's disk: batches of history, the state, a start, and a chart.

use std::{
    path::Path as Folder,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, Handle, Path, PropertyOffer, Reading, Value,
    capability::{Summary, temperature},
};
use hub_store::{Change, Entry, HistoryQuery, Opened, Options, Store};
use jiff::Timestamp;
use tokio::runtime::Runtime;

const DEVICES: usize = 1000;
/// The rows of a chart.
const ROWS: usize = 100_000;
const BEGIN: i64 = 1_760_000_000_000_000;

fn open(folder: &Folder) -> Opened {
    // Long enough that only what is asked for is written.
    let options = Options { keep: Duration::from_secs(100 * 365 * 24 * 3600), flush: Duration::from_secs(3600) };
    Store::open(folder, options).expect("a folder of our own")
}

/// A store that knows the devices.
fn furnished(runtime: &Runtime, folder: &Folder) -> (Store, Vec<Device>) {
    let store = open(folder).store;
    let devices: Vec<Device> = (0..DEVICES).map(device).collect();
    let changes = devices.iter().map(|device| Change::PutDevice(Arc::new(device.clone()))).collect();
    runtime.block_on(store.commit(changes)).expect("room on the disk");
    (store, devices)
}

/// From being handed in until all of it is on the disk. The largest is the store's own batch, which may take no more than
/// 50 ms: the state that is due then waits for it.
fn batches(criterion: &mut Criterion) {
    let (runtime, folder) = (Runtime::new().expect("a runtime"), tempfile::tempdir().expect("a folder"));
    let (store, devices) = furnished(&runtime, folder.path());
    let mut row = 0;
    for size in [100, 1000, 4096] {
        criterion.bench_function(&format!("journal and flush {size} readings"), |bench| {
            bench.iter_batched(
                || {
                    row += size;
                    (row..row + size).map(|row| entry(&devices[row % DEVICES], row)).collect::<Vec<_>>()
                },
                |entries| {
                    store.journal(entries);
                    runtime.block_on(store.flush()).expect("room on the disk");
                },
                BatchSize::PerIteration,
            );
        });
    }
    runtime.block_on(store.close());
}

fn starts(criterion: &mut Criterion) {
    let (runtime, folder) = (Runtime::new().expect("a runtime"), tempfile::tempdir().expect("a folder"));
    let (store, devices) = furnished(&runtime, folder.path());
    store.journal((0..DEVICES).map(|row| entry(&devices[row], row)).collect());
    runtime.block_on(store.close());
    criterion.bench_function("open a home of 1000 devices", |bench| {
        bench.iter_custom(|times| {
            (0..times)
                .map(|_| {
                    let begun = Instant::now();
                    let store = open(folder.path()).store;
                    let took = begun.elapsed();
                    runtime.block_on(store.close());
                    took
                })
                .sum()
        });
    });
}

fn charts(criterion: &mut Criterion) {
    let (runtime, folder) = (Runtime::new().expect("a runtime"), tempfile::tempdir().expect("a folder"));
    let (store, devices) = furnished(&runtime, folder.path());
    for rows in (0..ROWS).collect::<Vec<_>>().chunks(1000) {
        store.journal(rows.iter().map(|row| entry(&devices[0], *row)).collect());
    }
    runtime.block_on(store.flush()).expect("room on the disk");
    let (from, to) = (time(0), time(ROWS));
    let query = HistoryQuery { path: path(&devices[0]), summary: Summary::Mean, from, to, points: 500 };
    criterion.bench_function("500 points of 100,000 rows", |bench| {
        bench.iter(|| runtime.block_on(store.history(query.clone())).expect("a sound history"));
    });
    runtime.block_on(store.close());
}

fn entry(device: &Device, row: usize) -> Entry {
    let (value, at) = (Value::Number(20.0 + (row * 31 % 700) as f64 / 100.0), Some(time(row)));
    Entry::Reading {
        path: path(device),
        reading: Reading { value, changed_at: at, reported_at: at },
        keep: true,
        cause: None,
    }
}

fn time(row: usize) -> Timestamp {
    Timestamp::from_microsecond(BEGIN + row as i64 * 864_000).expect("a time of these years")
}

fn path(device: &Device) -> Path {
    let endpoint = &device.endpoints[0];
    Path { device: device.id, endpoint: endpoint.id.clone(), property: endpoint.properties[0].property.clone() }
}

fn device(number: usize) -> Device {
    let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Sensor);
    endpoint.properties.push(PropertyOffer::new(&temperature::MEASURED));
    let name = format!("device-{number}");
    Device::new(DeviceId::named(&name), Handle::from_words(&name, "device"), [endpoint])
}

criterion_group!(benches, batches, starts, charts);
criterion_main!(benches);
