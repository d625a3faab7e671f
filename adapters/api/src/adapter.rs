//! The trait that every adapter is, and the row by which the hub knows it.

use std::{error::Error, sync::Arc};

use futures_util::future::BoxFuture;
use hub_model::{AdapterName, DeviceKey};
use smol_str::SmolStr;

use crate::{
    CareError, Context, Delivery, Ecosystem, Field, Finding, Invitation, Messaging, Onboarding, OnboardingError, Order,
    Settings, SettingsError,
};

/// A row of the hub's list of adapters: all that is known of one before it runs.
#[derive(Debug, Clone, Copy)]
pub struct AdapterKind {
    /// Its name, and that of its table in the settings (`[mqtt]`).
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What can be set. The hub checks settings against it before [`AdapterKind::build`] sees them.
    pub fields: &'static [Field],
    /// Makes one from checked settings. It opens nothing yet.
    pub build: fn(&Settings) -> Result<Arc<dyn Adapter>, SettingsError>,
}

impl AdapterKind {
    /// The name as a type.
    pub const fn adapter_name(&self) -> AdapterName {
        AdapterName::new_static(self.name)
    }
}

/// A protocol's devices.
pub trait Adapter: Send + Sync + 'static {
    /// Runs until [`Context::stopped`]. When it ends otherwise, with an error or a panic, the hub shows its devices as
    /// unreachable and runs it again, after 1 s at first and 60 s at most; so it may give up on anything strange.
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>>;

    /// Carries out one order, and returns when the device, or whoever speaks for it, has taken it. What became of it
    /// is told by reports. Called for one order at a time per device; never after `run` has ended.
    ///
    /// The future is dropped when the order's deadline has passed.
    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery>;

    /// Somebody wants a device that can't be reached: a good moment to try it, before its next turn. It returns at once.
    fn look_for(&self, key: DeviceKey) {
        drop(key);
    }

    /// Adds a candidate, or what a code stands for. Steps and questions go through `onboarding`. The device must have
    /// been reported as found before this returns its key.
    ///
    /// The future is dropped when the person gives up.
    fn onboard(self: Arc<Self>, onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        drop(onboarding);
        Box::pin(async { Err(OnboardingError::Unsupported) })
    }

    /// The messages by topic that it carries beside its devices, where it does. It answers before it runs, too.
    fn messaging(self: Arc<Self>) -> Option<Arc<dyn Messaging>> {
        None
    }

    /// Lets a device go for good, as its owner removes it. One that can't be reached is let go all the same, and told
    /// when it shows itself again. Where there is nothing to be undone, there is nothing to do.
    fn forget(&self, key: DeviceKey) -> BoxFuture<'_, Result<(), CareError>> {
        drop(key);
        Box::pin(async { Ok(()) })
    }

    /// The owner gave a device this name. Where the device has a place for it, it may be told, so that its own screen and
    /// other ecosystems show it too; nobody waits for that. It returns at once. What a device is called by others changes
    /// nothing here: the owner's name wins.
    fn renamed(&self, key: DeviceKey, name: String) {
        drop((key, name));
    }

    /// Opens a device to one more ecosystem, beside this hub.
    fn share(&self, key: DeviceKey) -> BoxFuture<'_, Result<Invitation, CareError>> {
        drop(key);
        Box::pin(async { Err(CareError::Unsupported) })
    }

    /// The ecosystems that control a device, this hub among them.
    fn ecosystems(&self, key: DeviceKey) -> BoxFuture<'_, Result<Vec<Ecosystem>, CareError>> {
        drop(key);
        Box::pin(async { Err(CareError::Unsupported) })
    }

    /// Takes a device away from another ecosystem, by the id of [`Adapter::ecosystems`].
    fn remove_ecosystem(&self, key: DeviceKey, id: SmolStr) -> BoxFuture<'_, Result<(), CareError>> {
        drop((key, id));
        Box::pin(async { Err(CareError::Unsupported) })
    }

    /// What a device says of its own state.
    fn diagnose(&self, key: DeviceKey) -> BoxFuture<'_, Result<Vec<Finding>, CareError>> {
        drop(key);
        Box::pin(async { Err(CareError::Unsupported) })
    }
}

/// Why an adapter stopped.
#[derive(Debug, thiserror::Error)]
pub enum AdapterError {
    /// It can't work with its settings; running it again is of no use until they change.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Something it lives on was lost; it will be run again.
    #[error("{0}")]
    Lost(#[from] Box<dyn Error + Send + Sync>),
}
