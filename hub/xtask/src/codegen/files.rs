//! Files that were produced, against those that lie on the disk.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};

/// Produced files under one folder of the repository.
pub(super) struct Files {
    root: PathBuf,
    texts: BTreeMap<PathBuf, String>,
}

impl Files {
    /// No files yet, under a folder that is named from the repository's root.
    pub(super) fn new(folder: &str) -> Self {
        Self { root: repository().join(folder), texts: BTreeMap::new() }
    }

    /// Adds a file.
    pub(super) fn text(&mut self, path: impl Into<PathBuf>, text: String) {
        self.texts.insert(path.into(), text);
    }

    /// Adds a Rust file, laid out by rustfmt.
    pub(super) fn rust(&mut self, path: impl Into<PathBuf>, source: &str) -> Result<()> {
        let path = path.into();
        let text = rustfmt(source).with_context(|| format!("while laying out {}", path.display()))?;
        self.text(path, text);
        Ok(())
    }

    /// Writes what differs and removes what is left over in `owned`, a folder where nothing is written by hand (empty
    /// for none). With `check` it only says what it would do, as an error.
    pub(super) fn settle(&self, owned: &str, check: bool) -> Result<()> {
        let differs = |(path, text): &(&PathBuf, &String)| {
            fs::read_to_string(self.root.join(path)).map_or(true, |found| found != **text)
        };
        let stale: Vec<_> = self.texts.iter().filter(differs).collect();
        let left_over = if owned.is_empty() { Vec::new() } else { self.left_over(owned)? };
        if check {
            let names = stale.iter().map(|(path, _)| *path).chain(&left_over);
            let names: Vec<_> = names.map(|path| self.root.join(path).display().to_string()).collect();
            ensure!(names.is_empty(), "not as `cargo xtask codegen` writes them:\n  {}", names.join("\n  "));
        }
        for (path, text) in stale {
            let path = self.root.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
            fs::write(&path, text).with_context(|| format!("while writing {}", path.display()))?;
        }
        for path in left_over {
            fs::remove_file(self.root.join(path))?;
        }
        Ok(())
    }

    fn left_over(&self, owned: &str) -> Result<Vec<PathBuf>> {
        let Ok(entries) = fs::read_dir(self.root.join(owned)) else { return Ok(Vec::new()) };
        let paths = entries.map(|entry| Ok(Path::new(owned).join(entry?.file_name())));
        let paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
        Ok(paths.into_iter().filter(|path| !self.texts.contains_key(path)).collect())
    }
}

/// The repository's root.
pub(super) fn repository() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}

fn rustfmt(source: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(repository().join(".rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt can't be started: install it with `rustup component add rustfmt`")?;
    child.stdin.take().context("rustfmt has no stdin")?.write_all(source.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("rustfmt refuses what was generated");
    }
    Ok(String::from_utf8(output.stdout)?)
}
