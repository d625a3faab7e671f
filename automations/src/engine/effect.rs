//! What the engine wants done.

use hub_model::{Cause, Message, Notice, RuleId, RunId, SceneId, Trace};

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
        /// The rule and its run.
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
        /// The rule and its run.
        cause: Cause,
    },
    /// Tell people something.
    Notify {
        /// What.
        notice: Notice,
        /// Who says it.
        cause: Cause,
    },
    /// Publish a message.
    Publish {
        /// The rule that wants it.
        rule: RuleId,
        /// The run of it.
        run: RunId,
        /// What.
        message: Message,
    },
    /// What is to be remembered of a run.
    Trace(Trace),
}
