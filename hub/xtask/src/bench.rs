//! `cargo xtask bench`: the hub measured as a whole process.

use anyhow::Result;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<()> {
    Ok(())
}
