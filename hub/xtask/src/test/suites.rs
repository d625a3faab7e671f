//! The tests themselves.

use anyhow::Result;

use crate::repository::{cargo, must, succeeds};

/// Examples in the documentation, which nextest does not run.
pub(super) fn documentation() -> Result<()> {
    must(cargo(&["test", "--workspace", "--doc", "--quiet"]))
}

/// Every test.
pub(super) fn all() -> Result<()> {
    if succeeds(cargo(&["nextest", "--version"])) {
        return must(cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]));
    }
    eprintln!("cargo-nextest is missing, so the tests run by `cargo test`, one program after the other.");
    must(cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--examples", "--no-fail-fast"]))
}
