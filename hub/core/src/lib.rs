//! The one owner of state: it applies reports, finds out causes, carries commands, and shows everyone the same home.
//!
//! One task owns the [`Home`](hub_model::Home); there are no locks around it. What adapters say comes in as reports,
//! what sessions want as requests; out go snapshots, events and journal entries. The decisions are plain functions of
//! values (`apply`, `check`, `pending`, `edit`); the task only strings them together.
//!
//! A [`Session`] is the only way in for the API, rules and voice, and applies its principal's rights.

mod accounts;
mod amend;
pub mod apply;
mod care;
mod check;
mod dispatch;
mod edit;
pub mod expect;
mod feed;
#[cfg(test)]
mod fixture;
mod given;
mod hub;
mod inbox;
mod kept;
mod messages;
mod notices;
mod onboarding;
mod past;
pub mod pending;
mod recall;
mod record;
mod registrar;
mod runs;
mod scene;
mod session;
mod signals;
mod speech;
pub mod state;
mod stats;
mod supervisor;
mod task;
mod vault;
mod version;
mod view;
mod watch;
mod why;
mod words;

pub use accounts::AccountError;
pub use adapter_api::{
    Answers, Ask, AskKind, Candidate, CareError, Ecosystem, Finding, Follow, Followed, Heard, Invitation,
    MessagingError, Secret, Uplink, Window,
};
pub use care::LookAfterError;
pub use check::{Control, ControlError};
pub use edit::{Edit, EditError, Edited};
pub use expect::shown_by;
pub use hub::Hub;
pub use hub_store::{Account, Logged, Point, ReadError, Recorded, RecordedWhat, ReplayQuery, RunQuery};
pub use inbox::Inbox;
pub use messages::MessageError;
pub use onboarding::{AddError, NearBy, OnboardingWatch, Progress};
pub use past::{Gap, Past};
pub use record::describe;
pub use runs::Pace;
pub use scene::{CaptureError, SceneRun, StepRan, UndoError};
pub use session::{Ended, HistoryAsk, HistoryError, Session};
pub use speech::{SpeakError, Speaker, Utterance};
pub use stats::Stats;
pub use supervisor::Carried;
pub use version::VersionError;
pub use view::View;
pub use watch::{Moment, Watch};
pub use why::{Because, Link, WhyError};
