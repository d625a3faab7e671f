//! `hub restore`.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use hub_store::{Options, Store};

use crate::{
    backup::{Force, PassphraseArgs, Restoring, unseal},
    cli::Ending,
    client::Which,
};

/// Put a home back from a backup. The hub must not run.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file that `hub backup` wrote.
    file: PathBuf,
    /// Set aside what is in the data folder now, under a name beside it.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let folder = args.which.folder()?;
    let restoring = Restoring::begin(folder.path(), if args.force { Force::Yes } else { Force::No })?;
    let passphrase = args.passphrase.tell()?;
    unseal(&args.file, restoring.staged(), passphrase)?;
    let staged = restoring.staged().to_owned();
    ensure!(staged.join("hub.db").is_file(), "{} is no backup of a home", args.file.display());
    // What opens here opens there: the store checks the whole database, and repairs or refuses.
    let opened = tokio::task::spawn_blocking(move || Store::open(&staged, Options::default())).await?;
    let opened = opened.context("the backup holds a home that can't be opened")?;
    let devices = opened.home.devices.len();
    opened.store.close().await;
    let aside = restoring.finish()?;
    println!("{} holds the home again, with {devices} devices.", folder.path().display());
    if let Some(aside) = aside {
        println!("What was there is in {}; delete it when all is well.", aside.display());
    }
    Ok(Ending::Good)
}
