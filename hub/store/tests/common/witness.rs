//! How late this machine is: a thread that does the least that a store could do, and measures itself.
#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

use std::{
    collections::VecDeque,
    fs::File,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How often it writes.
const BEAT: Duration = Duration::from_millis(5);
/// How many beats it looks back: as long as a reading may take to the disk, and some.
const BEATS: usize = 40;

/// Writes the time, and how late its own writing was lately, into a file until the process is killed.
pub fn start(file: PathBuf) {
    let file = File::create(file).unwrap();
    thread::spawn(move || {
        let mut late: VecDeque<i64> = VecDeque::new();
        loop {
            let begun = Instant::now();
            thread::sleep(BEAT);
            let worst = late.iter().copied().max().unwrap_or(0);
            file.write_all_at(&[micros_now().to_le_bytes(), worst.to_le_bytes()].concat(), 0).unwrap();
            file.sync_data().unwrap();
            late.push_back((begun.elapsed() - BEAT).as_micros() as i64);
            if late.len() > BEATS {
                late.pop_front();
            }
        }
    });
}

/// How late the witness of a killed process was just before, or would have been just then.
pub fn late_by(file: &Path, killed_at: i64) -> Duration {
    let bytes = std::fs::read(file).unwrap();
    let number = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let since = killed_at - number(0) - BEAT.as_micros() as i64;
    Duration::from_micros(since.max(number(8)).max(0) as u64)
}

/// Microseconds since 1970.
pub fn micros_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as i64
}
