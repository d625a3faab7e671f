//! `hub watch`.

use std::io::{IsTerminal, stdout};

use crate::{cli::Ending, cli::WrongUse, client::Which, watch};

/// Show the home live in the terminal: rooms, devices, values that move; keys switch things.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    if !stdout().is_terminal() {
        return Err(WrongUse("`hub watch` wants a terminal; `hub events` prints lines anywhere".into()).into());
    }
    watch::run(args.which.client()?).await?;
    Ok(Ending::Good)
}
