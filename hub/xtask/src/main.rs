//! `cargo xtask`: what people and CI do with this repository.
//!
//! Owns no part of the hub; it runs cargo, the hub's program and other tools as anybody would from a shell.

mod bench;
mod codegen;
mod repository;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What people and CI do with this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Start a simulated home and show it live in this terminal.
    Run(run::Args),
    /// Check and test everything; what CI runs.
    Test(test::Args),
    /// Write the files that come from tables: GraphQL objects, the schema.
    Codegen {
        /// Only compare, and fail where a file differs.
        #[arg(long)]
        check: bool,
    },
    /// Check the shape of the repository: arrows between crates, lengths of files, names.
    Tidy,
    /// Measure the hub as a whole process.
    Bench(bench::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Run(args) => run::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Codegen { check } => codegen::run(check),
        Task::Tidy => tidy::run(),
        Task::Bench(args) => bench::run(&args),
    };
    // What failed is another program or the repository; where in here that showed helps nobody, so no backtrace.
    if let Err(error) = done {
        eprintln!("xtask: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
