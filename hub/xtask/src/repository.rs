//! The repository: where it is, where its programs are built, and how commands run in it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use cargo_metadata::{Metadata, MetadataCommand};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.ancestors().nth(2).expect("xtask lies two folders below the root")
}

/// What cargo knows of the workspace's own packages.
pub(crate) fn metadata() -> Result<Metadata> {
    Ok(MetadataCommand::new().current_dir(root()).no_deps().exec()?)
}

/// What `cargo run` tells of xtask itself. Build scripts that look at it would run again each time, and minutes with them.
const OF_XTASK: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_PRIMARY_"];

/// A cargo command in the root, as if it were typed into a shell.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| OF_XTASK.iter().any(|of_xtask| name.starts_with(of_xtask))) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Any command in the root.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command whose output people see; its failure is an error.
pub(crate) fn must(mut command: Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} can't be started", said(&command)))?;
    ensure!(status.success(), "{} failed ({status})", said(&command));
    Ok(())
}

/// Whether a command, run in silence, succeeds.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Builds the hub's program and says where it is.
pub(crate) fn build_hub(release: bool) -> Result<PathBuf> {
    // Of the whole workspace, as the tests are: a package by itself has its dependencies with fewer features, and rs-matter
    // and most others would be built once more. What only tests need is not built.
    let mut build = cargo(&["build", "--workspace", "--bin", "hub"]);
    if release {
        build.arg("--release");
    }
    must(build)?;
    let folder = if release { "release" } else { "debug" };
    Ok(metadata()?.target_directory.as_std_path().join(folder).join("hub"))
}

fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}
