//! The corpora of the fuzz targets, replayed: real inputs, and those that once broke something.

use std::time::{Duration, Instant};

use fuzz_targets::{TARGETS, Target};

/// No input takes so long on any machine, unless its reader hangs.
const LONGEST: Duration = Duration::from_secs(20);

fn replay(name: &str) {
    let target = Target::named(name).unwrap_or_else(|| panic!("there is no target {name}"));
    let inputs = target.inputs().unwrap_or_else(|error| panic!("{name} has no corpus: {error}"));
    assert!(!inputs.is_empty(), "{name} has an empty corpus");
    for (file, bytes) in inputs {
        let begun = Instant::now();
        if std::panic::catch_unwind(|| (target.read)(&bytes)).is_err() {
            panic!("{} breaks {name}", file.display());
        }
        assert!(begun.elapsed() < LONGEST, "{} took {:?}", file.display(), begun.elapsed());
    }
}

#[test]
fn topics() {
    replay("topics");
}

#[test]
fn discovery() {
    replay("discovery");
}

#[test]
fn templates() {
    replay("templates");
}

#[test]
fn rules() {
    replay("rules");
}

#[test]
fn graphql() {
    replay("graphql");
}

#[test]
fn every_target_is_replayed_and_has_words() {
    let replayed = ["topics", "discovery", "templates", "rules", "graphql"];
    assert_eq!(TARGETS.iter().map(|target| target.name).collect::<Vec<_>>(), replayed);
    for target in TARGETS {
        assert!(target.dictionary().is_ok_and(|words| words.lines().count() > 10), "{} has no words", target.name);
    }
}
