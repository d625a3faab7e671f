//! Rules: what they are called, whether they act, and why they can't. Their text is a file, and no business of this API
//! yet.

use async_graphql::{ComplexObject, Context, Enum, Error, ID, Object, SimpleObject};
use automations::RuleSummary;
use hub_model::{Role, RuleId, RunOf};

use super::run::{self, Latency, Run};
use crate::{asker::Asker, scalar::DateTime, sight};

/// A rule.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
struct Rule {
    /// The `id` of its file, or else its name as a slug.
    id: ID,
    /// For people.
    name: String,
    /// Whether it acts.
    enabled: bool,
    /// What happens when it is triggered while it still runs.
    mode: Mode,
    /// The name of its file in the folder of rules.
    file: Option<String>,
    /// Why it can't run just now.
    problem: Option<Problem>,
}

#[ComplexObject]
impl Rule {
    /// Its runs, the newest first, also of earlier starts of the hub; and, with `skipped`, when it was triggered and did
    /// not run.
    #[graphql(complexity = "10 * child_complexity")]
    async fn runs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Those that ran, or those that came to nothing; both where it is left out.")] skipped: Option<
            bool,
        >,
        #[graphql(desc = "Only those that began before this.")] before: Option<DateTime>,
        #[graphql(desc = "How many at most, 1 to 1000.", default = 50)] limit: usize,
    ) -> Result<Vec<Run>, Error> {
        let before = before.map(|before| before.0);
        run::runs(Asker::of(context), hub_core::RunQuery { of: Some(self.run_of()), skipped, before, runs: limit })
            .await
    }

    /// How fast its latest runs were, from what triggered them to their first command; null before there was one.
    async fn latency(&self, context: &Context<'_>) -> Option<Latency> {
        Asker::of(context).session.pace(&self.run_of()).map(Latency::from)
    }
}

/// A mistake in a rule's file.
#[derive(Debug, SimpleObject)]
#[graphql(name = "RuleProblem")]
struct Problem {
    /// The line, from 1.
    line: u32,
    /// The column, from 1.
    column: u32,
    /// What was found, and what would be right.
    message: String,
}

/// What happens when a rule is triggered while it still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "RuleMode", remote = "automations::rule::Mode")]
enum Mode {
    /// The new trigger is dropped.
    Single,
    /// The running one ends, a new one begins.
    Restart,
    /// The new one waits its turn.
    Queued,
    /// Both run.
    Parallel,
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
        let rules = if sight::sees_all(asker.view()) { asker.rules.rules() } else { Vec::new() };
        rules.into_iter().map(Rule::from).collect()
    }

    /// The rule of that id; null where there is none. A guest sees none.
    async fn rule(&self, context: &Context<'_>, id: ID) -> Option<Rule> {
        let asker = Asker::of(context);
        let mut rules = if sight::sees_all(asker.view()) { asker.rules.rules() } else { Vec::new() }.into_iter();
        rules.find(|rule| rule.id.0 == id.as_str()).map(Rule::from)
    }
}

#[Object]
impl RuleMutation {
    /// Lets a rule act, or not; it is written into its file. For admins.
    async fn set_rule_enabled(&self, context: &Context<'_>, id: ID, enabled: bool) -> Result<Rule, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let id = RuleId(id.0.into());
        asker.rules.set_enabled(&id, enabled).await?;
        let rule = asker.rules.rules().into_iter().find(|rule| rule.id == id);
        rule.map(Rule::from).ok_or_else(|| Error::new("the rule is gone; read `rules` again"))
    }
}

impl Rule {
    fn run_of(&self) -> RunOf {
        RunOf::Rule(RuleId(self.id.as_str().into()))
    }
}

impl From<RuleSummary> for Rule {
    fn from(rule: RuleSummary) -> Self {
        let problem =
            |fault: automations::Fault| Problem { line: fault.line, column: fault.column, message: fault.message };
        Self {
            id: rule.id.into(),
            name: rule.name,
            enabled: rule.enabled,
            mode: rule.mode.into(),
            file: rule.file.file_name().map(|name| name.to_string_lossy().into_owned()),
            problem: rule.problem.map(problem),
        }
    }
}
