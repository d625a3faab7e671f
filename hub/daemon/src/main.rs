//! The program `hub`: the daemon that runs a home, and the commands that talk to one.
//!
//! Owns the command line, the settings file, listeners, the wiring of the parts, and the exit codes: 0 good, 1 a fault or
//! an outcome that is not good, 2 a wrong use of the command line. It must hold no decision about devices.

mod backup;
mod cli;
mod client;
mod command;
mod config;
mod daemon;
mod folder;
mod listen;
mod local;
mod logging;
mod memory;
mod output;
mod shutdown;
mod tls;
mod typed;
mod watch;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::Cli::parse().command.execute()
}
