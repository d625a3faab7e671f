//! The adapter: it carries commands into the book and the book's pages out. What is set is durable before it is said.

use std::sync::{Arc, Mutex, PoisonError};

use adapter_api::{
    Adapter, AdapterError, AdapterKind, Context, Delivery, Onboarding, OnboardingError, Order, SecretError,
};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Outcome, Said};
use tokio::sync::Mutex as Turns;

use crate::{
    book::Book,
    onboarding::{self, Wish},
};

/// The house in the hub's list of adapters. It has no settings, and runs in every hub.
pub static KIND: AdapterKind = AdapterKind {
    name: "house",
    doc: "The house itself: its mode, and variables.",
    fields: &[],
    build: |_| Ok(Arc::new(House::default())),
};

/// Under this key the hub keeps the book.
const NOTE: &str = "book";

/// The adapter.
#[derive(Default)]
struct House {
    /// Held while the book is changed and kept, so that no older page is ever kept over a newer one.
    book: Turns<Book>,
    /// There while it runs. Locked only to copy it.
    context: Mutex<Option<Context>>,
}

impl House {
    fn context(&self) -> Option<Context> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn open(&self, context: &Context) -> Result<(), SecretError> {
        let mut book = self.book.lock().await;
        if let Some(kept) = context.recall(NOTE)? {
            // What can't be read is of a newer hub; the next change writes it anew.
            *book = serde_json::from_slice(&kept).unwrap_or_default();
        }
        for (key, found, _) in book.devices() {
            context.found(&key, found).await;
            context.reachable(&key, true).await;
            say(context, &book, &key).await;
        }
        Ok(())
    }

    async fn set(&self, order: &Order) -> Result<(), String> {
        let context = self.context().ok_or("the house is not there just now")?;
        let mut book = self.book.lock().await;
        let mut changed = book.clone();
        for (_, value) in &order.command.set {
            changed.set(&order.key, value).map_err(|refusal| refusal.to_string())?;
        }
        keep(&context, &changed).await?;
        *book = changed;
        say(&context, &book, &order.key).await;
        Ok(())
    }

    async fn add(&self, wish: Wish) -> Result<DeviceKey, OnboardingError> {
        let context = self.context().ok_or(OnboardingError::Vanished)?;
        let failed = |why: String| OnboardingError::Failed(why);
        let mut book = self.book.lock().await;
        let mut changed = book.clone();
        match &wish {
            Wish::Put { key, name, value } => {
                changed.put(key, name, value.clone()).map_err(|refusal| failed(refusal.to_string()))?;
            }
            Wish::Forget(key) => changed.forget(key),
        }
        keep(&context, &changed).await.map_err(failed)?;
        *book = changed;
        match wish {
            Wish::Put { key, .. } => {
                let found = book.devices().into_iter().find(|(known, ..)| *known == key);
                if let Some((_, found, _)) = found {
                    context.found(&key, found).await;
                    say(&context, &book, &key).await;
                }
                Ok(key)
            }
            Wish::Forget(key) => {
                context.report(&key, Said::Gone).await;
                Ok(key)
            }
        }
    }
}

async fn keep(context: &Context, book: &Book) -> Result<(), String> {
    let bytes = serde_json::to_vec(book).map_err(|error| error.to_string())?;
    context.keep(NOTE, &bytes).await.map_err(|error| error.to_string())
}

async fn say(context: &Context, book: &Book, key: &DeviceKey) {
    if let Some(reading) = book.reading(key) {
        context.read(key, vec![reading]).await;
    }
}

impl Adapter for House {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            // Without its pages it must not begin new ones: they would be kept over those.
            self.open(&context).await.map_err(|error| AdapterError::Lost(Box::new(error)))?;
            *self.context.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.clone());
            context.stopped().await;
            *self.context.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Ok(())
        })
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            match self.set(&order).await {
                Ok(()) => Delivery::Sent,
                Err(why) => Delivery::Failed(Outcome::Refused, why),
            }
        })
    }

    fn onboard(self: Arc<Self>, mut onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            let house = &self;
            let has = |key: DeviceKey| async move { house.book.lock().await.has(&key) };
            let wish = onboarding::talk(&mut onboarding, has).await?;
            self.add(wish).await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use adapter_api::{
        Step,
        harness::{Harness, MemoryVault},
    };
    use hub_model::{Actor, Cause, Command, CommandId, DeviceId, EndpointId, Report, Target, Value, capability::house};

    use super::*;
    use crate::book::HOUSE;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn start() -> Harness {
        Harness::start("house", Arc::new(House::default()), MemoryVault::default())
    }

    fn value_of<'a>(key: &'a str) -> impl FnMut(&Report) -> Option<Value> + 'a {
        move |report| match &report.said {
            Said::Read(readings) if report.key.0 == key => Some(readings[0].2.clone()),
            _ => None,
        }
    }

    fn command(value: Value) -> Command {
        Command {
            id: CommandId::fresh(),
            key: None,
            target: Target { device: DeviceId::named("house"), endpoint: EndpointId::first() },
            set: vec![((&house::MODE).into(), value)],
            invoke: None,
            transition: None,
            cause: Cause::root(Actor::Hub),
            deadline: PATIENCE,
        }
    }

    #[tokio::test]
    async fn the_house_begins_at_home_and_takes_another_mode() {
        let mut harness = start();
        assert_eq!(harness.wait_for_report(PATIENCE, value_of(HOUSE)).await, Value::text("home"));
        harness.order(&DeviceKey::new(HOUSE), command(Value::text("night"))).await;
        assert_eq!(harness.wait_for_report(PATIENCE, value_of(HOUSE)).await, Value::text("night"));
        harness.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_variable_is_made_by_its_name_and_forgotten() {
        let mut harness = start();
        harness.wait_for_report(PATIENCE, value_of(HOUSE)).await;
        let answer = |kind: &str, value: &str| {
            let answers = [("kind", kind), ("value", value)].map(|(name, text)| (name.into(), text.to_owned()));
            move |step: &Step| matches!(step, Step::Asking(_)).then(|| answers.clone().into())
        };
        let key = harness.onboard(None, Some("Vacation".into()), answer("true or false", "true")).await.unwrap();
        assert_eq!(key.0, "variable/vacation");
        assert_eq!(harness.wait_for_report(PATIENCE, value_of("variable/vacation")).await, Value::Bool(true));
        let wrong = harness.onboard(None, Some("Count".into()), answer("number", "many")).await.unwrap_err();
        assert_eq!(wrong.to_string(), "`many` is no number");
        harness.onboard(None, Some("Vacation".into()), answer("forget it", "")).await.unwrap();
        let gone = |report: &Report| (report.said == Said::Gone).then(|| report.key.clone());
        assert_eq!(harness.wait_for_report(PATIENCE, gone).await, key);
        harness.stop().await.unwrap();
    }
}
