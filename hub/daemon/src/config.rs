//! The settings file: `[hub]` and one table per adapter, each checked against its fields.
//!
//! Owns the reading and what every fault says (file, line, column, remedy). It must not know what an adapter does with
//! its settings; it asks the adapter to build itself from them.

mod fault;
mod hub;
mod rules;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use adapter_api::{Adapter, AdapterKind, FieldKind, Settings, SettingsError};
use hub_model::suggest::did_you_mean;
use toml::{Table, Value};

pub(crate) use fault::{SettingsFault, Source};
pub(crate) use hub::{HubSettings, Protection};
pub(crate) use rules::RuleSettings;

/// All that a settings file says.
pub(crate) struct Config {
    /// What concerns the hub itself.
    pub(crate) hub: HubSettings,
    /// What rules may reach.
    pub(crate) rules: RuleSettings,
    /// The adapters that are to run.
    pub(crate) adapters: Vec<Planned>,
}

/// An adapter that is to run.
pub(crate) struct Planned {
    /// Its row in the list.
    pub(crate) kind: &'static AdapterKind,
    /// The adapter, built from its settings.
    pub(crate) adapter: Arc<dyn Adapter>,
}

/// Tables that the command line adds (`--simulated`), or whose keys it sets.
pub(crate) type Overrides = Table;

/// Why settings can't be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Fault(#[from] SettingsFault),
}

/// Reads the named file; or the usual one, which may be missing.
pub(crate) fn read(
    named: Option<&Path>,
    usual: &Path,
    overrides: &Overrides,
    kinds: &[&'static AdapterKind],
) -> Result<Config, ConfigError> {
    let path = named.unwrap_or(usual);
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => String::new(),
        text => text.map_err(|error| ConfigError::Unreadable { path: path.into(), error })?,
    };
    Ok(parse(&Source { path, text: &text }, overrides, kinds)?)
}

/// Reads settings from a text.
pub(crate) fn parse(
    source: &Source<'_>,
    overrides: &Overrides,
    kinds: &[&'static AdapterKind],
) -> Result<Config, SettingsFault> {
    let mut tables: Table = toml::from_str(source.text).map_err(|error| source.syntax(&error))?;
    overlay(&mut tables, overrides);
    let mut config = Config { hub: HubSettings::default(), rules: RuleSettings::default(), adapters: Vec::new() };
    for (name, value) in tables {
        let Value::Table(mut table) = value else {
            return Err(source.at_table(&name, not_a_table(&name)));
        };
        let at = |error: SettingsError| source.at(&name, &error);
        if name == hub::NAME {
            resolve_files(&mut table, hub::FIELDS, source.path);
            let settings = Settings::check(table, hub::FIELDS).map_err(at)?;
            config.hub = HubSettings::from_settings(&settings).map_err(at)?;
        } else if name == rules::NAME {
            let settings = Settings::check(table, rules::FIELDS).map_err(at)?;
            config.rules = RuleSettings::from_settings(&settings).map_err(at)?;
        } else if let Some(kind) = kinds.iter().find(|kind| kind.name == name) {
            resolve_files(&mut table, kind.fields, source.path);
            let settings = Settings::check(table, kind.fields).map_err(at)?;
            config.adapters.push(Planned { kind, adapter: (kind.build)(&settings).map_err(at)? });
        } else {
            let words = kinds.iter().map(|kind| kind.name).chain([hub::NAME, rules::NAME]);
            return Err(source.at_table(&name, format!("there is no table `{name}`{}", did_you_mean(&name, words))));
        }
    }
    Ok(config)
}

fn overlay(tables: &mut Table, overrides: &Overrides) {
    for (name, more) in overrides {
        let table = tables.entry(name).or_insert_with(|| Value::Table(Table::new()));
        if let (Value::Table(table), Value::Table(more)) = (table, more) {
            table.extend(more.clone());
        }
    }
}

/// What is wrong with a setting that stands outside of all tables.
fn not_a_table(name: &str) -> String {
    if hub::FIELDS.iter().any(|field| field.name == name) {
        return format!("`{name}` belongs below a line `[{}]`", hub::NAME);
    }
    format!("`{name}` is not a table: settings stand below a line such as `[hub]` or `[mqtt]`")
}

/// A relative path is meant from the folder that the settings file is in.
fn resolve_files(table: &mut Table, fields: &[adapter_api::Field], file: &Path) {
    let folder = file.parent().unwrap_or(Path::new("."));
    for field in fields.iter().filter(|field| field.kind == FieldKind::File) {
        if let Some(Value::String(path)) = table.get_mut(field.name) {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        }
    }
}

#[cfg(test)]
mod tests;
