//! What the engine wants done.

use hub_model::{Cause, Message, Notice, RoomId, RuleId, RunId, SceneId, Trace};

use crate::{plan::Call, plan::Order};

/// Something to do, or to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a command.
    Control {
        /// Who wants it.
        by: By,
        /// What is asked of whom.
        order: Order,
    },
    /// Run a scene.
    Scene {
        /// Who wants it.
        by: By,
        /// Which scene.
        scene: SceneId,
    },
    /// Tell people something.
    Notify {
        /// Who wants it; the engine itself without it.
        by: Option<By>,
        /// What.
        notice: Notice,
        /// Who says it.
        cause: Cause,
    },
    /// Publish a message.
    Publish {
        /// Who wants it.
        by: By,
        /// What.
        message: Message,
    },
    /// Say something aloud.
    Speak {
        /// Who wants it.
        by: By,
        /// In which room; everywhere without it.
        room: Option<RoomId>,
        /// What.
        text: String,
    },
    /// Call a server.
    Call {
        /// Who wants it.
        by: By,
        /// Which, and how.
        call: Call,
        /// What is sent.
        body: Option<String>,
    },
    /// Let a rule act, or not.
    Enable {
        /// Who wants it.
        by: By,
        /// Which rule.
        rule: RuleId,
        /// Whether it acts.
        enabled: bool,
    },
    /// What is to be remembered of a run.
    Trace(Trace),
}

/// Who wants something done.
#[derive(Debug, Clone, PartialEq)]
pub struct By {
    /// The rule.
    pub rule: RuleId,
    /// The run of it.
    pub run: RunId,
    /// The rule and its run, and who began that.
    pub cause: Cause,
    /// What to name in [`Input::Outcome`](super::Input::Outcome), where the run waits for the outcome.
    pub deed: Option<Deed>,
}

/// Something that a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deed(pub u64);
