//! `hub matter roots`.

mod ledger;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::ledger::PUBLIC;
use crate::{cli::Ending, client::Which, folder::make_private};

/// Where the folder is, in the data folder.
const FOLDER: &str = "matter-roots";

/// Trust the makers of Matter devices whose root certificates (PAA) these are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A folder with certificates, `.der`, `.pem`, `.crt` or `.cer`.
    #[arg(required_unless_present = "ledger", conflicts_with = "ledger")]
    from: Option<PathBuf>,
    /// Fetch them once from the public ledger of the Connectivity Standards Alliance, or from another one.
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = PUBLIC)]
    ledger: Option<String>,
    #[command(flatten)]
    which: Which,
}

/// A certificate, and where it is from.
struct Found {
    name: String,
    bytes: Vec<u8>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<Ending> {
    let into = args.which.folder()?.path().join(FOLDER);
    let found = match (&args.from, &args.ledger) {
        (Some(folder), _) => in_folder(folder)?,
        (None, Some(url)) => ledger::fetch(url).await?,
        (None, None) => bail!("name a folder, or --ledger"),
    };
    make_private(&into).with_context(|| format!("{} can't be made", into.display()))?;
    let (mut kept, mut refused) = (0, 0);
    for Found { name, bytes } in found {
        match adapter_matter::root(&bytes) {
            Ok(root) => {
                write(&into.join(format!("{}.der", root.key_id)), &root.der)?;
                kept += 1;
            }
            Err(error) => {
                eprintln!("{name}: {error}");
                refused += 1;
            }
        }
    }
    println!("{kept} root certificates are in {}; {refused} were left out.", into.display());
    println!("They count from the hub's next start, when its hub.toml says: [matter] roots = \"{FOLDER}\"");
    Ok(Ending::of(kept > 0))
}

fn in_folder(folder: &Path) -> anyhow::Result<Vec<Found>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_certificate = path
            .extension()
            .and_then(|word| word.to_str())
            .is_some_and(|word| ["der", "pem", "crt", "cer"].iter().any(|known| word.eq_ignore_ascii_case(known)));
        if is_certificate {
            let bytes = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
            found.push(Found { name: path.display().to_string(), bytes });
        }
    }
    Ok(found)
}

/// Whole or not at all: a hub that starts meanwhile reads no half of one.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        io::Write::write_all(&mut file, bytes)?;
        file.persist(path)?;
        Ok(())
    };
    written().with_context(|| format!("{} can't be written", path.display()))
}
