//! `kill -9` under load: what was acknowledged is there, the state is at most 100 ms old, and history ends early but has
//! no holes.
//!
//! A busy machine makes every thread late, and no store can be better than that. So a witness in the same process does
//! the least that a store could do, and what it is late by is allowed for: on a quiet machine that is a few milliseconds.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
#[path = "common/witness.rs"]
mod witness;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Instant,
};

use common::*;
use witness::micros_now;

/// Names the folder for the test below, which is a program of its own when this is set.
const CHILD: &str = "HUB_STORE_KILL_CHILD";
const ROUNDS: u64 = 10;
/// What is promised.
const STATE_AGE: Duration = Duration::from_millis(100);
/// How many times a reading's way to the disk can be held up: whoever hands it in, the store's thread on waking, and the
/// disk.
const HOLD_UPS: u32 = 3;

/// Writes until it is killed: rooms as commits, one acknowledged number per line, and a lamp that counts.
#[tokio::test]
async fn as_a_child_it_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let store = open(std::path::Path::new(&folder)).store;
    let lamp = device("lamp", 1);
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    witness::start(std::path::Path::new(&folder).join("witness"));
    let counting = store.clone();
    std::thread::spawn(move || {
        for number in 0u32.. {
            let now = micros_now();
            let at = Timestamp::from_microsecond(now).ok();
            let reading = Reading { value: Value::Number(f64::from(number)), changed_at: at, reported_at: at };
            counting.journal(vec![Entry::Reading { path: path(&lamp, 0), reading, keep: true, cause: None }]);
            // The pace of a busy home; nothing is waited for.
            std::thread::sleep(Duration::from_micros(200));
        }
    });
    for number in 0u32.. {
        let room = Room { id: RoomId::named(&number.to_string()), name: number.to_string(), floor: None };
        store.commit(vec![Change::PutRoom(room)]).await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {number}").and_then(|()| out.flush()).unwrap();
    }
}

#[tokio::test]
async fn a_kill_costs_nothing_that_was_promised() {
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Kill(spawn(folder.path()));
        let acknowledged = acknowledged_until(&mut child.0, Duration::from_millis(150 + round * 71));
        child.0.kill().unwrap();
        let killed_at = micros_now();
        child.0.wait().unwrap();
        let acknowledged = acknowledged.into_iter().last().expect("it came as far as a commit");

        let opened = open(folder.path());
        assert_eq!(opened.notices, [], "the databases are sound");
        let rooms: Vec<&str> = opened.home.rooms.iter().map(|room| room.name.as_str()).collect();
        for number in 0..=acknowledged {
            assert!(
                rooms.contains(&number.to_string().as_str()),
                "round {round}: {number} was acknowledged and is gone"
            );
        }
        let (_, _, last) = &opened.home.devices[0].readings[0];
        let age = Duration::from_micros((killed_at - last.reported_at.unwrap().as_microsecond()).max(0) as u64);
        let late = witness::late_by(&folder.path().join("witness"), killed_at);
        assert!(
            age <= STATE_AGE + late * HOLD_UPS,
            "round {round}: the state is {age:?} old on a machine that is late by {late:?}"
        );

        let lamp = device("lamp", 1);
        let everything =
            HistoryQuery { from: at(0), to: at(10_000_000_000), points: HistoryQuery::MOST, ..query(&lamp, 0, 0) };
        let history = opened.store.history(everything).await.unwrap();
        let numbers: Vec<f64> = history.iter().filter_map(|point| point.value.as_number()).collect();
        assert!(numbers.len() > 10, "round {round}: there is history");
        let expected: Vec<f64> = (0..numbers.len()).map(|number| number as f64).collect();
        assert_eq!(numbers, expected, "round {round}: history has a hole");
    }
}

/// A child that doesn't outlive a test that fails.
struct Kill(Child);

impl Drop for Kill {
    fn drop(&mut self) {
        // It may be dead already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(folder: &std::path::Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "as_a_child_it_writes_until_it_is_killed", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the child acknowledges, for some time after the first.
fn acknowledged_until(child: &mut Child, time: Duration) -> Vec<u32> {
    let out = BufReader::new(child.stdout.take().unwrap());
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        // The pipe breaks when the child is killed, in the middle of a line perhaps.
        for line in out.lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("acknowledged ").and_then(|number| number.parse::<u32>().ok()) {
                let _ = send.send(number);
            }
        }
    });
    let mut acknowledged = vec![receive.recv().expect("a first commit")];
    let end = Instant::now() + time;
    while let Ok(number) = receive.recv_timeout(end.saturating_duration_since(Instant::now())) {
        acknowledged.push(number);
    }
    acknowledged
}
