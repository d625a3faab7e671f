//! `hub backup`.

use std::{env, path::PathBuf};

use anyhow::Context;

use crate::{
    backup::{PassphraseArgs, add_files, seal},
    cli::Ending,
    client::Which,
    local,
};

/// Write the whole home into one encrypted file, with the hub running or not.
///
/// It holds the databases, the master key, rule files, settings and certificates. `age -d FILE | tar -x` opens it
/// anywhere; without the passphrase nobody does.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to write; it must not be there yet.
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let folder = args.which.folder()?;
    anyhow::ensure!(folder.path().is_dir(), "{} is no data folder", folder.path().display());
    anyhow::ensure!(!args.file.exists(), "{} is there already: choose another name", args.file.display());
    let passphrase = args.passphrase.choose()?;
    // In the data folder, as the copies hold secrets in the clear and must not reach another disk.
    let copies = tempfile::Builder::new().prefix(".backup-").tempdir_in(folder.path());
    let copies = copies.with_context(|| format!("no room for copies in {}", folder.path().display()))?;
    let wish = local::Backup { folder: env::current_dir()?.join(copies.path()) };
    let made: local::BackupMade =
        args.which.ask_or_open(async |client| client.post(local::BACKUP, &wish).await).await?;
    if let Some(why) = made.failed {
        anyhow::bail!(why);
    }
    add_files(&folder, copies.path())?;
    let file = args.file.clone();
    tokio::task::spawn_blocking(move || seal(copies.path(), &file, passphrase)).await??;
    println!("The home is in {}.", args.file.display());
    Ok(Ending::Good)
}
