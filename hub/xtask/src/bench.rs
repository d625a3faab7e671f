//! `cargo xtask bench`: the hub measured as a whole process, beside a real broker with devices that this plays.
//!
//! Every figure is what somebody outside of the process sees: its memory and time as the kernel counts them, its answers
//! over HTTP, its messages on the broker.

mod broker;
mod figures;
mod fleet;
mod fuzz;
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
    /// Instead of measuring, fuzz what reads strangers' text; a name fuzzes one target alone.
    #[arg(long, value_name = "TARGET")]
    fuzz: Option<Option<String>>,
    /// How many seconds each target is fuzzed.
    #[arg(long, default_value_t = 180, requires = "fuzz")]
    seconds: u64,
}

/// Measures, and prints each figure beside its bar.
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(only) = &args.fuzz {
        return fuzz::run(only.as_deref(), args.seconds);
    }
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
