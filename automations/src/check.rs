//! Checks rule files without running them, for `hub check` and editors.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use hub_model::Home;

use crate::{
    blueprint::Library,
    fault::Fault,
    folder::{self, Loaded},
    parse::parse_with,
    resolve::resolve,
    review::{Review, review},
};

/// Every mistake of a rule file: of its form, and, with a home, every name that isn't there and every value that doesn't
/// fit. Blocks while it reads the file.
pub fn check(file: &Path, home: Option<&Home>) -> Vec<Fault> {
    check_all(&[file.to_owned()], home)
}

/// The same of several files, which also must not have two rules with one id.
/// [`rule_files`](crate::folder::rule_files) lists those of a folder.
pub fn check_all(files: &[PathBuf], home: Option<&Home>) -> Vec<Fault> {
    let read: Vec<Loaded> = files.iter().map(|file| read(file)).collect();
    faults(&Loaded::of(&read), home)
}

/// What a review of the rules of several files finds, those of them that have no mistakes. Blocks while it reads them.
pub fn review_all(files: &[PathBuf], home: &Home, now: jiff::Timestamp) -> Review {
    review(&Loaded::of(&files.iter().map(|file| read(file)).collect::<Vec<_>>()).rules, home, now)
}

fn read(file: &Path) -> Loaded {
    let path: Arc<Path> = file.into();
    match folder::read(file) {
        Ok(text) => parse_with(&path, &text, &Library::beside(path.parent().unwrap_or(Path::new(".")))).into(),
        Err(error) => folder::unreadable(&path, &error),
    }
}

/// [`check_all`] of a text; `file` is its name for messages.
pub fn check_text(file: &Path, text: &str, home: Option<&Home>) -> Vec<Fault> {
    check_with(file, text, Library::builtin(), home)
}

/// [`check_text`] of a text that may use these blueprints.
pub(crate) fn check_with(file: &Path, text: &str, library: &Library, home: Option<&Home>) -> Vec<Fault> {
    faults(&Loaded::of(&[parse_with(&file.into(), text, library).into()]), home)
}

fn faults(loaded: &Loaded, home: Option<&Home>) -> Vec<Fault> {
    let mut faults: Vec<_> = loaded.broken.iter().flat_map(|broken| &broken.faults).cloned().collect();
    if let Some(home) = home {
        faults.extend(loaded.rules.iter().filter_map(|rule| resolve(rule, home).err()).flatten());
    }
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn without_a_home_only_the_form_is_checked() {
        let text = "name = \"A\"\nwhen = [ { at = \"07:00\" } ]\nthen = [ { scene = \"nowhere\" } ]";
        let file = Path::new("a.toml");
        assert_eq!(check_text(file, text, None), []);
        let faults = check_text(file, text, Some(&sample::home("UTC")));
        assert_eq!(faults[0].to_string(), "a.toml:3:20: there is no scene `nowhere`");
    }

    #[test]
    fn a_file_that_is_not_there_is_a_fault() {
        let fault = check(Path::new("/nowhere/a.toml"), None).remove(0).to_string();
        assert!(fault.starts_with("/nowhere/a.toml:1:1: the file can't be read: "), "{fault}");
    }

    #[test]
    fn every_example_fits_the_simulated_home() {
        let home = sample::home("Europe/Berlin");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let files = folder::rule_files(&folder).unwrap();
        assert!(files.len() >= 5);
        assert_eq!(check_all(&files, Some(&home)), []);
    }
}
