//! Which commands were given lately, by their callers' marks: sent again, a command acts once.

use std::collections::{HashMap, VecDeque};

use hub_model::{CommandId, CommandKey, DeviceId, Outcome};
use jiff::Timestamp;

/// A command that was given before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCommand {
    /// Which one.
    pub id: CommandId,
    /// For which device.
    pub device: DeviceId,
    /// How it ended.
    pub outcome: Outcome,
    /// When it ended.
    pub at: Timestamp,
}

/// The latest marks. They are held in memory, as every command with a mark asks for it first.
#[derive(Debug, Default)]
pub(crate) struct KnownCommands {
    by_key: HashMap<CommandKey, KnownCommand>,
    oldest_first: VecDeque<CommandKey>,
}

impl KnownCommands {
    /// How many are kept; the oldest go. More than 18 keyed commands a second, for an hour.
    pub(crate) const MOST: usize = 65_536;

    pub(crate) fn insert(&mut self, key: CommandKey, command: KnownCommand) {
        if self.by_key.insert(key.clone(), command).is_none() {
            self.oldest_first.push_back(key);
        }
        while self.oldest_first.len() > Self::MOST {
            let oldest = self.oldest_first.pop_front();
            oldest.and_then(|key| self.by_key.remove(&key));
        }
    }

    pub(crate) fn get(&self, key: &CommandKey) -> Option<KnownCommand> {
        self.by_key.get(key).copied()
    }
}

/// The outcome of that word.
pub(crate) fn outcome_of(word: &str) -> Option<Outcome> {
    serde_json::from_value(word.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_marks_go_first() {
        let mut known = KnownCommands::default();
        let command = KnownCommand {
            id: CommandId::named("c"),
            device: DeviceId::named("d"),
            outcome: Outcome::Done,
            at: Timestamp::UNIX_EPOCH,
        };
        let key = |number: usize| CommandKey(number.to_string().into());
        (0..=KnownCommands::MOST).for_each(|number| known.insert(key(number), command));
        assert_eq!(known.get(&key(0)), None);
        assert_eq!(known.get(&key(1)), Some(command));
        assert_eq!(outcome_of(Outcome::TimedOut.word()), Some(Outcome::TimedOut));
    }
}
