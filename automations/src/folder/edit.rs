//! Edits rule files in place; the owner's comments and layout stay.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use hub_model::RuleId;
use toml_edit::{DocumentMut, Item, TableLike, value};

use super::read;
use crate::NoSuchRule;

/// Why a rule can't be enabled or disabled.
#[derive(Debug, thiserror::Error)]
pub enum EnableError {
    /// No such rule.
    #[error(transparent)]
    NoSuchRule(#[from] NoSuchRule),
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
    let mut document: DocumentMut = text.parse().map_err(|_| NoSuchRule::among(id, []))?;
    let mut rules = rules(&mut document);
    let ids: Vec<_> =
        rules.iter().enumerate().map(|(number, table)| crate::parse::id_of(*table, file, number)).collect();
    let number = ids.iter().position(|is| is == id).ok_or_else(|| NoSuchRule::among(id, &ids))?;
    let rule = &mut *rules[number];
    let is = rule.get("enabled").and_then(Item::as_bool).unwrap_or(true);
    if is == enabled {
        return Ok(());
    }
    put(rule, "enabled", enabled.into());
    replace(file, &document.to_string()).map_err(failed)
}

/// The tables of a file's rules, in their order.
fn rules(document: &mut DocumentMut) -> Vec<&mut dyn TableLike> {
    if !document.contains_key("rule") {
        return vec![document.as_table_mut()];
    }
    match document.get_mut("rule") {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().map(|table| table as &mut dyn TableLike).collect(),
        Some(Item::Value(toml_edit::Value::Array(list))) => {
            let tables = list.iter_mut().filter_map(toml_edit::Value::as_inline_table_mut);
            tables.map(|table| table as &mut dyn TableLike).collect()
        }
        _ => Vec::new(),
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
