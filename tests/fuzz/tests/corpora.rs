//! The fuzz targets on every run: their corpora, which are real inputs and those that once broke something, and some
//! thousands of mutants of them. `$HEARTH_MUTANTS` asks for more of these, and `$HEARTH_SEED` for others.

use std::{
    env,
    panic::catch_unwind,
    time::{Duration, Instant},
};

use fuzz_targets::{Mutants, TARGETS, Target};

/// No input takes so long on any machine, unless its reader hangs.
const LONGEST: Duration = Duration::from_secs(20);

fn target(name: &str) -> &'static Target {
    Target::named(name).unwrap_or_else(|| panic!("there is no target {name}"))
}

fn number_of(variable: &str, usual: u64) -> u64 {
    env::var(variable).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Reads an input; what breaks the target is kept for its corpus.
fn must_read(target: &Target, bytes: &[u8], what: &str) {
    let begun = Instant::now();
    let read = catch_unwind(|| (target.read)(bytes));
    let took = begun.elapsed();
    if read.is_ok() && took < LONGEST {
        return;
    }
    let kept = env::temp_dir().join(format!("hearth-{}-broken", target.name));
    let note = std::fs::write(&kept, bytes).map_or_else(|error| error.to_string(), |()| kept.display().to_string());
    panic!("{what} breaks {} (it took {took:?}); the input: {note}", target.name);
}

fn replay(name: &str, mutants: u64) {
    let target = target(name);
    let inputs = target.inputs().unwrap_or_else(|error| panic!("{name} has no corpus: {error}"));
    assert!(!inputs.is_empty(), "{name} has an empty corpus");
    for (file, bytes) in &inputs {
        must_read(target, bytes, &file.display().to_string());
    }
    let words = target.dictionary().expect("the corpus was read just now");
    let corpus = inputs.into_iter().map(|(_, bytes)| bytes).collect();
    let all = Mutants::new(corpus, words, number_of("HEARTH_SEED", 7));
    let some = all.take(number_of("HEARTH_MUTANTS", mutants) as usize);
    some.enumerate().for_each(|(number, mutant)| must_read(target, &mutant, &format!("mutant {number}")));
}

#[test]
fn topics() {
    replay("topics", 20_000);
}

#[test]
fn matter() {
    replay("matter", 20_000);
}

#[test]
fn discovery() {
    replay("discovery", 1500);
}

#[test]
fn templates() {
    replay("templates", 3000);
}

#[test]
fn rules() {
    replay("rules", 1500);
}

#[test]
fn graphql() {
    replay("graphql", 1500);
}

#[test]
fn every_target_is_replayed_and_has_words() {
    let replayed = ["topics", "discovery", "templates", "matter", "rules", "graphql"];
    assert_eq!(TARGETS.iter().map(|target| target.name).collect::<Vec<_>>(), replayed);
    for target in TARGETS {
        assert!(target.dictionary().is_ok_and(|words| words.len() > 10), "{} has no words", target.name);
    }
}
