//! Speaking aloud: the seam between whoever wants something said and whoever has a loudspeaker.

use std::sync::{Arc, PoisonError, RwLock};

use futures_util::future::BoxFuture;
use hub_model::{Role, RoomId};

use crate::{hub::Hub, session::Session};

/// Somebody who can speak, in some rooms or in all.
pub trait Speaker: Send + Sync + 'static {
    /// Says something, and is done when it was heard. The text of an error is for people.
    fn speak(&self, utterance: Utterance) -> BoxFuture<'static, Result<(), String>>;
}

/// Something to be said aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// In which room; everywhere without it.
    pub room: Option<RoomId>,
    /// What.
    pub text: String,
    /// In which language (`de`).
    pub language: String,
}

/// Why something was not said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeakError {
    /// The hub has no voice.
    #[error("nobody here can speak: the hub has no voice")]
    NoSpeaker,
    /// The principal's role does not allow it.
    #[error("a guest may not have things said aloud")]
    NotAllowed,
    /// The speaker could not.
    #[error("{0}")]
    Failed(String),
}

/// The hub's voice, where it has one.
#[derive(Default)]
pub(crate) struct Voice(RwLock<Option<Arc<dyn Speaker>>>);

impl Voice {
    fn speaker(&self) -> Option<Arc<dyn Speaker>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Hub {
    /// Gives the hub a voice; the one before it falls silent.
    pub fn give_voice(&self, speaker: Arc<dyn Speaker>) {
        *self.voice().0.write().unwrap_or_else(PoisonError::into_inner) = Some(speaker);
    }
}

impl Session {
    /// Says something aloud, and returns when it was said. Dropping the future may leave it said or not.
    pub async fn speak(&self, room: Option<RoomId>, text: String) -> Result<(), SpeakError> {
        if self.principal().role < Role::Member {
            return Err(SpeakError::NotAllowed);
        }
        let speaker = self.shared.voice.speaker().ok_or(SpeakError::NoSpeaker)?;
        let language = self.view().home.settings.language.to_string();
        speaker.speak(Utterance { room, text, language }).await.map_err(SpeakError::Failed)
    }
}
