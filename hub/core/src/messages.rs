//! Messages by topic, from the adapter that carries them to whoever may use them.

use adapter_api::{Followed, MessagingError, Uplink, Window};
use hub_model::{Message, Role};

use crate::session::Session;

/// Why messages can't be had or sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The principal is no admin; what other programs listen to is beyond any device of theirs.
    #[error("messages by topic are for the owner, admins and rules")]
    NotAllowed,
    /// No adapter has a broker.
    #[error("there is no broker: `broker` below [mqtt] in the settings names one")]
    NoBroker,
    /// The broker didn't take it.
    #[error(transparent)]
    Broker(#[from] MessagingError),
}

impl Session {
    /// Publishes a message. It returns when the broker's connection has taken it.
    pub async fn publish(&self, message: Message) -> Result<(), MessageError> {
        Ok(self.messaging()?.publish(message).await?)
    }

    /// Begins to follow messages; [`Followed::turn_to`] says which.
    pub fn follow(&self) -> Result<Followed, MessageError> {
        Ok(self.messaging()?.followers().follow())
    }

    /// Whether the broker can be reached.
    pub fn link(&self) -> Result<Uplink, MessageError> {
        Ok(self.messaging()?.followers().link())
    }

    /// Where the owner wants the home's devices to be shown to other programs, if he does.
    pub fn window(&self) -> Result<Option<Window>, MessageError> {
        Ok(self.messaging()?.window())
    }

    fn messaging(&self) -> Result<&dyn adapter_api::Messaging, MessageError> {
        if self.principal.role < Role::Admin {
            return Err(MessageError::NotAllowed);
        }
        self.shared.messaging.as_deref().ok_or(MessageError::NoBroker)
    }
}
