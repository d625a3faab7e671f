//! Secrets and adapters' notes. Sealed they lie in `hub.db` and in memory; they are unsealed for each use.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use hub_model::AdapterName;
use rusqlite::{Connection, params};

use crate::{SecretError, key::MasterKey};

/// The longest note, in bytes.
pub(crate) const LONGEST_NOTE: usize = 64 << 10;

/// Everything that is sealed.
#[derive(Debug, Default)]
pub(crate) struct Sealed {
    secrets: BTreeMap<String, Vec<u8>>,
    notes: HashMap<(AdapterName, String), Vec<u8>>,
}

/// One change to what is sealed; `None` removes.
#[derive(Debug, Clone)]
pub(crate) enum Seal {
    Secret { name: String, sealed: Option<Vec<u8>> },
    Note { adapter: AdapterName, key: String, sealed: Option<Vec<u8>> },
}

/// Everything that is sealed, with the key to it. The thread changes it after the disk has it, so that memory and disk
/// never disagree about the order of two changes.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    key: MasterKey,
    sealed: Arc<RwLock<Sealed>>,
}

impl Sealed {
    pub(crate) fn load(database: &Connection) -> rusqlite::Result<Self> {
        let mut secrets = database.prepare("SELECT name, sealed FROM secrets")?;
        let secrets = secrets.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut notes = database.prepare("SELECT adapter, key, sealed FROM notes")?;
        let note =
            |row: &rusqlite::Row<'_>| Ok(((AdapterName(row.get::<_, String>(0)?.into()), row.get(1)?), row.get(2)?));
        let notes = notes.query_map([], note)?.collect::<Result<_, _>>()?;
        Ok(Self { secrets, notes })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.notes.is_empty()
    }

    fn apply(&mut self, change: Seal) {
        match change {
            Seal::Secret { name, sealed: Some(sealed) } => drop(self.secrets.insert(name, sealed)),
            Seal::Secret { name, sealed: None } => drop(self.secrets.remove(&name)),
            Seal::Note { adapter, key, sealed: Some(sealed) } => drop(self.notes.insert((adapter, key), sealed)),
            Seal::Note { adapter, key, sealed: None } => drop(self.notes.remove(&(adapter, key))),
        }
    }
}

impl Seal {
    /// Makes the change in the database, within the caller's transaction.
    pub(crate) fn write(&self, database: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::Secret { name, sealed: Some(sealed) } => database
                .prepare_cached("INSERT OR REPLACE INTO secrets (name, sealed) VALUES (?1, ?2)")?
                .execute(params![name, sealed]),
            Self::Secret { name, sealed: None } => {
                database.prepare_cached("DELETE FROM secrets WHERE name = ?1")?.execute([name])
            }
            Self::Note { adapter, key, sealed: Some(sealed) } => database
                .prepare_cached("INSERT OR REPLACE INTO notes (adapter, key, sealed) VALUES (?1, ?2, ?3)")?
                .execute(params![adapter.0.as_str(), key, sealed]),
            Self::Note { adapter, key, sealed: None } => database
                .prepare_cached("DELETE FROM notes WHERE adapter = ?1 AND key = ?2")?
                .execute(params![adapter.0.as_str(), key]),
        }
        .map(drop)
    }
}

impl Vault {
    pub(crate) fn new(key: MasterKey, sealed: Sealed) -> Self {
        Self { key, sealed: Arc::new(RwLock::new(sealed)) }
    }

    pub(crate) const fn key(&self) -> &MasterKey {
        &self.key
    }

    pub(crate) fn apply(&self, change: Seal) {
        self.sealed.write().unwrap_or_else(PoisonError::into_inner).apply(change);
    }

    pub(crate) fn secret(&self, name: &str) -> Result<Option<String>, SecretError> {
        let sealed = self.sealed.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sealed) = sealed.secrets.get(name) else { return Ok(None) };
        let text = self.key.unseal(&secret_label(name), sealed).and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Some).ok_or_else(|| SecretError::WrongKey { name: name.to_owned() })
    }

    pub(crate) fn secret_names(&self) -> Vec<String> {
        self.sealed.read().unwrap_or_else(PoisonError::into_inner).secrets.keys().cloned().collect()
    }

    pub(crate) fn note(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        let sealed = self.sealed.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sealed) = sealed.notes.get(&(adapter.clone(), key.to_owned())) else { return Ok(None) };
        let bytes = self.key.unseal(&note_label(adapter, key), sealed);
        bytes.map(Some).ok_or_else(|| SecretError::Locked { name: format!("{adapter}/{key}") })
    }

    pub(crate) fn seal_secret(&self, name: &str, text: &str) -> Seal {
        let sealed = self.key.seal(&secret_label(name), text.as_bytes());
        Seal::Secret { name: name.to_owned(), sealed: Some(sealed) }
    }

    pub(crate) fn seal_note(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> Result<Seal, SecretError> {
        if bytes.len() > LONGEST_NOTE {
            return Err(SecretError::TooLong { name: key.to_owned(), length: bytes.len() });
        }
        let sealed = (!bytes.is_empty()).then(|| self.key.seal(&note_label(adapter, key), bytes));
        Ok(Seal::Note { adapter: adapter.clone(), key: key.to_owned(), sealed })
    }
}

fn secret_label(name: &str) -> String {
    format!("secret/{name}")
}

/// The adapter's length keeps `a` with `b/c` apart from `a/b` with `c`.
fn note_label(adapter: &AdapterName, key: &str) -> String {
    format!("note/{}/{adapter}/{key}", adapter.0.len())
}
