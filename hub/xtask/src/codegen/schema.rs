//! The GraphQL schema as text, from a program of mobile-api.

use anyhow::{Context as _, Result, ensure};

use crate::repository::cargo;

/// The schema that mobile-api serves, with the sources as they lie on the disk now.
pub(super) fn sdl() -> Result<String> {
    let output = cargo(&["run", "--quiet", "--package", "mobile-api", "--example", "schema"])
        .output()
        .context("cargo can't be started")?;
    ensure!(output.status.success(), "mobile-api does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
