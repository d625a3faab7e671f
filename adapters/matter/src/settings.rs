//! What the owner sets under `[matter]`.

use std::path::PathBuf;

use adapter_api::{Field, FieldKind, Settings as Table, SettingsError};

use crate::roots::Roots;

/// What can be set.
pub(crate) const FIELDS: &[Field] = &[
    Field::optional(
        "roots",
        FieldKind::File,
        "A folder with the root certificates of device makers (PAA, `.der` or `.pem`) that are trusted; `hub matter roots` fills one.",
    ),
    Field::optional(
        "test_roots",
        FieldKind::Bool,
        "Whether devices with the test certificates of the Matter SDK are trusted: prototypes and software devices.",
    ),
];

/// Sound settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    roots: Option<PathBuf>,
    test_roots: bool,
}

impl Settings {
    /// Reads settings that were checked against the adapter's fields.
    pub(crate) fn read(table: &Table) -> Result<Self, SettingsError> {
        let roots = table.text("roots").map(PathBuf::from);
        if roots.as_ref().is_some_and(|roots| roots.is_file()) {
            return Err(SettingsError::new("roots", "`roots` takes a folder, and this is a file"));
        }
        Ok(Self { roots, test_roots: table.bool("test_roots").unwrap_or(false) })
    }

    /// The roots that are trusted.
    pub(crate) fn roots(&self) -> Roots {
        Roots::load(self.roots.as_deref(), self.test_roots)
    }
}
