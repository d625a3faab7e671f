//! The adapter as the hub knows it. While it runs there is a [`House`]; what is asked meanwhile goes there.

mod care;
mod clocks;
mod farewells;
mod findings;
mod heard;
mod house;
mod keeper;
mod labels;
mod life;
mod onboarding;
mod places;

use std::{sync::Arc, time::Duration};

use adapter_api::{
    Adapter, AdapterError, CareError, Context, Delivery, Ecosystem, Finding, Invitation, Onboarding, OnboardingError,
    Order, Settings as Table, SettingsError,
};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Outcome};
use smol_str::SmolStr;
use tokio::sync::watch;

use crate::{link::Ask, members, settings::Settings};
use house::House;

/// How long a run may take to open its house, for who wants to add a device meanwhile.
const OPENING: Duration = Duration::from_secs(10);

/// Matter devices.
#[derive(Debug)]
struct Matter {
    settings: Settings,
    /// What runs; none between two runs.
    house: watch::Sender<Option<Arc<House>>>,
}

/// Makes the adapter from settings that were checked against its fields.
pub(crate) fn build(table: &Table) -> Result<Arc<dyn Adapter>, SettingsError> {
    Ok(Arc::new(Matter { settings: Settings::read(table)?, house: watch::Sender::default() }))
}

impl Matter {
    fn house(&self) -> Option<Arc<House>> {
        self.house.borrow().clone()
    }

    fn open_house(&self) -> Result<Arc<House>, CareError> {
        self.house().ok_or(CareError::Unknown)
    }

    /// The house, where it is there or is being opened.
    async fn house_soon(&self) -> Option<Arc<House>> {
        let mut houses = self.house.subscribe();
        let opened = tokio::time::timeout(OPENING, houses.wait_for(Option::is_some)).await;
        opened.ok()?.ok()?.clone()
    }
}

impl Adapter for Matter {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            let (house, events) = House::open(&self.settings, context).await?;
            self.house.send_replace(Some(Arc::clone(&house)));
            let ended = house.live(events).await;
            self.house.send_replace(None);
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

    fn look_for(&self, key: DeviceKey) {
        if let Some((house, node)) = self.house().zip(members::node_of(&key)) {
            tokio::spawn(async move { house.link.tell(Ask::Wanted(node)).await });
        }
    }

    fn onboard(self: Arc<Self>, onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            let house = self.house_soon().await;
            let house = house.ok_or_else(|| OnboardingError::Failed("Matter is not running just now".into()))?;
            onboarding::onboard(house, onboarding).await
        })
    }

    fn forget(&self, key: DeviceKey) -> BoxFuture<'_, Result<(), CareError>> {
        Box::pin(async move { self.open_house()?.forget(&key).await })
    }

    fn renamed(&self, key: DeviceKey, name: String) {
        match self.house() {
            Some(house) => house.rename(key, &name),
            None => {
                tracing::info!(device = %key, "a device was renamed while Matter is not running, and is not told its name")
            }
        }
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
