//! `cargo xtask tidy`: the repository checks its own shape.

mod arrows;
mod files;

use anyhow::{Result, bail};

use crate::repository;

/// Checks everything, and names each fault.
pub(crate) fn run() -> Result<()> {
    let mut faults = arrows::check(&repository::metadata()?);
    faults.extend(files::check(repository::root())?);
    if faults.is_empty() {
        println!("tidy: the repository has its shape.");
        return Ok(());
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    bail!("tidy: {} faults", faults.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        run().unwrap();
    }
}
