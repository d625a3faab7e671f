//! Where a fault in a settings file is, in the way editors and terminals jump to.

use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

use adapter_api::SettingsError;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A settings file's text, and its name for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// What is in it.
    pub(crate) text: &'a str,
}

/// Something wrong in a settings file, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) struct SettingsFault {
    file: PathBuf,
    line: usize,
    column: usize,
    problem: String,
}

impl fmt::Display for SettingsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.problem)
    }
}

impl Source<'_> {
    /// The text is not TOML.
    pub(crate) fn syntax(&self, error: &toml::de::Error) -> SettingsFault {
        self.fault(error.span(), error.message().to_owned())
    }

    /// The table of that name is wrong as such.
    pub(crate) fn at_table(&self, table: &str, problem: String) -> SettingsFault {
        self.fault(self.key_span(table), problem)
    }

    /// A setting in a table is wrong.
    pub(crate) fn at(&self, table: &str, error: &SettingsError) -> SettingsFault {
        let span = self.setting_span(table, &error.key).or_else(|| self.key_span(table));
        self.fault(span, error.problem.clone())
    }

    fn fault(&self, span: Option<Range<usize>>, problem: String) -> SettingsFault {
        let before = &self.text[..span.map_or(0, |span| self.text.floor_char_boundary(span.start))];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        SettingsFault {
            file: self.path.into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem,
        }
    }

    fn key_span(&self, table: &str) -> Option<Range<usize>> {
        let document = DeTable::parse(self.text).ok()?;
        document.get_ref().keys().find(|key| *key.get_ref() == table).map(Spanned::span)
    }

    fn setting_span(&self, table: &str, key: &str) -> Option<Range<usize>> {
        let document = DeTable::parse(self.text).ok()?;
        let (_, table) = document.get_ref().iter().find(|(name, _)| *name.get_ref() == table)?;
        let DeValue::Table(table) = table.get_ref() else { return None };
        table.keys().find(|name| *name.get_ref() == key).map(Spanned::span)
    }
}
