//! The passphrase of a backup: typed, or from a file or the environment for scripts. It is never an argument, as others
//! on the machine can read those.

use std::{fs, path::PathBuf};

use age::secrecy::{ExposeSecret, SecretString};
use anyhow::{Context, ensure};

/// The variable that scripts may set.
const VARIABLE: &str = "HUB_PASSPHRASE";

/// A passphrase that never prints.
pub(crate) type Passphrase = SecretString;

/// Where the passphrase comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct PassphraseArgs {
    /// Read the passphrase from this file's first line, instead of $HUB_PASSPHRASE or asking for it.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    /// The passphrase of a new backup; typed twice, as nothing else would find a slip of the finger in time.
    pub(crate) fn choose(&self) -> anyhow::Result<Passphrase> {
        if let Some(given) = self.given()? {
            return Ok(given);
        }
        let first = ask("A passphrase for the backup (without it nobody can restore it): ")?;
        let second = ask("Once more: ")?;
        ensure!(first.expose_secret() == second.expose_secret(), "these are two passphrases: try again");
        Ok(first)
    }

    /// The passphrase of an existing backup.
    pub(crate) fn tell(&self) -> anyhow::Result<Passphrase> {
        self.given()?.map_or_else(|| ask("The backup's passphrase: "), Ok)
    }

    fn given(&self) -> anyhow::Result<Option<Passphrase>> {
        if let Some(path) = &self.passphrase_file {
            let text = fs::read_to_string(path).with_context(|| format!("no passphrase from {}", path.display()))?;
            return sound(text.lines().next().unwrap_or_default().to_owned()).map(Some);
        }
        std::env::var(VARIABLE).ok().map(sound).transpose()
    }
}

fn ask(prompt: &str) -> anyhow::Result<Passphrase> {
    let text = rpassword::prompt_password(prompt);
    sound(text.context("there is no terminal to ask on: set HUB_PASSPHRASE, or use --passphrase-file")?)
}

fn sound(text: String) -> anyhow::Result<Passphrase> {
    ensure!(!text.is_empty(), "the passphrase is empty");
    Ok(SecretString::from(text))
}
