//! Commands that carry a caller's key, so that one that is sent again acts once. Pure.

use std::collections::{HashMap, VecDeque};

use hub_model::{CommandId, CommandKey, Outcome};
use tokio::sync::oneshot;

use crate::{check::ControlError, session::Ended};

/// How many keys are remembered; the oldest go first. An hour of one key a second.
const REMEMBERED: usize = 4096;

/// Who waits for a command's end.
pub type Reply = oneshot::Sender<Result<Ended, ControlError>>;

/// The keys of late.
#[derive(Debug, Default)]
pub struct Keys {
    known: HashMap<CommandKey, Known>,
    order: VecDeque<CommandKey>,
}

#[derive(Debug)]
enum Known {
    UnderWay(CommandId),
    Ended(Ended),
}

/// What is known of a key.
#[derive(Debug)]
pub enum Seen {
    /// Nothing: the command is new.
    New,
    /// The same command is under way; wait for its end.
    UnderWay(CommandId),
    /// It ended so.
    Ended(Ended),
}

impl Keys {
    /// What is known of a key.
    pub fn look_up(&self, key: &CommandKey) -> Seen {
        match self.known.get(key) {
            None => Seen::New,
            Some(Known::UnderWay(id)) => Seen::UnderWay(*id),
            Some(Known::Ended(ended)) => Seen::Ended(ended.clone()),
        }
    }

    /// Remembers a key whose command begins.
    pub fn begin(&mut self, key: CommandKey, id: CommandId) {
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.known.insert(key, Known::UnderWay(id));
    }

    /// Remembers how a key's command ended, here or before the last restart.
    pub fn end(&mut self, key: &CommandKey, id: CommandId, outcome: Outcome, reason: Option<String>) {
        if let Some(known) = self.known.get_mut(key) {
            *known = Known::Ended(Ended { id, outcome, reason });
        }
    }
}
