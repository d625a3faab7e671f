//! Which blueprints there are: those that come with the hub, and the owner's own.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use smol_str::SmolStr;

use super::{Blueprint, BrokenBlueprint, FOLDER, builtin::BUILTIN, read::read};
use crate::{
    fault::{Fault, Spot},
    folder,
};

/// Blueprints by their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    by_id: BTreeMap<SmolStr, Arc<Blueprint>>,
    broken: Vec<BrokenBlueprint>,
}

impl Library {
    /// Those that come with the hub.
    pub fn builtin() -> &'static Self {
        static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
            let mut library = Library::default();
            for (name, text) in BUILTIN {
                library.add(read(&PathBuf::from(name).into(), text, true));
            }
            library
        });
        &LIBRARY
    }

    /// These, and those of the folder of blueprints within a folder of rules. One of the owner's own takes the place of
    /// one that comes with the hub. Blocks while it reads the files; where there is no such folder, there are none.
    pub fn beside(rules: &Path) -> Self {
        let files = folder::rule_files(&rules.join(FOLDER)).unwrap_or_default();
        let files: Vec<_> = files.into_iter().map(|path| (folder::read(&path), path.into())).collect();
        Self::of(files.into_iter().map(|(text, path)| (path, text)))
    }

    /// Those that come with the hub, and those of these files, each with its text or why it can't be read.
    pub fn of(files: impl IntoIterator<Item = (Arc<Path>, io::Result<String>)>) -> Self {
        let mut library = Self::builtin().clone();
        for (path, text) in files {
            library.add(match text {
                Ok(text) => read(&path, &text, false),
                Err(error) => {
                    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    let fault = Fault::new(&path, Spot::START, format!("the file can't be read: {error}"));
                    Err(BrokenBlueprint { name, faults: vec![fault] })
                }
            });
        }
        library
    }

    fn add(&mut self, read: Result<Blueprint, BrokenBlueprint>) {
        let blueprint = match read {
            Ok(blueprint) => blueprint,
            Err(broken) => return self.broken.push(broken),
        };
        match self.by_id.get(&blueprint.id) {
            Some(first) if !first.builtin => {
                let message = format!(
                    "the blueprint `{}` stands in {} already: give one of them an `id` of its own",
                    blueprint.id,
                    first.file.display()
                );
                let faults = vec![Fault::new(&blueprint.file, Spot::START, message)];
                self.broken.push(BrokenBlueprint { name: blueprint.name, faults });
            }
            _ => drop(self.by_id.insert(blueprint.id.clone(), Arc::new(blueprint))),
        }
    }

    /// The blueprint of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Blueprint>> {
        self.by_id.get(id)
    }

    /// All of them, by their ids.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Blueprint>> {
        self.by_id.values()
    }

    /// Those that can't be used.
    pub fn broken(&self) -> &[BrokenBlueprint] {
        &self.broken
    }
}
