//! Versions of rules and scenes, and changes of rules by the app. Each change is a version with its author.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use automations::{SaveError, Saved, Wish};
use hub_core::{Edit, VersionError, View};
use hub_model::{Author, Role, RuleId, RunOf, SceneId};

use super::{review::Finding, rule::Problem};
use crate::{
    asker::Asker,
    find,
    scalar::{DateTime, Value},
};

/// What a rule or a scene was, from then until the next version.
#[derive(Debug, SimpleObject)]
struct Version {
    /// Grows with every version; `restoreVersion` takes it.
    number: i64,
    /// The id of the rule or scene.
    of: ID,
    /// Its name then.
    name: String,
    /// When it was made.
    at: DateTime,
    /// Who made it: a person's name; `file` for whoever edits the files of rules; `hub` for the hub's own command line; or the rule that switched
    /// this one.
    author: String,
    /// The account of the person.
    account: Option<ID>,
    /// Whether it was removed then.
    removed: bool,
    /// The text of a rule, as in its file.
    text: Option<String>,
    /// What it differs in from the version before, as a unified diff.
    diff: String,
}

/// What became of a rule that was to be saved.
#[derive(Debug, SimpleObject)]
struct SavedRule {
    /// The rule; null where nothing was written.
    id: Option<ID>,
    /// What is wrong with the text, with line and column in it; empty where it was written.
    problems: Vec<Problem>,
    /// What a review of all rules finds now that it did not find before: the rule is written all the same.
    findings: Vec<Finding>,
}

/// Another value in a rule.
#[derive(Debug, InputObject)]
struct RuleValue {
    /// Where, by keys and numbers: `["name"]`, `["enabled"]`, `["then", "0", "set", "brightness.level"]`.
    at: Vec<String>,
    /// A truth, a number or a text.
    value: Value,
}

/// Reading versions.
#[derive(Debug, Default)]
pub(crate) struct VersionQuery;

/// Changing rules, and going back.
#[derive(Debug, Default)]
pub(crate) struct VersionMutation;

#[Object]
impl VersionQuery {
    /// The versions of a rule or a scene, the newest first: the latest 50. A guest sees none.
    #[graphql(complexity = "20 * child_complexity")]
    async fn versions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A rule's id.")] rule: Option<ID>,
        #[graphql(desc = "A scene's id or handle; of one that is gone, its id.")] scene: Option<ID>,
    ) -> Result<Vec<Version>, Error> {
        let asker = Asker::of(context);
        let versions = asker.session.versions(thing(asker, rule, scene)?).await?;
        let before = versions.iter().skip(1).map(Some).chain([None]);
        Ok(versions.iter().zip(before).map(|(version, before)| Version::told(asker.view(), version, before)).collect())
    }

    /// The last versions of rules and scenes that are gone, the latest first: what `restoreVersion` can bring back is the
    /// version before each. A guest sees none.
    #[graphql(complexity = "20 * child_complexity")]
    async fn removed(&self, context: &Context<'_>) -> Result<Vec<Version>, Error> {
        let asker = Asker::of(context);
        let mut newest = asker.session.newest_versions("rule").await?;
        newest.extend(asker.session.newest_versions("scene").await?);
        newest.retain(|version| version.body.is_none());
        newest.sort_by_key(|version| std::cmp::Reverse(version.number));
        Ok(newest.iter().map(|version| Version::told(asker.view(), version, None)).collect())
    }

    /// The text of a rule, as its file has it; null where there is no such rule. A guest sees none.
    async fn rule_text(&self, context: &Context<'_>, id: ID) -> Option<String> {
        let asker = Asker::of(context);
        if !asker.session.principal().sees_all() {
            return None;
        }
        asker.rules.text(&RuleId(id.0.into())).await
    }
}

#[Object]
impl VersionMutation {
    /// Writes a rule: a new one, or another text for the one of `id`, which stays its id. Nothing is written where the
    /// text has a mistake; what the review finds is told and written (`review` tells it before). For admins.
    async fn save_rule(&self, context: &Context<'_>, id: Option<ID>, text: String) -> Result<SavedRule, Error> {
        change(context, Wish::Save { id: id.map(|id| RuleId(id.0.into())), text }).await
    }

