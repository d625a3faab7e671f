//! What the hub's own parts keep between two starts, sealed as secrets are: the rules their waiting runs and their key.

use hub_model::AdapterName;

use crate::{accounts::AccountError, session::Session};

/// The rules stand beside the adapters here, whose names are those of tables in the settings.
const RULES: AdapterName = AdapterName::new_static("rules");

impl Session {
    /// What the rules last kept under a key; `None` where there is nothing. What the master key does not open is an error.
    pub fn recall(&self, key: &str) -> Result<Option<Vec<u8>>, AccountError> {
        self.must_own()?;
        Ok(self.shared.store.note(&RULES, key)?)
    }

    /// Keeps up to 64 KiB for the rules; durable when it returns. No bytes forget it.
    pub async fn keep(&self, key: &str, bytes: &[u8]) -> Result<(), AccountError> {
        self.must_own()?;
        Ok(self.shared.store.put_note(&RULES, key, bytes).await?)
    }

    /// A secret, for handing to a protocol; it must not be logged.
    pub fn secret(&self, name: &str) -> Result<adapter_api::Secret, AccountError> {
        self.must_own()?;
        let secret = self.shared.store.secret(name)?;
        secret.map(adapter_api::Secret::new).ok_or_else(|| AccountError::NoSuchSecret(name.to_owned()))
    }
}
