//! Ten thousand devices: each costs as much as each of a quarter of them.

use std::time::{Duration, Instant};

use hub_model::{Found, Said, capability::temperature};
use hub_store::{StoredDevice, StoredHome};

use crate::{
    fixture::{empty, lamp, read, say},
    state::State,
};

const MANY: usize = 10_000;
const FEWER: usize = 2_500;
/// Four times as many may take so many times as long: what grows with the square would take sixteen.
const GROWTH: u32 = 9;

/// A home of so many devices of one name, found, heard and loaded again; how long each part took.
fn live(count: usize) -> [Duration; 3] {
    let keys: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    let mut state = empty();
    let begun = Instant::now();
    for (number, key) in keys.iter().enumerate() {
        let room = Some(format!("Room {}", number % 20));
        say(&mut state, key, 0, Said::Found(Box::new(Found { room, ..lamp("Lamp") })));
    }
    let found = begun.elapsed();
    let begun = Instant::now();
    for key in &keys {
        say(&mut state, key, 1, read(&temperature::MEASURED, 20.5));
    }
    let heard = begun.elapsed();
    assert_eq!(state.home.devices().len(), count);
    let stored = state.home.devices().map(|known| StoredDevice {
        device: (*known.device).clone(),
        reachable: true,
        last_seen: known.last_seen,
        readings: Vec::new(),
    });
    let stored = StoredHome { devices: stored.collect(), ..StoredHome::default() };
    let begun = Instant::now();
    assert_eq!(State::loaded(stored, 2).home.devices().len(), count);
    [found, heard, begun.elapsed()]
}

#[test]
fn four_times_as_many_devices_take_about_four_times_as_long() {
    // Of two, the shorter is that in which less else ran.
    let shortest = |count| {
        let all = [live(count), live(count)];
        [0, 1, 2].map(|part| all.iter().map(|one| one[part]).min().unwrap())
    };
    let (fewer, many) = (shortest(FEWER), shortest(MANY));
    for (part, what) in ["found", "heard", "loaded"].into_iter().enumerate() {
        assert!(many[part] < fewer[part] * GROWTH, "{what}: {FEWER} in {:?}, {MANY} in {:?}", fewer[part], many[part]);
    }
}
