//! Looking after devices: what a session asks of the adapter that carries one.

use std::sync::Arc;

use adapter_api::{Adapter, CareError, Ecosystem, Finding, Invitation};
use hub_model::{DeviceId, DeviceKey, Role};
use smol_str::SmolStr;

use crate::session::Session;

/// Why a device could not be looked after.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookAfterError {
    /// The principal's role doesn't allow it.
    #[error("only an admin or the owner may do that to a device")]
    NotAllowed,
    /// There is no such device, or no adapter carries it now.
    #[error("no adapter carries this device just now")]
    NoCarrier,
    /// Its adapter says no.
    #[error(transparent)]
    Care(#[from] CareError),
}

impl Session {
    /// Opens a device to one more ecosystem, and gives the code for it. For admins.
    pub async fn share(&self, device: DeviceId) -> Result<Invitation, LookAfterError> {
        let (adapter, key) = self.carrier(device)?;
        Ok(adapter.share(key).await?)
    }

    /// The ecosystems that control a device. For admins.
    pub async fn ecosystems(&self, device: DeviceId) -> Result<Vec<Ecosystem>, LookAfterError> {
        let (adapter, key) = self.carrier(device)?;
        Ok(adapter.ecosystems(key).await?)
    }

    /// Takes a device away from another ecosystem. For admins.
    pub async fn remove_ecosystem(&self, device: DeviceId, id: SmolStr) -> Result<(), LookAfterError> {
        let (adapter, key) = self.carrier(device)?;
        Ok(adapter.remove_ecosystem(key, id).await?)
    }

    /// What a device says of its own state. For admins.
    pub async fn diagnose(&self, device: DeviceId) -> Result<Vec<Finding>, LookAfterError> {
        let (adapter, key) = self.carrier(device)?;
        Ok(adapter.diagnose(key).await?)
    }

    /// Has the adapters of a device let it go, before the home does.
    pub(crate) async fn let_go(&self, device: DeviceId) -> Result<(), CareError> {
        for (adapter, key) in self.carriers(device) {
            adapter.forget(key).await?;
        }
        Ok(())
    }

    /// Tells the adapters of a device what its owner calls it now.
    pub(crate) fn pass_name_on(&self, device: DeviceId) {
        let view = self.view();
        // Whoever removed it meanwhile leaves nothing to be called.
        let Some(known) = view.device(device) else { return };
        for (adapter, key) in self.carriers(device) {
            adapter.renamed(key, known.device.name.clone());
        }
    }

    fn carrier(&self, device: DeviceId) -> Result<(Arc<dyn Adapter>, DeviceKey), LookAfterError> {
        if self.principal.role < Role::Admin {
            return Err(LookAfterError::NotAllowed);
        }
        self.carriers(device).into_iter().next().ok_or(LookAfterError::NoCarrier)
    }

    pub(crate) fn carriers(&self, device: DeviceId) -> Vec<(Arc<dyn Adapter>, DeviceKey)> {
        let view = self.view();
        let origins = view.device(device).map(|known| known.device.origins.clone()).unwrap_or_default();
        let carrier = |origin: hub_model::Origin| {
            let (_, adapter) = self.shared.adapters_named(Some(&origin.adapter)).into_iter().next()?;
            Some((adapter, origin.key))
        };
        origins.into_iter().filter_map(carrier).collect()
    }
}
