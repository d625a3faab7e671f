//! Schemas as text, each from a program of the crate that owns it.

use anyhow::{Context as _, Result, ensure};

use crate::repository::cargo;

/// The schema that an example of a crate prints, with the sources as they lie on the disk now.
pub(super) fn of(package: &str, example: &str) -> Result<String> {
    // No package is named, for the sake of one build with the tests (`repository::build_hub`).
    let output = cargo(&["run", "--quiet", "--example", example]).output().context("cargo can't be started")?;
    ensure!(output.status.success(), "{package} does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
