//! Checks rule files without running them, for `hub check` and editors.

use std::{path::Path, sync::Arc};

use hub_model::Home;

use crate::{
    fault::{Fault, Spot},
    folder,
    parse::parse,
    resolve::resolve,
};

/// Every mistake of a rule file: of its form, and, with a home, every name that isn't there and every value that doesn't
/// fit. Blocks while it reads the file.
pub fn check(file: &Path, home: Option<&Home>) -> Vec<Fault> {
    match folder::read(file) {
        Ok(text) => check_text(file, &text, home),
        Err(error) => vec![Fault::new(&file.into(), Spot::START, format!("the file can't be read: {error}"))],
    }
}

/// The same of a text; `file` is its name for messages.
pub fn check_text(file: &Path, text: &str, home: Option<&Home>) -> Vec<Fault> {
    let file: Arc<Path> = file.into();
    let parsed = parse(&file, text);
    let mut faults: Vec<_> = parsed.faults().cloned().collect();
    if let Some(home) = home {
        faults.extend(parsed.rules.iter().filter_map(|rule| resolve(rule, home).err()).flatten());
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
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
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 5);
        for file in files {
            assert_eq!(check(&file, Some(&home)), [], "{}", file.display());
        }
    }
}
