//! Measures what the store promises, on this machine's disk: `cargo run --release -p hub-store --example measure`.

use std::{
    path::Path as Folder,
    sync::Arc,
    time::{Duration, Instant},
};

use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, Handle, Path, Product, PropertyOffer, Reading, Value,
    capability::{Summary, power, temperature},
};
use hub_store::{Change, Entry, HistoryQuery, Opened, Options, Store};
use jiff::Timestamp;

const DEVICES: u16 = 1000;
const ENDPOINTS: u16 = 10;
const ROWS: i64 = 1_000_000;
const BEGIN: i64 = 1_760_000_000_000_000;

#[tokio::main]
async fn main() {
    let folder = std::env::temp_dir().join(format!("hub-store-measure-{}", std::process::id()));
    let home = fill(&folder).await;
    let size = std::fs::metadata(folder.join("history.db")).map_or(0, |file| file.len());
    println!("history: {:.1} bytes a row, {ROWS} rows", size as f64 / ROWS as f64);
    let opened = start(&folder);
    thin(&opened.store, &home).await;
    opened.store.close().await;
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

async fn fill(folder: &Folder) -> Vec<Device> {
    let home: Vec<Device> = (0..DEVICES).map(device).collect();
    let options = Options { keep: Duration::from_secs(100 * 365 * 24 * 3600), ..Options::default() };
    let opened = Store::open(folder, options).expect("a fresh folder");
    let changes = home.iter().map(|device| Change::PutDevice(Arc::new(device.clone()))).collect();
    let now = Instant::now();
    opened.store.commit(changes).await.expect("room on the disk");
    println!("commit: {DEVICES} devices in {:?}", now.elapsed());
    let now = Instant::now();
    for batch in 0..ROWS / 1000 {
        opened.store.journal((0..1000).map(|row| entry(&home, batch * 1000 + row)).collect());
        if opened.store.health().history_waiting > 100_000 {
            opened.store.flush().await.expect("room on the disk");
        }
    }
    opened.store.flush().await.expect("room on the disk");
    println!("journal: {:.0} readings a second", ROWS as f64 / now.elapsed().as_secs_f64());
    let now = Instant::now();
    let health = opened.store.health();
    opened.store.close().await;
    println!("close: {:?}; {health:?}", now.elapsed());
    home
}

fn start(folder: &Folder) -> Opened {
    let now = Instant::now();
    let opened = Store::open(folder, Options::default()).expect("our own folder");
    let readings: usize = opened.home.devices.iter().map(|device| device.readings.len()).sum();
    println!("open: {} devices, {readings} readings in {:?}", opened.home.devices.len(), now.elapsed());
    opened
}

/// One device has a tenth of all rows, so that its chart has much to thin.
async fn thin(store: &Store, home: &[Device]) {
    let (from, to) = (time(0), time(ROWS));
    let query = HistoryQuery { path: path(&home[0], 0), summary: Summary::Mean, from, to, points: 500 };
    for _ in 0..3 {
        let now = Instant::now();
        let points = store.history(query.clone()).await.expect("a sound history");
        println!("history: {} rows to {} points in {:?}", ROWS / 10, points.len(), now.elapsed());
    }
}

fn entry(home: &[Device], row: i64) -> Entry {
    // A stride that no number of devices or endpoints divides, so that all take their turns.
    let (device, endpoint) =
        if row % 10 == 0 { (0, 0) } else { ((row * 7919 % 1000) as usize, (row / 1000 % 10) as usize) };
    let (value, at) = (Value::Number(20.0 + (row * 31 % 700) as f64 / 100.0), Some(time(row)));
    let reading = Reading { value, changed_at: at, reported_at: at };
    Entry::Reading { path: path(&home[device], endpoint), reading, keep: true, cause: None }
}

fn time(row: i64) -> Timestamp {
    Timestamp::from_microsecond(BEGIN + row * 83_333).expect("a time of these years")
}

fn path(device: &Device, endpoint: usize) -> Path {
    let endpoint = &device.endpoints[endpoint];
    Path { device: device.id, endpoint: endpoint.id.clone(), property: endpoint.properties[0].property.clone() }
}

fn device(number: u16) -> Device {
    let endpoint = |number: u16| {
        let mut endpoint = Endpoint::new(EndpointId::from(number), EndpointKind::Sensor);
        let spec = if number.is_multiple_of(2) { &power::WATTS } else { &temperature::MEASURED };
        endpoint.properties.push(PropertyOffer::new(spec));
        Arc::new(endpoint)
    };
    Device {
        id: DeviceId::named(&format!("device {number}")),
        handle: Handle::from_words(&format!("device-{number}"), "device"),
        name: format!("Device {number}"),
        aliases: Vec::new(),
        room: None,
        show_as: None,
        product: Product::default(),
        origins: Vec::new(),
        endpoints: (1..=ENDPOINTS).map(endpoint).collect(),
    }
}
