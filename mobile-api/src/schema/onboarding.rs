//! Steps of adding a device.

use async_graphql::{Enum, ID, SimpleObject};

/// How far adding a device has come; one field is there, the others are null.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct Progress {
    /// What is being done now.
    step: Option<String>,
    /// What the person is asked; `answer` goes on.
    asks: Option<Vec<Ask>>,
    /// The id of the device that was added.
    done: Option<ID>,
    /// Why it could not be added.
    failed: Option<String>,
}

/// A field that a person fills in, or a thing that they do.
#[derive(Debug, SimpleObject)]
struct Ask {
    /// The answer's name.
    name: String,
    /// What to show above the field.
    label: String,
    /// What is wanted.
    kind: AskKind,
    /// The words to choose from.
    choices: Option<Vec<String>>,
}

/// What kind of answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum AskKind {
    /// Any text.
    Text,
    /// Digits, not shown while typing.
    Pin,
    /// A key or password, not shown while typing.
    Secret,
    /// One of `choices`.
    Choice,
    /// Nothing to type: do what the label says, then answer with an empty text.
    Confirm,
}

impl From<hub_core::Progress> for Progress {
    fn from(progress: hub_core::Progress) -> Self {
        match progress {
            hub_core::Progress::Step(step) => Self { step: Some(step), ..Self::default() },
            hub_core::Progress::Asks(asks) => {
                Self { asks: Some(asks.into_iter().map(Ask::from).collect()), ..Self::default() }
            }
            hub_core::Progress::Done(device) => Self { done: Some(device.into()), ..Self::default() },
            hub_core::Progress::Failed(why) => Self { failed: Some(why), ..Self::default() },
        }
    }
}

impl From<hub_core::Ask> for Ask {
    fn from(ask: hub_core::Ask) -> Self {
        let (kind, choices) = match ask.kind {
            hub_core::AskKind::Text => (AskKind::Text, None),
            hub_core::AskKind::Pin => (AskKind::Pin, None),
            hub_core::AskKind::Secret => (AskKind::Secret, None),
            hub_core::AskKind::Confirm => (AskKind::Confirm, None),
            hub_core::AskKind::Choice(words) => {
                (AskKind::Choice, Some(words.iter().map(ToString::to_string).collect()))
            }
        };
        Self { name: ask.name.to_string(), label: ask.label, kind, choices }
    }
}
