//! `kill -9` in the middle of everything, again and again: what was acknowledged is there, what was reported is there but
//! for the last moment, and the databases are sound.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use home_tests::{Broker, Mqtt, TestHome, changed};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tokio::task::JoinHandle;

/// How often the hub is killed.
const ROUNDS: usize = 10;
/// Each sensor says a number that grows by one, so that a hole shows.
const SENSORS: usize = 20;
/// From one message of a sensor to its next: 20 sensors make 500 messages a second.
const PACE: Duration = Duration::from_millis(40);
/// How old the current state may be after a crash: 100 ms for the store, and the rest for a machine that is busy.
const OLDEST: Duration = Duration::from_millis(350);

/// Sensors that pour numbers until they are told to rest.
struct Load {
    resting: Arc<AtomicBool>,
    /// The number that comes next.
    next: Arc<AtomicU64>,
    pouring: JoinHandle<()>,
}

impl Load {
    fn start(client: Mqtt) -> Self {
        let (resting, next) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(1)));
        let (rests, counter) = (Arc::clone(&resting), Arc::clone(&next));
        let pouring = tokio::spawn(async move {
            let mut beat = tokio::time::interval(PACE);
            beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                beat.tick().await;
                if !rests.load(Ordering::SeqCst) {
                    let number = counter.fetch_add(1, Ordering::SeqCst);
                    for sensor in 0..SENSORS {
                        client.pour(&format!("sensor/{sensor}"), number.to_string()).await;
                    }
                }
            }
        });
        Self { resting, next, pouring }
    }

    fn rest(&self, resting: bool) {
        self.resting.store(resting, Ordering::SeqCst);
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.pouring.abort();
    }
}

async fn announce(client: &mut Mqtt) {
    for sensor in 0..SENSORS {
        let config = json!({
            "state_topic": format!("sensor/{sensor}"), "device_class": "power", "unit_of_measurement": "W",
            "unique_id": format!("s{sensor}"), "device": { "identifiers": format!("s{sensor}"), "name": format!("Sensor {sensor}") },
        });
        client.retain(&format!("homeassistant/sensor/s{sensor}/power/config"), config.to_string()).await;
    }
}

/// The databases as the crash left them, without repairing them: in a copy.
fn integrity(data: &Path) {
    let copy = tempfile::tempdir().expect("the temporary folder can be written");
    for name in ["hub.db", "hub.db-wal", "history.db", "history.db-wal"] {
        // The write-ahead log may be missing, where all of it was carried over.
        let _ = fs::copy(data.join(name), copy.path().join(name));
    }
    for name in ["hub.db", "history.db"] {
        let database = Connection::open(copy.path().join(name)).expect("a copy can be opened");
        let said: String =
            database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked");
        assert_eq!(said, "ok", "{name}");
    }
}

/// The history of every sensor, in the order of time.
fn history(data: &Path) -> BTreeMap<i64, Vec<u64>> {
    let file = data.join("history.db");
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("history can be opened");
    let sql = "SELECT series, value FROM history JOIN series ON series.id = series \
               WHERE property = 'power.watts' ORDER BY series, at";
    let mut statement = database.prepare(sql).expect("history has its tables");
    let mut rows = statement.query([]).expect("history can be read");
    let mut all: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    while let Some(row) = rows.next().expect("history can be read") {
        let thousandths: i64 = row.get(1).expect("a number is in thousandths");
        all.entry(row.get(0).expect("a series has a number")).or_default().push(thousandths as u64 / 1000);
    }
    all
}

#[tokio::test]
async fn ten_crashes_under_load_lose_nothing_that_was_acknowledged() {
    let broker = Broker::start().await;
    let mut client = broker.client("sensors").await;
    announce(&mut client).await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    home.until_devices("sensors", |devices| (devices.len() == SENSORS).then_some(())).await;
    let load = Load::start(client);
    let mut acknowledged: Vec<String> = Vec::new();
    let mut beginnings: BTreeSet<u64> = BTreeSet::new();
    let mut told: Vec<u64> = Vec::new();
    for round in 0..ROUNDS {
        home.until_devices("reachable sensors", |devices| {
            (devices.len() == SENSORS && devices.iter().all(|one| one["reachable"] == true)).then_some(())
        })
        .await;
        beginnings.insert(load.next.load(Ordering::SeqCst));
        load.rest(false);
        let seen = work(&home, round, &mut acknowledged).await;
        home.kill9().await;
        let killed = Instant::now();
        load.rest(true);
        integrity(&home.data());
        home.start_again().await;
        told.push(compare(&home, &seen, killed, &acknowledged).await as u64);
    }
    home.stop().await;
    for (series, numbers) in history(&home.data()) {
        let holes: Vec<_> =
            numbers.windows(2).filter(|two| two[1] != two[0] + 1 && !beginnings.contains(&two[1])).collect();
        assert!(holes.is_empty(), "series {series} has holes {holes:?}");
        let cut: Vec<_> = told.iter().filter(|number| !numbers.contains(number)).collect();
        assert!(cut.is_empty(), "series {series} lacks {cut:?}, which were told {OLDEST:?} before a crash");
    }
}

/// What was seen of a sensor's value, and when.
type Seen = Vec<(Instant, f64)>;

/// Writes rooms and watches the numbers, for a while that differs from round to round.
async fn work(home: &TestHome, round: usize, acknowledged: &mut Vec<String>) -> Seen {
    let sensor = home.device("sensor-0").await["id"].clone();
    let mut events = home.events().await;
    let watching = async {
        let mut seen = Seen::new();
        // The number of events, not a time, so that each round is killed at another point of the hub's work.
        while seen.len() < 20 + round {
            let watts = events.wait_for_new("number", |event| changed(event, &sensor, "power.watts")).await;
            seen.push((Instant::now(), watts.as_f64().unwrap_or_default()));
        }
        seen
    };
    let writing = async {
        let mut number = 0;
        loop {
            let name = format!("Room {round}.{number}");
            home.mutate(&format!("mutation {{ putRoom(name: \"{name}\") {{ id }} }}")).await;
            acknowledged.push(name);
            number += 1;
        }
    };
    tokio::select! {
        seen = watching => seen,
        () = writing => unreachable!("writing goes on until the numbers were seen"),
    }
}

/// Compares what a hub knows after a crash with what it had said and acknowledged before. Returns the last number that
/// it had told long enough before the crash to know it still.
async fn compare(home: &TestHome, seen: &Seen, killed: Instant, acknowledged: &[String]) -> f64 {
    let rooms = home.query("{ rooms { name } }").await;
    let rooms: BTreeSet<&str> = rooms["rooms"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(|room| room["name"].as_str())
        .collect();
    let lost: Vec<_> = acknowledged.iter().filter(|name| !rooms.contains(name.as_str())).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let due = seen.iter().rfind(|(at, _)| killed.duration_since(*at) >= OLDEST).map(|(_, watts)| *watts);
    let due = due.expect("each round lasts longer than the oldest state may be");
    let kept = home.value("sensor-0", "1", "power.watts").await;
    let is_fresh = kept.as_f64().is_some_and(|kept| kept >= due);
    assert!(is_fresh, "the state is {kept}, and {due} was told {OLDEST:?} before the crash");
    due
}
