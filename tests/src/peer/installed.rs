//! Where the peers are.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The folder with the scripts that install and start the peers.
pub(super) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Panics with the command to run when a peer is not installed. A test without its peer is no test.
pub(super) fn require(peer: &str, file: &str) {
    let into = env::var_os("HEARTH_PEERS").map_or_else(|| scripts().join("../.peers"), PathBuf::from);
    let file = into.join(file);
    assert!(
        file.exists(),
        "{peer} is not installed (no {}): run {}",
        file.display(),
        scripts().join("install").display()
    );
}

/// The same for a program of the system.
pub(super) fn require_program(program: &str) {
    let path = env::var_os("PATH").unwrap_or_default();
    // Debian keeps servers where only root's PATH looks.
    let found = env::split_paths(&path).chain(["/usr/sbin".into()]).any(|folder| folder.join(program).exists());
    assert!(found, "{program} is not installed: run {}", scripts().join("install").display());
}
