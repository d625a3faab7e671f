//! Licences, bans, sources and advisories of what we depend on, by cargo-deny.

use anyhow::{Result, ensure};

use crate::repository::{cargo, must, succeeds};

/// Licences, bans and sources; they need nothing from elsewhere.
pub(super) fn licences() -> Result<()> {
    here()?;
    must(cargo(&["deny", "--config", ".config/deny.toml", "check", "licenses", "bans", "sources"]))
}

/// Known faults of what we depend on. The database is not reachable from everywhere; then it is said loudly.
pub(super) fn advisories() -> Result<()> {
    here()?;
    if !succeeds(cargo(&["deny", "--config", ".config/deny.toml", "fetch", "db"])) {
        eprintln!(
            "NOT CHECKED: advisories. The database of rustsec.org can't be reached from here; run this where it can."
        );
        return Ok(());
    }
    must(cargo(&["deny", "--offline", "--config", ".config/deny.toml", "check", "advisories"]))
}

fn here() -> Result<()> {
    ensure!(
        succeeds(cargo(&["deny", "--version"])),
        "cargo-deny is missing: install it with `cargo install --locked cargo-deny`"
    );
    Ok(())
}
