//! Adding a device: one flow for every adapter. Candidates, steps, questions.

use std::collections::BTreeMap;

use hub_model::{DeviceKey, EndpointKind};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tokio::sync::mpsc;

/// Something nearby that could be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The adapter's key for it, unique within the adapter.
    pub key: DeviceKey,
    /// What to call it.
    pub name: String,
    /// What it seems to be.
    pub kind: EndpointKind,
    /// Its maker, where it says so.
    pub vendor: Option<SmolStr>,
    /// Its model, where it says so.
    pub model: Option<SmolStr>,
}

/// A field that a person fills in, or a thing that they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The answer's name.
    pub name: SmolStr,
    /// What to show above the field.
    pub label: String,
    /// What is wanted.
    pub kind: AskKind,
}

/// What kind of answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// Any text.
    Text,
    /// Digits, not shown while typing.
    Pin,
    /// A key or password, not shown while typing.
    Secret,
    /// One of these.
    Choice(Vec<SmolStr>),
    /// Nothing to type: do what the label says, then confirm.
    Confirm,
}

/// How far an onboarding has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// What is being done now, in a few words.
    Doing(String),
    /// What the person is asked.
    Asking(Vec<Ask>),
}

/// Answers by the names of what was asked.
pub type Answers = BTreeMap<SmolStr, String>;

/// One onboarding under way, from the adapter's side.
#[derive(Debug)]
pub struct Onboarding {
    /// The candidate that was chosen, if one was.
    pub candidate: Option<DeviceKey>,
    /// The code that was given, if one was: a setup code, a QR code's text, an address.
    pub code: Option<String>,
    steps: mpsc::Sender<Step>,
    answers: mpsc::Receiver<Answers>,
}

/// Why a device could not be added. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OnboardingError {
    /// This adapter adds its devices by itself.
    #[error("this adapter adds its devices by itself")]
    Unsupported,
    /// There is no such candidate any more.
    #[error("it is no longer there: bring it nearer, or switch it on, and look again")]
    Vanished,
    /// The code or an answer is wrong.
    #[error("{0}")]
    Wrong(String),
    /// The device said no, or fell silent.
    #[error("{0}")]
    Failed(String),
    /// The person gave up.
    #[error("it was cancelled")]
    Cancelled,
}

impl Onboarding {
    /// How many steps may wait to be shown. When it is full, the adapter waits.
    pub const STEPS: usize = 16;

    /// An onboarding, with the channels of whoever shows it.
    pub fn new(
        candidate: Option<DeviceKey>,
        code: Option<String>,
        steps: mpsc::Sender<Step>,
        answers: mpsc::Receiver<Answers>,
    ) -> Self {
        Self { candidate, code, steps, answers }
    }

    /// Says what is being done now.
    pub async fn doing(&self, what: impl Into<String>) -> Result<(), OnboardingError> {
        self.steps.send(Step::Doing(what.into())).await.map_err(|_| OnboardingError::Cancelled)
    }

    /// Asks, and waits for the answers; every name that was asked is in them.
    pub async fn ask(&mut self, asks: Vec<Ask>) -> Result<Answers, OnboardingError> {
        let names: Vec<SmolStr> = asks.iter().map(|ask| ask.name.clone()).collect();
        self.steps.send(Step::Asking(asks)).await.map_err(|_| OnboardingError::Cancelled)?;
        let answers = self.answers.recv().await.ok_or(OnboardingError::Cancelled)?;
        match names.iter().find(|name| !answers.contains_key(*name)) {
            Some(missing) => Err(OnboardingError::Wrong(format!("`{missing}` was not answered"))),
            None => Ok(answers),
        }
    }
}
