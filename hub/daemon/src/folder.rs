//! The data folder: where it is, and where things lie in it.

use std::{
    env, fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Where a home's data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// That folder; nothing is opened or made.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder where none is named: `$HUB_DATA`, else `hearth` where programs of this person keep their data.
    pub(crate) fn usual() -> Self {
        let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let share = || named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")));
        Self(named("HUB_DATA").unwrap_or_else(|| share().unwrap_or_else(|| ".".into()).join("hearth")))
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Where a running hub answers local commands.
    pub(crate) fn socket(&self) -> PathBuf {
        self.0.join("hub.sock")
    }

    /// Whether a home is in it.
    pub(crate) fn has_home(&self) -> bool {
        self.0.join("hub.db").is_file()
    }

    /// The rule files.
    pub(crate) fn automations(&self) -> PathBuf {
        self.0.join("automations")
    }

    /// The calendars that rules look at.
    pub(crate) fn calendars(&self) -> PathBuf {
        self.0.join("calendars")
    }

    /// The settings file that is read when none is named.
    pub(crate) fn settings(&self) -> PathBuf {
        self.0.join("hub.toml")
    }

    /// The certificates that the hub makes.
    pub(crate) fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// Makes the folder where it is missing, open to nobody else: it will hold keys.
    pub(crate) fn make(&self) -> io::Result<()> {
        make_private(&self.0)?;
        make_private(&self.automations())
    }
}

/// Makes a folder, and those above it, that only its owner can open.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