    /// Puts other values into a rule; comments and layout of its file stay. For admins.
    async fn edit_rule(&self, context: &Context<'_>, id: ID, set: Vec<RuleValue>) -> Result<SavedRule, Error> {
        let changes = set.into_iter().map(|RuleValue { at, value }| (at, value.0)).collect();
        change(context, Wish::Set { id: RuleId(id.0.into()), changes }).await
    }

    /// Removes a rule from its file, or the file where it holds nothing else. For admins.
    async fn delete_rule(&self, context: &Context<'_>, id: ID) -> Result<SavedRule, Error> {
        change(context, Wish::Delete(RuleId(id.0.into()))).await
    }

    /// Makes a rule or a scene what it was in a version; one that was removed comes back. For admins.
    async fn restore_version(&self, context: &Context<'_>, number: i64) -> Result<SavedRule, Error> {
        let asker = Asker::of(context);
        let version = asker.session.version(number).await?;
        if version.body.is_none() {
            return Err(VersionError::NoSuch(number).into());
        }
        restore(context, version).await
    }

    /// Takes the latest change of a rule or a scene back, also where it was removed or made by it. For admins.
    async fn undo_edit(&self, context: &Context<'_>, rule: Option<ID>, scene: Option<ID>) -> Result<SavedRule, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let earlier = asker.session.earlier_version(thing(asker, rule, scene)?).await?;
        restore(context, earlier).await
    }
}

/// The rule or scene that is meant.
fn thing(asker: &Asker, rule: Option<ID>, scene: Option<ID>) -> Result<RunOf, Error> {
    match (rule, scene) {
        (Some(rule), None) => Ok(RunOf::Rule(RuleId(rule.0.into()))),
        (None, Some(scene)) => {
            // One that is gone can be found by its id alone.
            let gone = scene.parse::<SceneId>().ok().filter(|_| asker.session.principal().sees_all());
            gone.map_or_else(|| Ok(RunOf::Scene(find::scene(&asker.fresh(), &scene)?.id)), |id| Ok(RunOf::Scene(id)))
        }
        _ => Err(Error::new("name either a `rule` or a `scene`")),
    }
}

async fn change(context: &Context<'_>, wish: Wish) -> Result<SavedRule, Error> {
    let asker = Asker::of(context);
    asker.at_least(Role::Admin)?;
    match asker.rules.change(wish, Author::from(&asker.session.principal().actor)).await {
        Ok(Saved { id, findings }) => {
            let findings = findings.into_iter().map(Finding::from).collect();
            Ok(SavedRule { findings, ..SavedRule::of(id) })
        }
        Err(SaveError::Invalid(faults)) => {
            let problems = faults.into_iter().map(Problem::from).collect();
            Ok(SavedRule { id: None, problems, findings: Vec::new() })
        }
        Err(error) => Err(error.into()),
    }
}

async fn restore(context: &Context<'_>, version: hub_model::Version) -> Result<SavedRule, Error> {
    let asker = Asker::of(context);
    match (version.of.clone(), version.body.clone()) {
        (RunOf::Rule(id), Some(text)) => change(context, Wish::Restore { id, text, file: version.file }).await,
        (RunOf::Rule(id), None) => change(context, Wish::Delete(id)).await,
        (RunOf::Scene(id), Some(_)) => {
            asker.session.restore_scene(&version).await?;
            Ok(SavedRule::of(id))
        }
        (RunOf::Scene(id), None) => {
            asker.session.edit(Edit::RemoveScene(id)).await?;
            Ok(SavedRule::of(id))
        }
        (RunOf::Group(_), _) => Err(VersionError::NoSuch(version.number).into()),
    }
}

impl SavedRule {
    /// A rule or a scene with which all is well.
    fn of(id: impl Into<ID>) -> Self {
        Self { id: Some(id.into()), problems: Vec::new(), findings: Vec::new() }
    }
}

impl Version {
    fn told(view: &Arc<View>, version: &hub_model::Version, before: Option<&hub_model::Version>) -> Self {
        let account = if let Author::Person { account, .. } = &version.author { Some(account.into()) } else { None };
        Self {
            number: version.number,
            of: ID(version.of.id().to_string()),
            name: version.name.clone(),
            at: DateTime(version.at),
            author: version.author.name().into(),
            account,
            removed: version.body.is_none(),
            text: version.body.clone().filter(|_| matches!(version.of, RunOf::Rule(_))),
            diff: view.difference(version, before),
        }
    }
}
