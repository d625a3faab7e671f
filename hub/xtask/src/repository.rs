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

/// A cargo command in the root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments)
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
    let mut build = cargo(&["build", "--package", "hub-daemon"]);
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
