//! What is said where somebody means a rule that is not there.

use hub_model::{
    RuleId,
    suggest::{did_you_mean, nearest},
};

/// There is no rule of that id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{id}`{}", did_you_mean(&.id.0, .nearest.iter().map(|nearest| nearest.0.as_str())))]
pub struct NoSuchRule {
    /// The id that no rule has.
    pub id: RuleId,
    /// The one that was meant, as far as that can be told.
    pub nearest: Option<RuleId>,
}

impl NoSuchRule {
    /// The rule is not among these.
    pub fn among<'a>(id: &RuleId, rules: impl IntoIterator<Item = &'a RuleId>) -> Self {
        let found = nearest(&id.0, rules.into_iter().map(|rule| rule.0.as_str()));
        Self { id: id.clone(), nearest: found.map(|nearest| RuleId(nearest.into())) }
    }
}
