//! The independent software that plays the devices.

use anyhow::Result;

use crate::repository::{command, must};

/// Installs what is missing; quick when all is there.
pub(super) fn install() -> Result<()> {
    must(command("tests/peers/install", &[]))
}
