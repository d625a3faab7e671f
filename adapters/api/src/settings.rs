//! An adapter's settings, checked against its fields: what can be set is data, so that forms and documents read it too.

use hub_model::suggest::did_you_mean;
use toml::{Table, Value};

/// One thing that can be set.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether the adapter can't do without it.
    pub required: bool,
}

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number from the first to the last.
    Integer(i64, i64),
    /// `{ secret = "name" }`, set by `hub secret set name`.
    Secret,
    /// The path of a file.
    File,
}

/// Settings that fit their fields.
#[derive(Debug, Clone, Default)]
pub struct Settings(Table);

/// A setting that doesn't fit. Whoever read the file adds its name, line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SettingsError {
    /// The key within the adapter's table; empty for the table itself.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl SettingsError {
    /// An error at a key.
    pub fn new(key: &str, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

impl Settings {
    /// Checks a table against the fields.
    pub fn check(table: Table, fields: &[Field]) -> Result<Self, SettingsError> {
        for (key, value) in &table {
            let Some(field) = fields.iter().find(|field| field.name == key) else {
                let hint = did_you_mean(key, fields.iter().map(|field| field.name));
                return Err(SettingsError::new(key, format!("there is no setting `{key}`{hint}")));
            };
            field.check(value)?;
        }
        match fields.iter().find(|field| field.required && !table.contains_key(field.name)) {
            Some(missing) => Err(SettingsError::new("", format!("`{}` is missing: {}", missing.name, missing.doc))),
            None => Ok(Self(table)),
        }
    }

    /// A text or a file's path.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A truth.
    pub fn bool(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_integer()
    }

    /// The name of a secret.
    pub fn secret(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.get("secret")?.as_str()
    }
}

impl Field {
    /// A setting that may be left out.
    pub const fn optional(name: &'static str, kind: FieldKind, doc: &'static str) -> Self {
        Self { name, doc, kind, required: false }
    }

    /// A setting that must be there.
    pub const fn required(name: &'static str, kind: FieldKind, doc: &'static str) -> Self {
        Self { name, doc, kind, required: true }
    }

    fn check(&self, value: &Value) -> Result<(), SettingsError> {
        let fits = match self.kind {
            FieldKind::Text | FieldKind::File => value.is_str(),
            FieldKind::Bool => value.is_bool(),
            FieldKind::Integer(min, max) => value.as_integer().is_some_and(|number| (min..=max).contains(&number)),
            FieldKind::Secret => {
                value.as_table().is_some_and(|table| table.len() == 1 && table.get("secret").is_some_and(Value::is_str))
            }
        };
        if fits {
            return Ok(());
        }
        Err(SettingsError::new(self.name, format!("`{}` takes {}", self.name, self.kind.wanted())))
    }
}

impl FieldKind {
    fn wanted(self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::File => "the path of a file".into(),
            Self::Bool => "true or false".into(),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Secret => {
                "{ secret = \"name\" }, and `hub secret set name` sets it; secrets never stand in the file".into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field::required("broker", FieldKind::Text, "The broker's URL."),
        Field::optional("password", FieldKind::Secret, "The password."),
        Field::optional("keep_alive", FieldKind::Integer(5, 600), "Seconds."),
    ];

    fn check(text: &str) -> Result<Settings, String> {
        Settings::check(toml::from_str(text).unwrap(), FIELDS).map_err(|error| error.to_string())
    }

    #[test]
    fn settings_that_fit_are_read_by_kind() {
        let settings = check("broker = 'mqtt://localhost'\npassword = { secret = 'broker' }").unwrap();
        assert_eq!(settings.text("broker"), Some("mqtt://localhost"));
        assert_eq!(settings.secret("password"), Some("broker"));
        assert_eq!(settings.integer("keep_alive"), None);
    }

    #[test]
    fn what_does_not_fit_is_named_with_a_remedy() {
        assert_eq!(check("brokr = ''").unwrap_err(), "there is no setting `brokr`, did you mean `broker`?");
        assert_eq!(check("").unwrap_err(), "`broker` is missing: The broker's URL.");
        assert!(check("broker = ''\npassword = 'hunter2'").unwrap_err().contains("hub secret set"));
        assert!(check("broker = ''\nkeep_alive = 1").unwrap_err().contains("from 5 to 600"));
    }
}
