//! `cargo xtask test`: every check, then every test.

mod deny;
mod peers;
mod suites;

use anyhow::{Result, bail};

use crate::{codegen, repository, tidy};

/// What to leave out, while working; CI leaves nothing out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the tests: no formatting, lints, licences or generated files.
    #[arg(long)]
    tests_only: bool,
}

/// One thing that is checked.
type Check = (&'static str, fn() -> Result<()>);

/// What is checked before the tests, quick things first.
const CHECKS: &[Check] = &[
    ("formatting", || repository::must(repository::cargo(&["fmt", "--all", "--check"]))),
    ("shape of the repository", tidy::run),
    ("lints", || {
        repository::must(repository::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    }),
    ("generated files", || codegen::run(true)),
    ("licences, bans and sources", deny::licences),
    ("advisories", deny::advisories),
];

/// Checks and tests everything. All of it runs, so that one run tells all that is wrong; the tests' own closing lines
/// come last.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut failed = Vec::new();
    let mut attempt = |name: &'static str, check: fn() -> Result<()>| {
        eprintln!("\n== {name}");
        if let Err(error) = check() {
            eprintln!("FAILED: {name}: {error:#}");
            failed.push(name);
        }
    };
    if !args.tests_only {
        CHECKS.iter().for_each(|(name, check)| attempt(name, *check));
    }
    attempt("peers of the end-to-end tests", peers::install);
    attempt("networks of the tests' own", peers::networks);
    // As a whole, so that the hub that the tests start and the tests themselves share one build of everything.
    attempt("programs and tests", || repository::must(repository::cargo(&["build", "--workspace", "--all-targets"])));
    attempt("examples in the documentation", suites::documentation);
    attempt("tests", suites::all);
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}
