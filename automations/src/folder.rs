//! The rule files of a folder: read, told apart from what they were, and edited in place. Blocking; no rule runs here.

mod edit;
mod watcher;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use hub_model::RuleId;

pub use self::edit::EnableError;
pub(crate) use self::{edit::set_enabled, watcher::Watcher};
use crate::{
    fault::{Fault, Spot},
    parse::{Broken, LARGEST, Parsed, parse},
    rule::Rule,
};

/// The `*.toml` files of a folder, as they were when last looked at. Folders within it are not looked into.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    files: BTreeMap<Arc<Path>, File>,
}

#[derive(Debug)]
struct File {
    stamp: Stamp,
    /// What was read; nothing where it could not be.
    text: Option<String>,
    contents: Loaded,
}

/// When and how long a file was, which tells most changes without reading it.
type Stamp = (Option<SystemTime>, u64);

/// What one file holds, or all of them together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The rules that are whole, in the order of their files; ids stand once.
    pub rules: Vec<Arc<Rule>>,
    /// The others.
    pub broken: Vec<Broken>,
}

/// How well to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Read what looks changed by its time and length.
    Glance,
    /// Read everything: something is known to have changed, and clocks are coarse.
    Thorough,
}

impl Folder {
    /// A folder that was not looked at yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, files: BTreeMap::new() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks at the files, and returns whether any of them says something else than before.
    ///
    /// # Errors
    /// When the folder itself can't be read; what was read before stays. A file that can't be read is a fault of its
    /// own and no error.
    pub(crate) fn scan(&mut self, look: Look) -> io::Result<bool> {
        let mut found = BTreeSet::new();
        let mut changed = false;
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            let is_hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
            if is_hidden || path.extension().is_none_or(|extension| extension != "toml") || path.is_dir() {
                continue;
            }
            let path: Arc<Path> = path.into();
            changed |= self.look_at(&path, look);
            found.insert(path);
        }
        let before = self.files.len();
        self.files.retain(|path, _| found.contains(path));
        Ok(changed || self.files.len() != before)
    }

    fn look_at(&mut self, path: &Arc<Path>, look: Look) -> bool {
        let stamp = fs::metadata(path).map_or((None, 0), |metadata| (metadata.modified().ok(), metadata.len()));
        let known = self.files.get_mut(path);
        if look == Look::Glance && known.as_ref().is_some_and(|known| known.stamp == stamp) {
            return false;
        }
        let (text, parsed) = match read(path) {
            Ok(text) => (Some(text), None),
            Err(error) => {
                let fault = Fault::new(path, Spot::START, format!("the file can't be read: {error}"));
                (None, Some(Parsed::unreadable(fault)))
            }
        };
        if let Some(known) = known
            && known.text.is_some()
            && known.text == text
        {
            known.stamp = stamp;
            return false;
        }
        let parsed = parsed.unwrap_or_else(|| parse(path, text.as_deref().unwrap_or_default()));
        let contents = Loaded { rules: parsed.rules.into_iter().map(Arc::new).collect(), broken: parsed.broken };
        let is_new = self.files.get(path).is_none_or(|known| known.contents != contents || known.text != text);
        self.files.insert(path.clone(), File { stamp, text, contents });
        is_new
    }

    /// What all files hold. Of two rules with one id, the first in the order of file names stays.
    pub fn loaded(&self) -> Loaded {
        let mut loaded = Loaded::default();
        let mut seen: BTreeMap<&RuleId, &Rule> = BTreeMap::new();
        for file in self.files.values() {
            loaded.broken.extend(file.contents.broken.iter().cloned());
            for rule in &file.contents.rules {
                if let Some(first) = seen.get(&rule.id.value) {
                    loaded.broken.push(twice(rule, first));
                } else {
                    seen.insert(&rule.id.value, rule);
                    loaded.rules.push(rule.clone());
                }
            }
        }
        loaded
    }
}

fn twice(rule: &Rule, first: &Rule) -> Broken {
    let message = format!(
        "the rule `{}` stands in {}:{} already: give one of them an `id` of its own",
        rule.id.value,
        first.file.display(),
        first.id.spot.line
    );
    let faults = vec![Fault::new(&rule.file, rule.id.spot, message)];
    Broken { id: rule.id.value.clone(), name: rule.name.clone(), faults }
}

/// Reads a file, but never one that is much too large.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut text = String::new();
    // One byte beyond the largest is enough for the parser to refuse it.
    fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
