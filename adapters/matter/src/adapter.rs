//! The adapter as the hub knows it. While it runs there is a [`House`]; what is asked meanwhile goes there.

mod care;
mod findings;
mod house;
mod onboarding;

use std::sync::{Arc, PoisonError, RwLock};

use adapter_api::{
    Adapter, AdapterError, CareError, Context, Delivery, Ecosystem, Finding, Invitation, Onboarding, OnboardingError,
    Order, Settings as Table, SettingsError,
};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Outcome};
use smol_str::SmolStr;

use crate::settings::Settings;
use house::House;

/// Matter devices.
#[derive(Debug)]
struct Matter {
    settings: Settings,
    /// What runs; none between two runs. Locked only to copy it.
    house: RwLock<Option<Arc<House>>>,
}

/// Makes the adapter from settings that were checked against its fields.
pub(crate) fn build(table: &Table) -> Result<Arc<dyn Adapter>, SettingsError> {
    Ok(Arc::new(Matter { settings: Settings::read(table)?, house: RwLock::default() }))
}

impl Matter {
    fn house(&self) -> Option<Arc<House>> {
        self.house.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open_house(&self) -> Result<Arc<House>, CareError> {
        self.house().ok_or(CareError::Unknown)
    }

    fn set_house(&self, house: Option<Arc<House>>) {
        *self.house.write().unwrap_or_else(PoisonError::into_inner) = house;
    }
}

impl Adapter for Matter {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            let (house, events) = House::open(&self.settings, context).await?;
            self.set_house(Some(Arc::clone(&house)));
            let ended = house.live(events).await;
            self.set_house(None);
            ended
        })
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            match self.house() {
                Some(house) => house.execute(&order).await,
                None => Delivery::Failed(Outcome::Unreachable, "Matter is not running just now".into()),
            }
        })
    }

    fn onboard(self: Arc<Self>, onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            let house = self.house().ok_or_else(|| OnboardingError::Failed("Matter is not running just now".into()))?;
            onboarding::onboard(house, onboarding).await
        })
    }

    fn forget(&self, key: DeviceKey) -> BoxFuture<'_, Result<(), CareError>> {
        Box::pin(async move { self.open_house()?.forget(&key).await })
    }

    fn share(&self, key: DeviceKey) -> BoxFuture<'_, Result<Invitation, CareError>> {
        Box::pin(async move { self.open_house()?.share(&key).await })
    }

    fn ecosystems(&self, key: DeviceKey) -> BoxFuture<'_, Result<Vec<Ecosystem>, CareError>> {
        Box::pin(async move { self.open_house()?.ecosystems(&key).await })
    }

    fn remove_ecosystem(&self, key: DeviceKey, id: SmolStr) -> BoxFuture<'_, Result<(), CareError>> {
        Box::pin(async move { self.open_house()?.remove_ecosystem(&key, &id).await })
    }

    fn diagnose(&self, key: DeviceKey) -> BoxFuture<'_, Result<Vec<Finding>, CareError>> {
        Box::pin(async move { self.open_house()?.diagnose(&key).await })
    }
}
