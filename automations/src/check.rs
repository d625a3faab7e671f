//! Checks rule files without running them, for `hub check` and editors.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use hub_model::{Home, RuleId};

use crate::{
    blueprint::Library,
    calendar::Calendars,
    fault::Fault,
    folder::{self, Loaded},
    parse::parse_with,
    resolve::{Named, resolve},
    review::{Review, review},
    rule::Rule,
};

/// What rules may name.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(crate) home: &'a Home,
    /// The rules of the folder; those that are checked may name each other too.
    pub(crate) rules: &'a [Arc<Rule>],
    pub(crate) calendars: &'a Calendars,
}

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

/// [`check_all`] of several files, also for rules and calendars that they name and that are not there; and what a review
/// finds about those that have no mistakes, among all rules of the folder that they don't replace. Blocks while it reads
/// them.
pub(crate) fn check_among(files: &[PathBuf], known: &Known<'_>, now: jiff::Timestamp) -> (Vec<Fault>, Review) {
    let read: Vec<Loaded> = files.iter().map(|file| read(file)).collect();
    let loaded = Loaded::of(&read);
    let all = loaded.rules.iter().chain(known.rules);
    let by_id: BTreeMap<RuleId, ()> = all.map(|rule| (rule.id.value.clone(), ())).collect();
    let mut faults = faults(&loaded, Some(known.home));
    faults.extend(loaded.rules.iter().flat_map(|rule| Named::missing(rule, &by_id, known.calendars)));
    sort(&mut faults);
    (faults, review_among(&loaded.rules, known, now))
}

/// What a review finds about some rules among those that they don't replace.
fn review_among(rules: &[Arc<Rule>], known: &Known<'_>, now: jiff::Timestamp) -> Review {
    let ids: BTreeSet<&RuleId> = rules.iter().map(|rule| &rule.id.value).collect();
    let mut review = review(&joined(known.rules, rules), known.home, now);
    review.findings.retain(|finding| finding.rules.iter().any(|id| ids.contains(id)));
    review
}

/// All rules, with some in the place of those of the same ids. They come last, so that what is found points to them.
pub(crate) fn joined(all: &[Arc<Rule>], with: &[Arc<Rule>]) -> Vec<Arc<Rule>> {
    let stays = |rule: &&Arc<Rule>| !with.iter().any(|other| other.id.value == rule.id.value);
    all.iter().filter(stays).chain(with).cloned().collect()
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
    sort(&mut faults);
    faults
}

fn sort(faults: &mut [Fault]) {
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
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
    fn rules_and_calendars_that_are_named_have_to_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let rule = |name: &str, then: &str| {
            let file = folder.path().join(format!("{name}.toml"));
            let when = "when = [ { at = \"07:00\" }, { calendar = \"bins\" } ]";
            std::fs::write(&file, format!("name = \"{name}\"\n{when}\nthen = [ {{ run = \"{then}\" }} ]")).unwrap();
            file
        };
        let (file, other) = (rule("first", "secnd"), rule("second", "first"));
        let home = sample::home("UTC");
        let faults = |files: &[PathBuf], rules: &[Arc<Rule>], calendars: &Calendars| {
            let known = Known { home: &home, rules, calendars };
            let found = check_among(files, &known, jiff::Timestamp::UNIX_EPOCH).0;
            found.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>()
        };
        let calendar = "there is no calendar `bins`: put bins.ics into the folder of calendars";
        assert_eq!(faults(std::slice::from_ref(&file), &[], &Calendars::new()), [calendar, "there is no rule `secnd`"]);
        let bins = Calendars::from([("bins".into(), Arc::from([]))]);
        let near = "there is no rule `secnd`, did you mean `second`?";
        assert_eq!(faults(&[file.clone(), other.clone()], &[], &bins), [near]);
        assert_eq!(faults(std::slice::from_ref(&other), &read(&file).rules, &bins), [""; 0]);
    }

    #[test]
    fn a_file_is_reviewed_among_all_rules_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let rule = |name: &str, lamp: &str, on: bool| {
            let file = folder.path().join(format!("{name}.toml"));
            let then = format!("{{ set = {{ target = \"{lamp}\", \"on_off.on\" = {on} }} }}");
            std::fs::write(&file, format!("name = \"{name}\"\nwhen = [ {{ at = \"07:00\" }} ]\nthen = [ {then} ]"))
                .unwrap();
            file
        };
        let others =
            [rule("on", "hall-lamp", true), rule("off", "hall-lamp", false), rule("old", "kitchen-lamp", true)];
        let rules: Vec<_> = others.iter().flat_map(|file| read(file).rules).collect();
        let (home, calendars) = (sample::home("UTC"), Calendars::new());
        let found = |file: PathBuf| {
            let known = Known { home: &home, rules: &rules, calendars: &calendars };
            let review = check_among(&[file], &known, jiff::Timestamp::UNIX_EPOCH).1;
            let told = |finding: &crate::review::Finding| {
                let ids: Vec<_> = finding.rules.iter().map(|id| id.0.to_string()).collect();
                (ids.join(" "), finding.fault.file.file_name().unwrap().to_string_lossy().into_owned())
            };
            review.findings.iter().map(told).collect::<Vec<_>>()
        };
        // What is the matter with the others alone is not its fault.
        assert_eq!(found(rule("new", "kitchen-lamp", false)), [("old new".to_owned(), "new.toml".to_owned())]);
        assert_eq!(found(rule("apart", "bedside-lamp", false)), []);
        // A rule is not held against what it was before.
        assert_eq!(found(rule("old", "kitchen-lamp", false)), []);
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
