//! Everything that reads text or packets of strangers, each as a function of any bytes: it may refuse them, but never panic, hang or
//! grow. `cargo xtask bench --fuzz` lets libFuzzer look for bytes that break this; the tests replay those that once did,
//! and real ones, on every run.

mod discovery;
mod graphql;
mod home;
mod matter;
mod mutate;
mod rules;
mod templates;
mod topics;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

pub use mutate::Mutants;

/// One reader of strangers' text.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and that of its corpus.
    pub name: &'static str,
    /// Reads any bytes. It panics where a promise is broken.
    pub read: fn(&[u8]),
    /// Words that mean something to it, beside those of its corpus.
    words: fn() -> Vec<String>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "topics", read: topics::read, words: Vec::new },
    Target { name: "discovery", read: discovery::read, words: Vec::new },
    Target { name: "templates", read: templates::read, words: Vec::new },
    Target { name: "matter", read: matter::read, words: Vec::new },
    Target { name: "rules", read: rules::read, words: rules::words },
    Target { name: "graphql", read: graphql::read, words: graphql::words },
];

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// The folder of its corpus: real inputs, and those that once broke something.
    pub fn corpus(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(self.name)
    }

    /// Its corpus, in the order of names.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn inputs(&self) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.corpus())?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.sort();
        files.into_iter().map(|file| fs::read(&file).map(|bytes| (file, bytes))).collect()
    }

    /// Every word that means something to the target or stands in its corpus.
    ///
    /// # Errors
    /// When the corpus can't be read.
    pub fn dictionary(&self) -> io::Result<Vec<String>> {
        let mut words: BTreeSet<String> = (self.words)().into_iter().collect();
        for (_, bytes) in self.inputs()? {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            words.extend(parts.map(str::to_owned));
        }
        let sound = |word: &String| (2..=40).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic());
        Ok(words.into_iter().filter(sound).collect())
    }
}
