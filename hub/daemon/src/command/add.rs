//! `hub add`.

use crate::{cli::Ending, client::Which};

/// Add a device: list what is nearby, or follow one being added.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let _ = args.which;
    Ok(Ending::Good)
}
