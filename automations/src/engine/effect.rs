//! What the engine wants done.

use hub_model::{Cause, Notice, RuleId, RunId, SceneId};

use crate::plan::Order;

/// Something to do, or to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a command.
    Control {
        /// The rule that wants it.
        rule: RuleId,
        /// The run of it.
        run: RunId,
        /// What is asked of whom.
        order: Order,
        /// The rule, and what it came from.
        cause: Cause,
    },
    /// Run a scene.
    Scene {
        /// The rule that wants it.
        rule: RuleId,
        /// The run of it.
        run: RunId,
        /// Which scene.
        scene: SceneId,
        /// The rule, and what it came from.
        cause: Cause,
    },
    /// Tell people something.
    Notify {
        /// What.
        notice: Notice,
        /// Who says it.
        cause: Cause,
    },
    /// A rule was triggered and did not run, though its condition held.
    Dropped {
        /// Which rule.
        rule: RuleId,
        /// Why.
        why: Dropped,
    },
}

/// Why a triggered rule did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// It runs already, and is to run once at a time.
    Running,
    /// As many runs as it may have run or wait already.
    Full,
    /// It was set off by a chain of rules and scenes that is too long.
    TooDeep,
    /// It is paused, for it ran in a circle.
    Paused,
}

impl Dropped {
    /// Why, as a sentence for logs.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Running => "It runs already, and its mode is single.",
            Self::Full => "It has as many runs as it may have.",
            Self::TooDeep => "The chain of rules that led to it is too long.",
            Self::Paused => "It is paused, for it ran in a circle.",
        }
    }
}
