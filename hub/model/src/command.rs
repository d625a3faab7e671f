//! What devices are asked to do, and what became of it.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Action, Cause, CommandId, DeviceId, EndpointId, Property, Value};

/// The endpoint that a command is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// The device.
    pub device: DeviceId,
    /// Its endpoint.
    pub endpoint: EndpointId,
}

/// The caller's own mark on a command or scene run: sent again with the same key, it acts once. At most 128 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandKey(pub SmolStr);

/// A request to one endpoint, done as a whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// Ours.
    pub id: CommandId,
    /// The caller's mark.
    pub key: Option<CommandKey>,
    /// For whom.
    pub target: Target,
    /// The properties to set, sent as one.
    pub set: Vec<(Property, Value)>,
    /// The action to take.
    pub invoke: Option<Invoke>,
    /// How long the change shall take.
    pub transition: Option<Duration>,
    /// Who wants it.
    pub cause: Cause,
    /// How long the device may take to confirm it, from when the hub accepted it.
    pub deadline: Duration,
}

/// An action with its arguments.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoke {
    /// Which action.
    pub action: Action,
    /// What it is told, by parameter.
    #[serde(default)]
    pub arguments: BTreeMap<SmolStr, Value>,
}

impl Invoke {
    /// An action without arguments.
    pub fn plain(action: impl Into<Action>) -> Self {
        Self { action: action.into(), arguments: BTreeMap::new() }
    }

    /// Whether a parameter is a secret that must not be shown; a vendor's own parameters always are.
    pub fn is_secret(&self, parameter: &str) -> bool {
        self.action.known().is_none_or(|spec| {
            spec.parameters.iter().find(|known| known.name == parameter).is_none_or(|known| known.secret)
        })
    }
}

/// Secrets stay out of logs, whoever prints a command.
impl fmt::Debug for Invoke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.action.as_str());
        for (name, value) in &self.arguments {
            if self.is_secret(name) {
                shown.field(name, &"***")
            } else {
                shown.field(name, value)
            };
        }
        shown.finish()
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The device itself reports what was asked.
    Done,
    /// It was sent, and this device can't report.
    Assumed,
    /// It waits for a sleeper, which will take it when it wakes.
    Queued,
    /// The device can't be reached.
    Unreachable,
    /// The device didn't confirm it in time.
    TimedOut,
    /// A newer command for the same took its place.
    Superseded,
    /// The device, or the hub's rights, said no.
    Refused,
    /// A value is beyond what the device takes.
    OutOfRange,
    /// The device has no such property or action.
    Unsupported,
}

impl Outcome {
    /// Whether the device did it, will do it, or has to be believed to have done it.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Done | Self::Assumed | Self::Queued)
    }

    /// The word for it in the API (`TIMED_OUT`).
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "DONE",
            Self::Assumed => "ASSUMED",
            Self::Queued => "QUEUED",
            Self::Unreachable => "UNREACHABLE",
            Self::TimedOut => "TIMED_OUT",
            Self::Superseded => "SUPERSEDED",
            Self::Refused => "REFUSED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Unsupported => "UNSUPPORTED",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::lock;

    #[test]
    fn a_pin_never_shows() {
        let mut unlock = Invoke::plain(&lock::UNLOCK);
        unlock.arguments.insert("pin".into(), Value::text("1234"));
        assert_eq!(format!("{unlock:?}"), r#"lock.unlock { pin: "***" }"#);
    }
}
