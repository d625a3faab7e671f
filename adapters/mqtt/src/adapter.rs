//! The adapter as the hub knows it: it runs one shell, and carries out orders beside it.

mod following;
mod memory;
mod shell;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use adapter_api::{
    Adapter, AdapterError, Context, Delivery, Followers, Messaging, MessagingError, Order, Settings as Table,
    SettingsError, Window,
};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Message, Outcome};

use crate::{
    book::{Plan, Timing},
    broker::Publisher,
    settings::Settings,
};
use shell::Shell;

/// The devices behind one broker.
#[derive(Debug)]
pub struct Mqtt {
    settings: Settings,
    timing: Timing,
    /// What commands need. Held only to copy out of it or to replace an entry, never across an await.
    plans: RwLock<HashMap<DeviceKey, Arc<Plan>>>,
    /// The way to the broker while it is there.
    publisher: RwLock<Option<Publisher>>,
    /// Who follows topics beside the devices.
    followers: Arc<Followers>,
}

/// Makes the adapter from settings that were checked against its fields.
pub(crate) fn build(table: &Table) -> Result<Arc<dyn Adapter>, SettingsError> {
    Ok(Arc::new(Mqtt::new(Settings::read(table)?, Timing::default())))
}

impl Adapter for Mqtt {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            // Plans of an earlier run speak of topics that nobody listens to now.
            self.plans.write().unwrap_or_else(PoisonError::into_inner).clear();
            let password = self.settings.password.as_deref().map(|name| context.secret(name)).transpose();
            let password = password.map_err(|error| AdapterError::Lost(error.into()))?;
            let password = password.as_ref().map(|secret| secret.reveal().to_owned());
            Shell::new(self, context, password).run().await
        })
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            let plan = self.plans.read().unwrap_or_else(PoisonError::into_inner).get(&order.key).cloned();
            let publisher = self.publisher();
            let Some(plan) = plan else { return Delivery::Failed(Outcome::Unreachable, "the device is gone".into()) };
            let Some(publisher) = publisher else {
                return Delivery::Failed(Outcome::Unreachable, "the broker can't be reached".into());
            };
            let messages = match plan.messages(&order.command) {
                Ok(messages) => messages,
                Err(error) => return Delivery::Failed(error.outcome(), error.to_string()),
            };
            for message in messages {
                if let Err(error) = publisher.publish(message).await {
                    return Delivery::Failed(Outcome::Unreachable, error.to_string());
                }
            }
            Delivery::Sent
        })
    }

    fn messaging(self: Arc<Self>) -> Option<Arc<dyn Messaging>> {
        Some(self)
    }
}

impl Messaging for Mqtt {
    fn publish(&self, message: Message) -> BoxFuture<'_, Result<(), MessagingError>> {
        Box::pin(async move {
            let publisher = self.publisher().ok_or(MessagingError::Unreachable)?;
            publisher.publish(message).await.map_err(|_| MessagingError::Unreachable)
        })
    }

    fn followers(&self) -> &Arc<Followers> {
        &self.followers
    }

    fn window(&self) -> Option<Window> {
        let base = self.settings.publish.clone()?;
        Some(Window { discovery: self.settings.discovery_prefix.clone(), base, carrier: crate::KIND.adapter_name() })
    }
}

impl Mqtt {
    /// An adapter that is not running yet.
    pub fn new(settings: Settings, timing: Timing) -> Self {
        Self { settings, timing, plans: RwLock::default(), publisher: RwLock::default(), followers: Arc::default() }
    }

    fn publisher(&self) -> Option<Publisher> {
        self.publisher.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_publisher(&self, publisher: Option<Publisher>) {
        *self.publisher.write().unwrap_or_else(PoisonError::into_inner) = publisher;
    }

    fn set_plans(&self, changed: Vec<(DeviceKey, Option<Arc<Plan>>)>) {
        if changed.is_empty() {
            return;
        }
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        for (key, plan) in changed {
            match plan {
                Some(plan) => plans.insert(key, plan),
                None => plans.remove(&key),
            };
        }
    }
}
