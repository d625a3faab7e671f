//! `cargo xtask bench`: the hub measured as a whole process, beside a real broker with devices that this plays.
//!
//! Every figure is what somebody outside of the process sees: its memory and time as the kernel counts them, its answers
//! over HTTP, its messages on the broker.

mod broker;
mod figures;
mod fleet;
mod http;
mod mqtt;
mod process;
mod steps;

use anyhow::Result;

use crate::repository;
use figures::Figures;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many devices the home has.
    #[arg(long, default_value_t = 1000)]
    devices: usize,
    /// How many states are sent, which is how many rows history has at the restarts.
    #[arg(long, default_value_t = 1_000_000)]
    states: usize,
    /// Measure the unoptimised program, to try this out.
    #[arg(long)]
    debug: bool,
    /// Fail when a figure misses its bar.
    #[arg(long)]
    strict: bool,
}

/// Measures, and prints each figure beside its bar.
pub(crate) fn run(args: &Args) -> Result<()> {
    let program = repository::build_hub(!args.debug)?;
    let folder = repository::metadata()?.target_directory.as_std_path().join("bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut figures = Figures::default();
    steps::measure(&program, &folder, args.devices, args.states, &mut figures)?;
    print!("{figures}");
    anyhow::ensure!(!args.strict || figures.all_good(), "a figure misses its bar");
    Ok(())
}
