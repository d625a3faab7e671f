//! Edits rule files in place; the owner's comments and layout stay.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use hub_model::RuleId;
use toml_edit::{DocumentMut, Item, TableLike, value};

use super::read;

/// Why a rule can't be enabled or disabled.
#[derive(Debug, thiserror::Error)]
pub enum EnableError {
    /// No such rule.
    #[error("there is no rule `{0}`{1}")]
    NoSuchRule(RuleId, String),
    /// Its file has a mistake that must be put right first.
    #[error("the rule can't be changed before its mistake is put right: {0}")]
    Broken(crate::Fault),
    /// Its file can't be read or written.
    #[error("{file} can't be changed: {source}; look at its rights and at the room on the disk")]
    File {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The rules are being stopped.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

/// Writes whether a rule is enabled into its file. Where the file says so already, it is left as it is.
pub(crate) fn set_enabled(file: &Path, id: &RuleId, enabled: bool) -> Result<(), EnableError> {
    let failed = |source| EnableError::File { file: file.to_owned(), source };
    let text = read(file).map_err(failed)?;
    let missing = || EnableError::NoSuchRule(id.clone(), format!(" in {} any more", file.display()));
    let mut document: DocumentMut = text.parse().map_err(|_| missing())?;
    let rule = find(&mut document, file, id).ok_or_else(missing)?;
    let is = rule.get("enabled").and_then(Item::as_bool).unwrap_or(true);
    if is == enabled {
        return Ok(());
    }
    put(rule, "enabled", enabled.into());
    replace(file, &document.to_string()).map_err(failed)
}

/// The table of a rule, by its id as the parser makes it.
fn find<'a>(document: &'a mut DocumentMut, file: &Path, id: &RuleId) -> Option<&'a mut dyn TableLike> {
    let is_it = |table: &dyn TableLike, number: usize| crate::parse::id_of(table, file, number) == *id;
    if !document.contains_key("rule") {
        let table = document.as_table_mut();
        return is_it(table, 0).then_some(table as &mut dyn TableLike);
    }
    match document.get_mut("rule")? {
        Item::ArrayOfTables(tables) => {
            let found = tables.iter_mut().enumerate().find(|(number, table)| is_it(*table, *number));
            found.map(|(_, table)| table as &mut dyn TableLike)
        }
        Item::Value(list) => {
            let tables = list.as_array_mut()?.iter_mut().filter_map(toml_edit::Value::as_inline_table_mut);
            let found = tables.enumerate().find(|(number, table)| is_it(*table, *number));
            found.map(|(_, table)| table as &mut dyn TableLike)
        }
        _ => None,
    }
}

/// Puts a value in the place of another, or where there was none; nothing where something else than a value stands there.
pub(super) fn put(table: &mut dyn TableLike, key: &str, wanted: toml_edit::Value) -> Option<()> {
    match table.get_mut(key) {
        Some(Item::Value(toml_edit::Value::Array(_) | toml_edit::Value::InlineTable(_))) => None,
        Some(Item::Value(old)) => {
            // The comment behind a value belongs to the value.
            let decor = old.decor().clone();
            *old = wanted;
            *old.decor_mut() = decor;
            Some(())
        }
        Some(Item::None) | None => {
            table.insert(key, value(wanted));
            Some(())
        }
        Some(_) => None,
    }
}

/// Puts a text in a file's place at once, so that nobody ever reads half of it.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    // A link stays a link; what it leads to is changed. A file that is new has nothing to be kept.
    let is_new = !file.exists();
    let file = if is_new { file.to_owned() } else { fs::canonicalize(file)? };
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(".new");
    let fresh = file.with_file_name(name);
    let written = fs::write(&fresh, text)
        .and_then(|()| if is_new { Ok(()) } else { fs::set_permissions(&fresh, fs::metadata(&file)?.permissions()) })
        .and_then(|()| fs::File::open(&fresh)?.sync_all())
        .and_then(|()| fs::rename(&fresh, &file));
    if written.is_err() {
        // What is left of a failed attempt is of no use, and that it can't be removed is no further harm.
        let _ = fs::remove_file(&fresh);
    }
    written
}
