//! The GraphQL schema as text, from a program of mobile-api.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::files::repository;

/// The schema that mobile-api serves, with the sources as they lie on the disk now.
pub(super) fn sdl() -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "mobile-api", "--example", "schema"])
        .current_dir(repository())
        .output()
        .context("cargo can't be started")?;
    ensure!(output.status.success(), "mobile-api does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
