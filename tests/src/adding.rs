//! Adding a device by its code, as a phone does it.

use std::time::Duration;

use serde_json::Value;

use crate::{MatterDevice, Network, TestHome, in_own_network, subscription::Subscription};

impl TestHome {
    /// Begins to add what a code stands for, and follows it.
    pub async fn begin_adding(&self, code: &str) -> Adding {
        let begun = self.mutate(&format!("mutation {{ add(code: \"{code}\") {{ id }} }}")).await;
        let id = begun["add"]["id"].as_str().expect("an onboarding has an id").to_owned();
        let steps = format!(
            "subscription {{ onboarding(id: \"{id}\") {{ step asks {{ name label kind choices }} done failed }} }}"
        );
        Adding { steps: self.owner.subscribe(&steps).await, id }
    }

    /// Adds the device of a code, and gives its id.
    pub async fn add(&self, code: &str) -> String {
        let mut adding = self.begin_adding(code).await;
        adding.end().await.unwrap_or_else(|why| panic!("{code} is not added: {why}; {:#?}", adding.steps.seen))
    }

    /// Tries to add the device of a code, and gives why it can't be.
    pub async fn add_in_vain(&self, code: &str) -> String {
        self.begin_adding(code).await.end().await.expect_err("the device should not be added")
    }
}

/// A Matter device of a kind, added to a hub, both in a network of their own.
///
/// # Panics
/// When the test fails.
pub fn with_matter(kind: &str, test: impl AsyncFnOnce(TestHome, MatterDevice, String)) {
    with_matter_in(Network::Loopback, kind, test);
}

/// The same in a network of this kind.
///
/// # Panics
/// When the test fails.
pub fn with_matter_in(network: Network, kind: &str, test: impl AsyncFnOnce(TestHome, MatterDevice, String)) {
    in_own_network(network, async {
        let device = MatterDevice::start(kind, 5540, &[]).await;
        let home = TestHome::plan().matter().start().await;
        let id = home.add(&device.manual).await;
        test(home, device, id).await;
    });
}

/// A device that is being added.
#[derive(Debug)]
pub struct Adding {
    /// What it tells.
    pub steps: Subscription,
    id: String,
}

impl Adding {
    /// Waits for its end: the device's id, or why it could not be added.
    pub async fn end(&mut self) -> Result<String, String> {
        self.steps.wait_for("end of adding", ended).await
    }

    /// The same where the device holds it back.
    pub async fn end_within(&mut self, patience: Duration) -> Result<String, String> {
        match self.steps.seen.iter().find_map(ended) {
            Some(ended) => ended,
            None => self.steps.wait_for_within(patience, "end of adding", ended).await,
        }
    }

    /// Waits for a step whose text holds `words`.
    pub async fn step(&mut self, words: &str) {
        let is_it = |told: &Value| told["step"].as_str().is_some_and(|step| step.contains(words)).then_some(());
        self.steps.wait_for(&format!("step \"{words}\""), is_it).await;
    }

    /// Waits for a question.
    pub async fn question(&mut self) -> Value {
        self.steps.wait_for("question", |told| told["asks"].as_array().and_then(|asks| asks.first().cloned())).await
    }

    /// Answers a question.
    pub async fn answer(&self, home: &TestHome, name: &str, value: &str) {
        let id = &self.id;
        home.mutate(&format!(
            "mutation {{ answer(id: \"{id}\", answers: [{{ name: \"{name}\", value: \"{value}\" }}]) }}"
        ))
        .await;
    }
}

fn ended(told: &Value) -> Option<Result<String, String>> {
    let text = |field: &str| told[field].as_str().map(str::to_owned);
    text("done").map(Ok).or_else(|| text("failed").map(Err))
}
