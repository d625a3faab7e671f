//! The store, as the vault that adapters see.

use adapter_api::{Secret, SecretError, Vault};
use futures_util::{FutureExt as _, future::BoxFuture};
use hub_model::AdapterName;
use hub_store::Store;

/// Secrets and adapters' notes, in the store.
#[derive(Debug, Clone)]
pub struct StoreVault(pub Store);

impl Vault for StoreVault {
    fn secret(&self, name: &str) -> Result<Secret, SecretError> {
        match self.0.secret(name) {
            Ok(Some(secret)) => Ok(Secret::new(secret)),
            Ok(None) => Err(SecretError::Missing(name.into())),
            Err(error) => Err(SecretError::Unusable { name: name.into(), reason: error.to_string() }),
        }
    }

    fn recall(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        self.0.note(adapter, key).map_err(|error| match error {
            hub_store::SecretError::Locked { name } => SecretError::Locked(name),
            error => SecretError::Unusable { name: format!("{adapter}/{key}"), reason: error.to_string() },
        })
    }

    fn keep(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> BoxFuture<'static, Result<(), SecretError>> {
        let (store, adapter, key, bytes) = (self.0.clone(), adapter.clone(), key.to_owned(), bytes.to_vec());
        async move {
            let kept = store.put_note(&adapter, &key, &bytes).await;
            kept.map_err(|error| SecretError::Unusable { name: format!("{adapter}/{key}"), reason: error.to_string() })
        }
        .boxed()
    }
}
