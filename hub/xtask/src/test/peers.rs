//! The independent software that plays the devices.

use anyhow::Result;

use crate::repository::{command, must, succeeds};

/// Installs what is missing; quick when all is there.
pub(super) fn install() -> Result<()> {
    must(command("tests/peers/install", &[]))
}

/// Says so where Matter devices can't be tried in networks of their own, as in most containers.
pub(super) fn networks() -> Result<()> {
    let made =
        |words: &[&str]| succeeds(command("unshare", &[words, &["--net", "ip", "link", "set", "lo", "up"]].concat()));
    if !made(&[]) && !made(&["--map-root-user"]) {
        eprintln!(
            "NOT ALONE: no network namespace can be made here (unshare of util-linux, ip of iproute2, and the right to use \
             them). The tests with Matter devices take turns in the network of this machine, and see other devices there.\n\
             NOT RUN: those of matter_life whose devices are on another machine, at the end of a cable."
        );
    }
    Ok(())
}
