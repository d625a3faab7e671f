//! What rules and phones see: events, in one gapless order, each with its cause.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    AccountId, CommandId, DeviceId, EndpointId, Notice, Occurrence, Outcome, Path, RuleId, RunId, SceneId, Value,
};

/// A place in the stream of events, written `epoch:seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cursor {
    /// Grows at every start of the hub. A cursor of another epoch can't be resumed from; it gets a snapshot.
    pub epoch: u64,
    /// Gapless within an epoch.
    pub seq: u64,
}

/// Something that happened in the home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the stream.
    pub cursor: Cursor,
    /// When it happened, by the clock of whoever noticed it.
    pub at: Timestamp,
    /// Who began it.
    pub cause: Cause,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A property has another value.
    Changed {
        /// Which one.
        path: Path,
        /// What it was.
        old: Value,
        /// What it is.
        new: Value,
    },
    /// Something happened and is over.
    Occurred {
        /// Where.
        device: DeviceId,
        /// On which endpoint.
        endpoint: EndpointId,
        /// What.
        occurrence: Occurrence,
    },
    /// A device can be reached, or no longer.
    Reachable {
        /// Which one.
        device: DeviceId,
        /// Whether it can.
        reachable: bool,
    },
    /// A device was added, described anew, renamed, moved or removed: read it again.
    Device(DeviceId),
    /// Rooms, floors, groups, scenes, people or settings changed: read them again.
    Home,
    /// Rules were loaded anew.
    Rules,
    /// A command came to its end.
    Command {
        /// Which one.
        id: CommandId,
        /// For which device.
        device: DeviceId,
        /// How it ended.
        outcome: Outcome,
    },
    /// A scene was run.
    Scene {
        /// Which one.
        scene: SceneId,
        /// The run.
        run: RunId,
    },
    /// The hub has something to say to people.
    Notice(Notice),
}

/// Who began something, and how it came from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Who.
    pub actor: Actor,
    /// The event, command or run that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Source>,
    /// How many rules and scenes it went through; cut at [`Cause::DEEPEST`].
    #[serde(default)]
    pub depth: u8,
}

/// Who can begin something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The device itself: a hand on its button, the weather.
    Device(DeviceId),
    /// Somebody, by the app or the command line.
    Person {
        /// Their account.
        account: AccountId,
        /// Their name then.
        name: SmolStr,
    },
    /// Somebody's voice; their name where it is known.
    Voice(Option<SmolStr>),
    /// A rule.
    Rule(RuleId),
    /// A scene that was run.
    Scene(SceneId),
    /// Another program, by what it is called.
    Program(SmolStr),
    /// The hub itself, at start-up or by a timer.
    Hub,
}

/// What something came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An event.
    Event(Cursor),
    /// A command.
    Command(CommandId),
    /// A run of a rule or a scene.
    Run(RunId),
}

impl Cause {
    /// Chains of causes are cut here, so that rules can't chase each other for ever.
    pub const DEEPEST: u8 = 8;

    /// A cause that came from nothing before it.
    pub const fn root(actor: Actor) -> Self {
        Self { actor, from: None, depth: 0 }
    }

    /// What `actor` does because of something that had this cause.
    pub const fn then(&self, actor: Actor, from: Source) -> Self {
        Self { actor, from: Some(from), depth: self.depth.saturating_add(1) }
    }

    /// Whether the chain is too long to go on.
    pub const fn is_too_deep(&self) -> bool {
        self.depth > Self::DEEPEST
    }
}

impl Cursor {
    /// The place after this one.
    pub const fn next(self) -> Self {
        Self { epoch: self.epoch, seq: self.seq + 1 }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.seq)
    }
}

/// A text that is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cursor such as 3:120")]
pub struct NotACursor(pub String);

impl FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let parts = text.split_once(':').and_then(|(epoch, seq)| Some((epoch.parse().ok()?, seq.parse().ok()?)));
        let (epoch, seq) = parts.ok_or_else(|| NotACursor(text.chars().take(60).collect()))?;
        Ok(Self { epoch, seq })
    }
}

impl Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
