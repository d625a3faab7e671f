//! The parts alone: by criterion, or once where a part takes seconds.

use anyhow::Result;

use crate::repository::{cargo, must};

/// The benches, each beside what it measures.
const BENCHES: &[(&str, &str)] = &[
    ("hub-core", "reports"),
    ("hub-store", "store"),
    ("automations", "rules"),
    ("automations", "rehearsal"),
    ("automations", "review"),
    ("adapter-mqtt", "templates"),
];

/// Runs them all.
pub(super) fn run() -> Result<()> {
    for (package, bench) in BENCHES {
        must(cargo(&["bench", "--package", package, "--bench", bench]))?;
    }
    Ok(())
}
