//! The command line: which commands there are, and what their endings mean to a script.

use std::{future::Future, process::ExitCode};

use clap::{Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

#[cfg(feature = "matter")]
use crate::command::matter;
use crate::command::{
    add, backup, blueprints, check, devices, events, history, invite, rehearse, restore, rooms, rules, run, runs, say,
    scene, secret, set, token, watch, what_if, why,
};

/// Hearth, a smart-home hub: runs a home, or talks to one that runs.
#[derive(Debug, Parser)]
#[command(name = "hub", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "A hub on this machine is found by its data folder (--data, else $HUB_DATA, else \
                        ~/.local/share/hearth); one elsewhere by --hub URL --token TOKEN.\n\
                        Exit codes: 0 good, 1 a fault or an outcome that is not good, 2 wrong use.")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One command each; its module has the words, the arguments and the deed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Args),
    Watch(watch::Args),
    Devices(devices::Args),
    Rooms(rooms::Args),
    Set(set::Args),
    Scene(scene::Args),
    Say(say::Args),
    Rules(rules::Args),
    Runs(runs::Args),
    Why(why::Args),
    Events(events::Args),
    History(history::Args),
    Check(check::Args),
    Rehearse(rehearse::Args),
    WhatIf(what_if::Args),
    Blueprints(blueprints::Args),
    Add(add::Args),
    #[cfg(feature = "matter")]
    Matter(matter::Args),
    Invite(invite::Args),
    Token(token::Args),
    Secret(secret::Args),
    Backup(backup::Args),
    Restore(restore::Args),
}

/// How a command ended that found no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is well.
    Good,
    /// What was asked did not come about, and the command has said why.
    NotGood,
}

impl Ending {
    /// Good where `good` holds.
    pub(crate) const fn of(good: bool) -> Self {
        if good { Self::Good } else { Self::NotGood }
    }
}

/// The arguments can't be used, for a reason that shows only past the parser.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct WrongUse(pub(crate) String);

impl Command {
    /// Carries it out, and gives the exit code.
    pub(crate) fn execute(self) -> ExitCode {
        let ended = match self {
            Self::Run(args) => daemon_runtime().and_then(|runtime| within(runtime, run::run(args))),
            other => client_runtime().and_then(|runtime| within(runtime, other.ask())),
        };
        match ended {
            Ok(Ending::Good) => ExitCode::SUCCESS,
            Ok(Ending::NotGood) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("hub: {error:#}");
                ExitCode::from(if error.is::<WrongUse>() { 2 } else { 1 })
            }
        }
    }

    async fn ask(self) -> anyhow::Result<Ending> {
        match self {
            Self::Run(_) => unreachable!("the daemon has a runtime of its own"),
            Self::Watch(args) => watch::run(args).await,
            Self::Devices(args) => devices::run(args).await,
            Self::Rooms(args) => rooms::run(args).await,
            Self::Set(args) => set::run(args).await,
            Self::Scene(args) => scene::run(args).await,
            Self::Say(args) => say::run(args).await,
            Self::Rules(args) => rules::run(args).await,
            Self::Runs(args) => runs::run(args).await,
            Self::Why(args) => why::run(args).await,
            Self::Events(args) => events::run(args).await,
            Self::History(args) => history::run(args).await,
            Self::Check(args) => check::run(args).await,
            Self::Rehearse(args) => rehearse::run(args).await,
            Self::WhatIf(args) => what_if::run(args).await,
            Self::Blueprints(args) => blueprints::run(args).await,
            Self::Add(args) => add::run(args).await,
            #[cfg(feature = "matter")]
            Self::Matter(args) => matter::run(args).await,
            Self::Invite(args) => invite::run(args).await,
            Self::Token(args) => token::run(args).await,
            Self::Secret(args) => secret::run(args).await,
            Self::Backup(args) => backup::run(args).await,
            Self::Restore(args) => restore::run(args).await,
        }
    }
}

/// Two workers carry the dispatch of a home; a third would only cost memory on a small board.
fn daemon_runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).max_blocking_threads(8).enable_all().build()?)
}

fn client_runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

fn within(runtime: Runtime, deed: impl Future<Output = anyhow::Result<Ending>>) -> anyhow::Result<Ending> {
    let ended = runtime.block_on(deed);
    // A thread that waits for a disk that stands still must not keep the process.
    runtime.shutdown_background();
    ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
        }
    }

    #[test]
    fn a_wrong_path_is_a_wrong_use() {
        let error = Cli::try_parse_from(["hub", "set", "hall-lamp", "30"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("hall-lamp/brightness.level"), "{error}");
    }
}
