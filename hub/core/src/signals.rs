//! What rules were told that no device tells, kept so that other rules can be tried on it later.

use hub_model::{Cause, Role, Signal};
use hub_store::Entry;
use jiff::Timestamp;

use crate::session::Session;

impl Session {
    /// The longest signal that is kept, as JSON and in bytes; a longer one is forgotten.
    pub const LONGEST_SIGNAL: usize = 8 << 10;

    /// Keeps a signal as long as history. Only an owner's session, such as that of the rules themselves, keeps any.
    pub fn keep_signal(&self, signal: &Signal, cause: Cause, at: Timestamp) {
        let length = serde_json::to_string(signal).map_or(usize::MAX, |json| json.len());
        if self.principal().role == Role::Owner && length <= Self::LONGEST_SIGNAL {
            self.shared.store.journal(vec![Entry::Told { signal: signal.clone(), at, cause }]);
        }
    }
}
