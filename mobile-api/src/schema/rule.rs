//! Rules: what they are called and whether they act. Their text is a file, and no business of this API yet.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_model::Role;

use crate::{asker::Asker, sight};

/// A rule.
#[derive(Debug, SimpleObject)]
pub(crate) struct Rule {
    /// The `id` of its file, or else its name as a slug.
    id: ID,
    /// For people.
    name: String,
    /// Whether it acts.
    enabled: bool,
}

/// Reading rules.
#[derive(Debug, Default)]
pub(crate) struct RuleQuery;

/// Changing rules.
#[derive(Debug, Default)]
pub(crate) struct RuleMutation;

#[Object]
impl RuleQuery {
    /// The rules of the home. A guest sees none.
    async fn rules(&self, context: &Context<'_>) -> Vec<Rule> {
        let asker = Asker::of(context);
        if !sight::sees_all(asker.view()) {
            return Vec::new();
        }
        asker.rules.list()
    }
}

#[Object]
impl RuleMutation {
    /// Lets a rule act, or not. For admins.
    async fn set_rule_enabled(&self, context: &Context<'_>, id: ID, enabled: bool) -> Result<Rule, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let none = format!("there is no rule `{}` ({enabled})", id.as_str());
        Err(Error::new(none))
    }
}
