//! The tests themselves.

use anyhow::Result;

use crate::repository::{cargo, must, succeeds};

/// What builds the hub with Matter, and its tests.
const MATTER: &str = "-p hub-daemon -p adapter-matter -p home-tests --features hub-daemon/matter,home-tests/matter";

/// Examples in the documentation, which nextest does not run.
pub(super) fn documentation() -> Result<()> {
    must(cargo(&["test", "--workspace", "--doc", "--quiet"]))
}

/// Every test, but for those of Matter: its protocol stack takes minutes to build, so it is a feature.
pub(super) fn all() -> Result<()> {
    eprintln!("LEFT OUT: the tests against Matter devices. They run by `cargo nextest run {MATTER}`.");
    if succeeds(cargo(&["nextest", "--version"])) {
        return must(cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]));
    }
    eprintln!("cargo-nextest is missing, so the tests run by `cargo test`, one program after the other.");
    must(cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--examples", "--no-fail-fast"]))
}
