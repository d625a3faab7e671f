//! What a run of a rule or a scene leaves behind: what began it, what it saw, what it did, and how it ended.

mod trigger;

use std::{fmt, str::FromStr, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use self::trigger::{Prompt, Prompted, Trigger};
use crate::{Cause, CommandId, CommandKey, GroupId, Outcome, Path, Property, RuleId, RunId, SceneId, Target, Value};

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOf {
    /// A rule.
    Rule(RuleId),
    /// A scene.
    Scene(SceneId),
    /// A group that was controlled as one.
    Group(GroupId),
}

/// A run, or a trigger of a rule that came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Ours.
    pub id: RunId,
    /// What was run.
    pub of: RunOf,
    /// Its name then, for people.
    pub name: String,
    /// The caller's mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CommandKey>,
    /// The run that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<RunId>,
    /// When it began.
    pub began: Timestamp,
    /// Who began it, and what it came from.
    pub cause: Cause,
    /// What triggered a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// The rule's condition, with what it saw; `None` where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Part>,
    /// What it did, in order; at most [`RunOf::most_steps`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<RunStep>,
    /// How many further steps are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_steps: u32,
    /// From what triggered it to its first command, where it did not wait in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Duration>,
    /// How it ended; `None` while it runs, and for good where the hub ended before it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<RunEnd>,
    /// When it ended, with all of its commands; of several alike that came to nothing, when the last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// How often the same came to nothing in a row; 1 for a run.
    #[serde(default = "once", skip_serializing_if = "is_one")]
    pub times: u32,
}

/// A part of a condition, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// In words: `hall-lamp/on_off.on is true`.
    pub text: String,
    /// Whether it held.
    pub holds: bool,
    /// What it looked at; at most [`Part::MOST_SEEN`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saw: Vec<Seen>,
    /// What it consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// Something that a condition looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The property; `None` for what is none, such as the time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Path>,
    /// What it was.
    pub value: Value,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunStep {
    /// When it began.
    pub at: Timestamp,
    /// How long it took until its outcome was known; `None` while it isn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took: Option<Duration>,
    /// What was done.
    pub what: Taken,
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Gave a command, again where the device stayed silent.
    Command(Given),
    /// Ran a scene.
    Scene {
        /// Which one.
        scene: SceneId,
        /// The run.
        run: RunId,
        /// How it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    /// Looked whether something holds, and went one way or the other, or no longer waited.
    Looked(Part),
    /// Waited for a span.
    Waited(Duration),
    /// Anything else, in words.
    Did(String),
}

/// A command of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// For whom.
    pub target: Target,
    /// What was asked, in words and without secrets.
    pub text: String,
    /// The properties that were set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<(Property, Value)>,
    /// What can be set of the endpoint, as it was before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<(Property, Value)>,
    /// The latest command; `None` until its outcome is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommandId>,
    /// How often it was sent.
    #[serde(default = "once", skip_serializing_if = "is_one")]
    pub tries: u32,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why, where that isn't plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// It came to its last step, or stopped itself.
    Finished,
    /// A newer run took its place, as its mode is restart.
    Restarted,
    /// Its rule was changed, disabled or removed.
    RuleChanged,
    /// Its rule was paused for running in a circle.
    Paused,
    /// It stopped itself.
    Stopped,
    /// Something that it must not fail in failed.
    Failed,
    /// It went round a loop far too often.
    TooLong,
    /// It never began.
    Skipped(SkipReason),
}

/// Why a triggered rule did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It is disabled.
    Disabled,
    /// It is outside of its active time.
    Inactive,
    /// Its condition did not hold.
    Condition,
    /// It runs already, and is to run once at a time.
    Running,
    /// As many runs as it may have run or wait already.
    Full,
    /// It was set off by a chain of rules and scenes that is too long.
    TooDeep,
    /// It is paused, for it ran in a circle.
    Paused,
}

/// What a rule engine says of its runs while they go on.
#[derive(Debug, Clone, PartialEq)]
pub enum Trace {
    /// A run began, or came to nothing.
    Began(Box<RunRecord>),
    /// It took a step that is no command, or began to wait in one.
    Step(RunId, RunStep),
    /// The step that it waited in is over; of one that looked at something, with what was there in the end.
    Over(RunId, Timestamp, Option<Part>),
    /// It ended; its commands may still be under way.
    Ended(RunId, RunEnd),
}

const fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
const fn is_one(times: &u32) -> bool {
    *times == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl RunRecord {
    /// A run that begins now and has done nothing yet.
    pub const fn new(id: RunId, of: RunOf, name: String, began: Timestamp, cause: Cause) -> Self {
        Self {
            id,
            of,
            name,
            key: None,
            undoes: None,
            began,
            cause,
            trigger: None,
            condition: None,
            steps: Vec::new(),
            more_steps: 0,
            latency: None,
            end: None,
            ended: None,
            times: 1,
        }
    }

    /// Why it did not run, where it did not.
    pub const fn skipped(&self) -> Option<SkipReason> {
        match self.end {
            Some(RunEnd::Skipped(why)) => Some(why),
            _ => None,
        }
    }

    /// The runs of the scenes that it ran.
    pub fn scenes(&self) -> impl Iterator<Item = RunId> {
        self.steps.iter().filter_map(|step| match step.what {
            Taken::Scene { run, .. } => Some(run),
            _ => None,
        })
    }

    /// The commands that it gave itself; those of its scenes are with their runs.
    pub fn commands(&self) -> impl Iterator<Item = (&RunStep, &Given)> {
        self.steps.iter().filter_map(|step| match &step.what {
            Taken::Command(given) => Some((step, given)),
            _ => None,
        })
    }
}

impl Part {
    /// How many values a part keeps of what it saw.
    pub const MOST_SEEN: usize = 20;

    /// Only whether it held, and no words.
    pub const fn unsaid(holds: bool) -> Self {
        Self { text: String::new(), holds, saw: Vec::new(), parts: Vec::new() }
    }

    /// The innermost part that decided that this one does not hold; itself where it consists of nothing.
    pub fn culprit(&self) -> &Self {
        self.parts.iter().find(|part| !part.holds).map_or(self, Self::culprit)
    }
}

impl RunOf {
    /// How many steps of a rule's run are kept; one that repeats itself may take far more.
    pub const STEPS_OF_RULE: usize = 100;
    /// How many steps a scene may have.
    pub const STEPS_OF_SCENE: usize = 1000;

    /// How many steps of a run are kept.
    pub const fn most_steps(&self) -> usize {
        if matches!(self, Self::Rule(_)) { Self::STEPS_OF_RULE } else { Self::STEPS_OF_SCENE }
    }

    /// A word for the kind of thing.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rule(_) => "rule",
            Self::Scene(_) => "scene",
            Self::Group(_) => "group",
        }
    }

    /// Its id, as text.
    pub fn id(&self) -> SmolStr {
        match self {
            Self::Rule(id) => id.0.clone(),
            Self::Scene(id) => smol_str::format_smolstr!("{id}"),
            Self::Group(id) => smol_str::format_smolstr!("{id}"),
        }
    }
}

impl SkipReason {
    /// Why, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Disabled => "It is disabled.",
            Self::Inactive => "It is outside of its active time.",
            Self::Condition => "Its condition did not hold.",
            Self::Running => "It runs already, and its mode is single.",
            Self::Full => "It has as many runs as it may have.",
            Self::TooDeep => "The chain of rules that led to it is too long.",
            Self::Paused => "It is paused, for it ran in a circle.",
        }
    }
}

impl RunEnd {
    /// How, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Finished => "It came to its end.",
            Self::Restarted => "A newer run took its place.",
            Self::RuleChanged => "Its rule was changed, disabled or removed.",
            Self::Paused => "Its rule was paused, for it ran in a circle.",
            Self::Stopped => "It stopped itself.",
            Self::Failed => "Something failed that it can't go on without.",
            Self::TooLong => "It went round a loop far too often.",
            Self::Skipped(why) => why.sentence(),
        }
    }
}

/// A text that names nothing that can be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no rule, scene or group")]
pub struct NotARunOf(pub String);

impl FromStr for RunOf {
    type Err = NotARunOf;
    fn from_str(text: &str) -> Result<Self, NotARunOf> {
        let none = || NotARunOf(text.chars().take(60).collect());
        let (kind, id) = text.split_once(' ').ok_or_else(none)?;
        match kind {
            "rule" => Ok(Self::Rule(RuleId(id.into()))),
            "scene" => id.parse().map(Self::Scene).map_err(|_| none()),
            "group" => id.parse().map(Self::Group).map_err(|_| none()),
            _ => Err(none()),
        }
    }
}

/// `rule hall-light`.
impl fmt::Display for RunOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.id())
    }
}

impl RunStep {
    /// Whether the run waits in it.
    pub const fn is_waiting(&self) -> bool {
        self.took.is_none() && !self.what.has_outcome()
    }
}

impl Taken {
    /// Whether it is a command.
    pub const fn is_command(&self) -> bool {
        matches!(self, Self::Command(_))
    }

    /// Whether it is done by somebody else, whose outcome comes while the run goes on.
    pub const fn has_outcome(&self) -> bool {
        matches!(self, Self::Command(_) | Self::Scene { .. })
    }
}
