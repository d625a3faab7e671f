//! Rules: what they are called, whether they act, and why they can't. Their texts are with their versions.

use async_graphql::{ComplexObject, Context, Enum, Error, ID, Object, SimpleObject};
use automations::RuleSummary;
use hub_model::{Author, Cause, Role, RuleId, RunOf};

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

    /// The addresses by which it can be called, without a token: whoever knows one can. Only admins see them.
    async fn addresses(&self, context: &Context<'_>) -> Vec<Address> {
        let asker = Asker::of(context);
        if asker.at_least(Role::Admin).is_err() {
            return Vec::new();
        }
        let hooks = asker.rules.hooks(&RuleId(self.id.as_str().into()));
        hooks.into_iter().map(Address::from).collect()
    }

    /// How fast its latest runs were, from what triggered them to their first command; null before there was one.
    async fn latency(&self, context: &Context<'_>) -> Option<Latency> {
        Asker::of(context).session.pace(&self.run_of()).await.map(Latency::from)
    }
}

/// An address by which a rule can be called.
#[derive(Debug, SimpleObject)]
#[graphql(name = "RuleAddress")]
struct Address {
    /// Which of the rule's triggers, from 0.
    trigger: usize,
    /// The path on this hub.
    path: String,
    /// By which methods of HTTP.
    methods: Vec<&'static str>,
}

impl From<automations::Hook> for Address {
    fn from(hook: automations::Hook) -> Self {
        let methods = [("GET", hook.methods.get), ("POST", hook.methods.post), ("PUT", hook.methods.put)];
        let methods = methods.into_iter().filter(|(_, may)| *may).map(|(name, _)| name).collect();
        Self { trigger: hook.trigger, path: format!("/hook/{}", hook.secret), methods }
    }
}

/// What was changed in rule files.
#[derive(Debug, SimpleObject)]
struct HandleRenamed {
    /// How often the old handle stood there.
    places: usize,
    /// The files that were changed.
    files: Vec<String>,
    /// Files that have mistakes, and were left as they are.
    left: Vec<String>,
}

/// A mistake in a rule's file.
#[derive(Debug, SimpleObject)]
#[graphql(name = "RuleProblem")]
pub(super) struct Problem {
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
        asker.rules.set_enabled(&id, enabled, Author::from(&asker.session.principal().actor)).await?;
        let rule = asker.rules.rules().into_iter().find(|rule| rule.id == id);
        rule.map(Rule::from).ok_or_else(|| Error::new("the rule is gone; read `rules` again"))
    }

    /// Runs a rule by hand, whatever triggers it; its condition has to hold all the same. `runs` says what became of it. For
    /// members.
    async fn run_rule(&self, context: &Context<'_>, id: ID) -> Result<Rule, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let id = RuleId(id.0.into());
        let cause = Cause::root(asker.session.principal().actor.clone());
        asker.rules.run_by_hand(&id, cause).await?;
        let rule = asker.rules.rules().into_iter().find(|rule| rule.id == id);
        rule.map(Rule::from).ok_or_else(|| Error::new("the rule is gone; read `rules` again"))
    }

    /// Says something to the rules, as if it had been spoken; it returns the ids of those that heard it. For members.
    async fn say(
        &self,
        context: &Context<'_>,
        text: String,
        #[graphql(desc = "A language tag such as `de`; the home's language where it is left out.")] language: Option<
            String,
        >,
    ) -> Result<Vec<ID>, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let language = language.unwrap_or_else(|| asker.view().home.settings.language.to_string());
        let cause = Cause::root(asker.session.principal().actor.clone());
        let heard = asker.rules.say(&text, &language, cause).await?;
        Ok(heard.into_iter().map(ID::from).collect())
    }

    /// Gives an answer that stands beneath a message. For members.
    async fn answer_notice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the answer.")] id: String,
    ) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let cause = Cause::root(asker.session.principal().actor.clone());
        Ok(asker.rules.answer(&id, cause).await)
    }

    /// Writes a device's new handle into all rule files that still say the old one; comments stay. For admins.
    async fn rename_handle_in_rules(
        &self,
        context: &Context<'_>,
        from: String,
        to: String,
    ) -> Result<HandleRenamed, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let renamed = asker
            .rules
            .rename_handle(from.parse()?, to.parse()?, Author::from(&asker.session.principal().actor))
            .await?;
        let names = |files: Vec<std::path::PathBuf>| {
            let name = |file: std::path::PathBuf| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.into_iter().map(name).collect()
        };
        Ok(HandleRenamed { places: renamed.places, files: names(renamed.files), left: names(renamed.left) })
    }
}

impl Rule {
    fn run_of(&self) -> RunOf {
        RunOf::Rule(RuleId(self.id.as_str().into()))
    }
}

impl From<automations::Fault> for Problem {
    fn from(fault: automations::Fault) -> Self {
        Self { line: fault.line, column: fault.column, message: fault.message }
    }
}

impl From<RuleSummary> for Rule {
    fn from(rule: RuleSummary) -> Self {
        Self {
            id: rule.id.into(),
            name: rule.name,
            enabled: rule.enabled,
            mode: rule.mode.into(),
            file: rule.file.file_name().map(|name| name.to_string_lossy().into_owned()),
            problem: rule.problem.map(Problem::from),
        }
    }
}
