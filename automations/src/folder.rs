//! The rule files of a folder: read, told apart from what they were, and edited in place. Blocking; no rule runs here.

mod edit;
mod rename;
mod save;
mod source;
mod watcher;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use hub_model::RuleId;

pub use self::{
    edit::EnableError,
    rename::Renamed,
    save::{SaveError, Wish},
};
pub(crate) use self::{
    edit::{replace, set_enabled},
    rename::rename_handle,
    save::{Write, plan},
    source::Source,
    watcher::Watcher,
};
use crate::{
    blueprint::{self, Library},
    fault::{Fault, Spot},
    parse::{Broken, LARGEST, Parsed, parse_with},
    rule::Rule,
};

/// The `*.toml` files of a folder, as they were when last looked at. Folders within it are not looked into.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The blueprints that its rules may use.
    blueprints: Library,
    files: BTreeMap<Arc<Path>, File>,
}

#[derive(Debug)]
struct File {
    /// Nothing where it is to be read anew whatever its time says.
    stamp: Option<Stamp>,
    /// What was read; nothing where it could not be.
    text: Option<Arc<str>>,
    /// The text of each rule, as the file was when it was last TOML.
    sources: Vec<Source>,
    /// Whether it no longer is.
    is_stale: bool,
    /// Of one that is no TOML just now: the rules that it had, and what is wrong with it.
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
        Self { path, blueprints: Library::builtin().clone(), files: BTreeMap::new() }
    }

    /// The blueprints that its rules may use.
    pub(crate) const fn blueprints(&self) -> &Library {
        &self.blueprints
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
        let found: BTreeSet<Arc<Path>> = rule_files(&self.path)?.into_iter().map(Arc::from).collect();
        let blueprints = Library::beside(&self.path);
        let mut changed = blueprints != self.blueprints;
        if changed {
            // Any rule may use what is another now. What a file had when it was last TOML is still known.
            self.blueprints = blueprints;
            self.files.values_mut().for_each(File::doubt);
        }
        for path in &found {
            changed |= self.look_at(path, look);
        }
        let before = self.files.len();
        self.files.retain(|path, _| found.contains(path));
        Ok(changed || self.files.len() != before)
    }

    fn look_at(&mut self, path: &Arc<Path>, look: Look) -> bool {
        let stamp = fs::metadata(path).map_or((None, 0), |metadata| (metadata.modified().ok(), metadata.len()));
        let known = self.files.get_mut(path);
        if look == Look::Glance && known.as_ref().is_some_and(|known| known.stamp == Some(stamp)) {
            return false;
        }
        let (text, unreadable) = match read(path) {
            Ok(text) => (Some(Arc::<str>::from(text)), None),
            Err(error) => (None, Some(unreadable(path, &error))),
        };
        if let Some(known) = known
            && known.text.is_some()
            && known.text == text
        {
            known.stamp = Some(stamp);
            return false;
        }
        let mut contents: Loaded = unreadable
            .unwrap_or_else(|| parse_with(path, text.as_deref().unwrap_or_default(), &self.blueprints).into());
        let now = text.as_ref().and_then(|text| source::sources(path, text));
        let (is_stale, before) = (now.is_none(), self.files.remove(path));
        if let Some(known) = before.as_ref().filter(|_| is_stale) {
            // Somebody is in the middle of a word: what the rules do and wait for goes on until the file is whole again.
            contents.rules.clone_from(&known.contents.rules);
        }
        let is_new = before.as_ref().is_none_or(|known| known.contents != contents || known.text != text);
        let sources = now.or(before.map(|known| known.sources)).unwrap_or_default();
        self.files.insert(path.clone(), File { stamp: Some(stamp), text, sources, is_stale, contents });
        is_new
    }

    /// The text of each rule of the files that are TOML; ids stand once, as in [`Folder::loaded`].
    pub(crate) fn sources(&self) -> Vec<Source> {
        let sound = self.files.values().filter(|file| !file.is_stale).flat_map(|file| &file.sources);
        let mut seen = BTreeSet::new();
        sound.filter(|source| seen.insert(&source.id)).cloned().collect()
    }

    /// The names of files that are no TOML just now, so that nobody knows which rules they hold, and what is wrong with each.
    pub(crate) fn stale(&self) -> BTreeMap<String, Vec<Fault>> {
        let stale = self.files.iter().filter(|(_, file)| file.is_stale);
        let faults = |file: &File| file.contents.broken.iter().flat_map(|broken| broken.faults.clone()).collect();
        stale.map(|(path, file)| (name_of(path), faults(file))).collect()
    }

    /// What all files hold. Of two rules with one id, the first in the order of file names stays.
    pub fn loaded(&self) -> Loaded {
        let mut loaded = Loaded::of(self.files.values().map(|file| &file.contents));
        // A blueprint that can't be used is shown like a rule that can't be read.
        loaded.broken.extend(self.blueprints.broken().iter().map(|broken| Broken {
            id: RuleId(format!("{}/{}", blueprint::FOLDER, broken.name).into()),
            name: broken.name.clone(),
            faults: broken.faults.clone(),
        }));
        loaded
    }
}

impl File {
    /// It is read anew at the next look, as if it had been changed.
    fn doubt(&mut self) {
        (self.stamp, self.text) = (None, None);
    }
}

impl Loaded {
    /// Several files together.
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut loaded = Self::default();
        let mut seen: BTreeMap<&RuleId, &Rule> = BTreeMap::new();
        for file in files {
            loaded.broken.extend(file.broken.iter().cloned());
            for rule in &file.rules {
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

impl From<Parsed> for Loaded {
    fn from(parsed: Parsed) -> Self {
        Self { rules: parsed.rules.into_iter().map(Arc::new).collect(), broken: parsed.broken }
    }
}

/// The rule files of a folder, in the order of their names: its `*.toml`, but none that is hidden or lies deeper.
///
/// # Errors
/// When the folder can't be read.
pub fn rule_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if !is_hidden && path.extension().is_some_and(|extension| extension == "toml") && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a file without its folder.
pub(crate) fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A file that can't be read: all that is known of it is why.
pub(crate) fn unreadable(path: &Arc<Path>, error: &io::Error) -> Loaded {
    Parsed::unreadable(Fault::new(path, Spot::START, format!("the file can't be read: {error}"))).into()
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
