//! Every file: its length, its name, and that it speaks of no machine of ours.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

/// The longest that a file of code may be, in lines. Tables and generated files are data.
const LONGEST: usize = 400;

/// A folder in anybody's home, or of one machine; put together here so that this file passes.
const HOMES: [&str; 3] = [concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/")];
/// After these, a home folder is an example of nobody's.
const NOBODY: [&str; 2] = ["you", "user"];

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 6] = [".git", "target", "node_modules", ".peers", "dist", "vectors"];

/// What is wrong with the files under `root`.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    gather(root, &mut files)?;
    let mut faults = Vec::new();
    for path in files {
        // What is not text has neither lines nor paths.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.strip_prefix(root).unwrap_or(&path);
        faults.extend(faults_of(name, &text));
    }
    Ok(faults)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (kind, name) = (entry.file_type()?, entry.file_name());
        if kind.is_dir() && !FOREIGN.iter().any(|foreign| name == **foreign) {
            gather(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn faults_of(name: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    let is = |extension: &str| name.extension().is_some_and(|found| found == extension);
    let is_data = name
        .components()
        .any(|part| ["generated", "snapshots", "tests", "vectors"].iter().any(|data| part.as_os_str() == *data));
    if is("rs") && !is_data && lines > LONGEST {
        faults.push(format!("{}:{LONGEST}: {lines} lines: split it by idea", name.display()));
    }
    if name.ends_with("mod.rs") {
        faults.push(format!("{}: name it after its folder, beside it", name.display()));
    }
    for (number, line) in text.lines().enumerate() {
        if HOMES.iter().any(|home| names_a_home(line, home)) {
            faults.push(format!("{}:{}: this path is of one machine alone", name.display(), number + 1));
        }
    }
    faults
}

/// Whether a line has an absolute path in somebody's home.
fn names_a_home(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        // `~/home/x` and `https://host/home/` are no such paths.
        let begins = !line[..at]
            .ends_with(|before: char| before.is_alphanumeric() || matches!(before, '.' | '~' | '}' | '-' | '_' | '/'));
        let rest = &line[at + home.len()..];
        let goes_on = rest.starts_with(|next: char| next.is_alphanumeric() || next == '.');
        begins && goes_on && !NOBODY.iter().any(|nobody| rest.starts_with(nobody))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> usize {
        faults_of(Path::new(name), text).len()
    }

    #[test]
    fn long_files_are_split_unless_they_are_data() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(faults("hub/core/src/task.rs", &long), 1);
        assert_eq!(faults("hub/core/src/task.rs", &"x\n".repeat(LONGEST)), 0);
        assert_eq!(faults("mobile-api/src/generated/light.rs", &long), 0);
        assert_eq!(faults("Cargo.lock", &long), 0);
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let line = format!("let path = \"{}alice/x\";", HOMES[0]);
        assert_eq!(faults("a.rs", &line), 1);
        assert_eq!(faults("a.md", &format!("see {}.cargo", HOMES[2])), 1);
        assert_eq!(faults("a.md", &format!("such as {}you/hearth", HOMES[0])), 0);
        assert_eq!(faults("a.md", &format!("https://host{}page", HOMES[0])), 0);
    }

    #[test]
    fn a_module_has_its_own_name() {
        assert_eq!(faults("hub/core/src/task/mod.rs", ""), 1);
    }
}
