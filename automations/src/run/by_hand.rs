//! Running a rule by hand.

use hub_model::{Cause, RuleId, Signal};

use super::Automations;
use crate::NoSuchRule;

/// Why a rule can't be run by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ByHandError {
    /// There is none of that id.
    #[error(transparent)]
    NoSuchRule(#[from] NoSuchRule),
    /// It has mistakes.
    #[error("the rule `{0}` has a mistake: {1}")]
    Problem(RuleId, String),
    /// It is disabled.
    #[error("the rule `{0}` is disabled; enable it first")]
    Disabled(RuleId),
    /// The rules are being stopped.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

impl Automations {
    /// Runs a rule by hand, whatever triggers it; its condition has to hold all the same, and its mode counts. It returns
    /// when the rules were told; the run's record says what became of it.
    ///
    /// # Errors
    /// When there is no such rule, or it does not act.
    pub async fn run_by_hand(&self, id: &RuleId, cause: Cause) -> Result<(), ByHandError> {
        let rules = self.rules();
        let Some(rule) = rules.iter().find(|rule| rule.id == *id) else {
            return Err(NoSuchRule::among(id, rules.iter().map(|rule| &rule.id)).into());
        };
        if let Some(problem) = &rule.problem {
            return Err(ByHandError::Problem(id.clone(), problem.to_string()));
        }
        if !rule.enabled {
            return Err(ByHandError::Disabled(id.clone()));
        }
        self.tell(Signal::ByHand(id.clone()), cause).await.map_err(|()| ByHandError::Stopped)
    }
}
