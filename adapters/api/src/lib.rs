//! What an adapter is, and all that it may touch.
//!
//! An adapter carries devices of one protocol. It is a task with a [`Context`]: through it the adapter reports what is,
//! is handed orders, keeps a few bytes, reads its secrets and offers candidates. It never compares, stores or decides,
//! and it knows nothing of the hub beyond this crate. Whoever writes one reads this crate and `hub-model`.

mod adapter;
mod care;
mod context;
pub mod harness;
pub mod messaging;
mod onboarding;
mod order;
pub mod queue;
mod settings;

pub use adapter::{Adapter, AdapterError, AdapterKind};
pub use care::{CareError, Ecosystem, Finding, Invitation};
pub use context::{Context, FromAdapter, Secret, SecretError, Vault};
pub use messaging::{Follow, Followed, Followers, Heard, Messaging, MessagingError, Uplink, Window};
pub use onboarding::{Answers, Ask, AskKind, Candidate, Onboarding, OnboardingError, Step};
pub use order::{Delivery, Order};
pub use settings::{Field, FieldKind, Settings, SettingsError};
