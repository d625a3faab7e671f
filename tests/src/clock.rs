//! A false clock on the wall, by libfaketime: the hub's steady clock and all of its timers go on as they do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tempfile::TempDir;

use crate::home::HomePlan;

/// A clock that a hub believes, and that a test sets.
#[derive(Debug)]
pub struct FalseClock {
    folder: TempDir,
}

impl FalseClock {
    /// One that shows this time now, and goes on from there.
    pub fn at(time: &str) -> Self {
        let clock = Self { folder: tempfile::tempdir().expect("the temporary folder can be written") };
        clock.set(time);
        clock
    }

    /// Sets it, forward or back.
    pub fn set(&self, time: &str) {
        let time: Timestamp = time.parse().unwrap_or_else(|error| panic!("{time} is no time: {error}"));
        let by = time.duration_since(Timestamp::now()).as_secs();
        let half = self.folder.path().join("half");
        // The hub reads it at any moment, and finds it whole.
        fs::write(&half, format!("{by:+}\n")).expect("the temporary folder can be written");
        fs::rename(half, self.file()).expect("the temporary folder can be written");
    }

    /// A hub that believes it.
    pub fn on(&self, plan: HomePlan) -> HomePlan {
        plan.variable("LD_PRELOAD", &library().to_string_lossy())
            .variable("FAKETIME_TIMESTAMP_FILE", &self.file().to_string_lossy())
            .variable("FAKETIME_NO_CACHE", "1")
            .variable("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }
}

/// Where Debian keeps the library, in a folder for each kind of machine.
fn library() -> PathBuf {
    let kinds = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = kinds.map(|kind| kind.path().join("faketime/libfaketime.so.1")).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        let install = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/install");
        panic!("libfaketime is not installed: run {}", install.display())
    })
}
