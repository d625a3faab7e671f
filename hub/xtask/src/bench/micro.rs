//! The parts alone: by criterion, or once where a part takes seconds.

use anyhow::Result;

use crate::repository::{cargo, must};

/// The benches, which stand in `benches` of the crates that they measure.
const BENCHES: [&str; 6] = ["reports", "store", "rules", "rehearsal", "review", "templates"];

/// Runs them all.
pub(super) fn run() -> Result<()> {
    // At once and of the whole workspace, so that their crates' dependencies are built once.
    let mut bench = cargo(&["bench", "--workspace"]);
    bench.args(BENCHES.iter().flat_map(|name| ["--bench", name]));
    must(bench)
}
