//! `cargo xtask bench --fuzz`: every reader of strangers' text against libFuzzer, some minutes each.
//!
//! It runs on the stable compiler: the coverage that libFuzzer steers by is a pass of LLVM, which plain flags turn on.
//! What it finds is kept between runs beside the build; what it breaks something with belongs into the target's corpus
//! (`tests/fuzz/corpus`), which the tests replay.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::repository;

/// What marks each edge and comparison of the program for libFuzzer.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// One input may take so many seconds and megabytes.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"];

/// What came of one target.
struct Fuzzed {
    target: String,
    executions: String,
    edges: String,
    found: Option<PathBuf>,
}

/// Fuzzes every target, or the named one, for so many seconds, and prints what came of it.
pub(super) fn run(only: Option<&str>, seconds: u64) -> Result<()> {
    let folder = repository::metadata()?.target_directory.as_std_path().join("fuzz");
    let program = build(&folder)?;
    let corpora = repository::root().join("tests/fuzz/corpus");
    let mut targets: Vec<String> = fs::read_dir(&corpora)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    targets.sort();
    targets.retain(|target| only.is_none_or(|only| only == target));
    ensure!(!targets.is_empty(), "there is no such target in {}", corpora.display());
    let mut all = Vec::new();
    for target in targets {
        eprintln!("fuzz: {target} for {seconds} s");
        all.push(fuzz(&program, &folder.join(&target), &corpora.join(&target), &target, seconds)?);
    }
    println!("| target | executions | edges | found |\n| --- | --- | --- | --- |");
    for Fuzzed { target, executions, edges, found } in &all {
        let found = found.as_ref().map_or_else(|| "nothing".into(), |file| file.display().to_string());
        println!("| {target} | {executions} | {edges} | {found} |");
    }
    ensure!(all.iter().all(|one| one.found.is_none()), "a target was broken; its input is named above");
    Ok(())
}

fn build(folder: &Path) -> Result<PathBuf> {
    let host = host()?;
    let mut build = repository::cargo(&[
        "build",
        "--package",
        "fuzz-targets",
        "--features",
        "libfuzzer",
        "--bin",
        "fuzz",
        "--target",
    ]);
    // With `--target` the flags are for the program alone, and not for what runs while it is built.
    build.arg(&host).env("RUSTFLAGS", COVERAGE.join(" ")).env("CARGO_TARGET_DIR", folder.join("build"));
    // Overflows are checked, as in the tests; without some optimisation nothing would be reached in minutes.
    build.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1").env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    repository::must(build)?;
    Ok(folder.join("build").join(host).join("debug/fuzz"))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc can't be started")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not tell its host")?.to_owned())
}

fn fuzz(program: &Path, folder: &Path, corpus: &Path, target: &str, seconds: u64) -> Result<Fuzzed> {
    let (grown, broken, words, log) =
        (folder.join("grown"), folder.join("broken"), folder.join("words"), folder.join("log"));
    if broken.exists() {
        fs::remove_dir_all(&broken)?;
    }
    fs::create_dir_all(&grown)?;
    fs::create_dir_all(&broken)?;
    fs::write(&words, "")?;
    let mut fuzz = Command::new(program);
    // New inputs go into the first folder; the committed corpus is only read.
    fuzz.arg(&grown).arg(corpus).args(LIMITS).arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
    fuzz.arg(format!("-dict={}", words.display())).arg(format!("-artifact_prefix={}/", broken.display()));
    fuzz.env("HEARTH_FUZZ_TARGET", target).env("HEARTH_FUZZ_WORDS", &words);
    let status = fuzz.stdout(File::create(&log)?).stderr(File::options().append(true).open(&log)?).status()?;
    let found = fs::read_dir(&broken)?.next().transpose()?.map(|entry| entry.path());
    if !status.success() && found.is_none() {
        bail!("the fuzzer of {target} failed ({status}); its log is {}", log.display());
    }
    let said: Vec<String> = BufReader::new(File::open(&log)?).lines().map_while(Result::ok).collect();
    let after = |mark: &str| said.iter().rev().find_map(|line| line.split_once(mark).map(|(_, rest)| rest.trim()));
    let executions = after("stat::number_of_executed_units:").unwrap_or("?").to_owned();
    let edges = after(" cov: ").and_then(|rest| rest.split(' ').next()).unwrap_or("?").to_owned();
    Ok(Fuzzed { target: target.to_owned(), executions, edges, found })
}
