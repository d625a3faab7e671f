//! Rules tried on the past. Nothing leaves the hub.

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use automations::{
    Meant,
    rehearse::{Fight as Fought, Rehearsal as Rehearsed, RehearseAsk},
};
use hub_core::{Gap, View};
use hub_model::{Role, RuleId, RunRecord};
use jiff::{SignedDuration, Timestamp};

use super::{
    cause::Cause,
    run::{Run, Skip},
};
use crate::{
    asker::Asker,
    scalar::{DateTime, Value},
};

/// What a rehearsal takes for granted.
const ASSUMED: [&str; 6] = [
    "People and other rules did what they did.",
    "Phrases, calls, answers and messages are those that were heard then, and messages only where a rule waited for them; \
     an owner's rehearsal alone hears them.",
    "What has nobody on record who began it did the device itself.",
    "Devices that could be reached do at once what the rule asks.",
    "What the rule itself did back then, by scenes too, is left out, as it is decided anew.",
    "Devices, rooms and names are those of now.",
];

/// What a rehearsal found.
struct Rehearsal {
    view: Arc<View>,
    found: Rehearsed,
}

/// How often a rule would have run.
#[derive(Debug, SimpleObject)]
struct RuleRuns {
    /// The rule.
    rule: ID,
    /// How often.
    runs: u64,
}

/// How many triggers would have come to nothing for one reason.
#[derive(Debug, SimpleObject)]
struct SkipCount {
    /// Why.
    why: Skip,
    /// How many.
    count: u64,
}

/// A rule and somebody else would have wanted different things of one property.
#[derive(Debug, SimpleObject)]
struct Fight {
    /// Which property, as rules name it.
    path: String,
    /// The rule.
    rule: ID,
    /// Its run.
    run: ID,
    /// What the rule would have set it to.
    wanted: Option<Value>,
    /// When.
    at: DateTime,
    /// Who else; the device itself stands for a hand at its switch.
    other: Cause,
    /// What they set it to.
    value: Option<Value>,
    /// When; before or after the rule.
    other_at: DateTime,
    /// All of it in a sentence.
    text: String,
}

/// What a rehearsal found.
#[Object]
impl Rehearsal {
    /// From when on.
    async fn from(&self) -> DateTime {
        DateTime(self.found.from)
    }
    /// Until when.
    async fn to(&self) -> DateTime {
        DateTime(self.found.to)
    }
    /// How much of the past was gone through: changes, occurrences, comings and goings, runs.
    async fn events(&self) -> u64 {
        self.found.events
    }
    /// How often each rule would have run.
    async fn ran(&self) -> Vec<RuleRuns> {
        let count = |(rule, runs): (&RuleId, &u64)| RuleRuns { rule: rule.clone().into(), runs: *runs };
        self.found.ran.iter().map(count).collect()
    }
    /// The runs that there would have been, the newest 500, in the order of their beginning.
    #[graphql(complexity = "10 * child_complexity")]
    async fn runs(&self) -> Vec<Run> {
        self.records(&self.found.runs)
    }
    /// The triggers that would have come to nothing, the newest 500.
    #[graphql(complexity = "10 * child_complexity")]
    async fn skipped(&self) -> Vec<Run> {
        self.records(&self.found.skipped)
    }
    /// How many of them, by the reason.
    async fn reasons(&self) -> Vec<SkipCount> {
        self.found.reasons.iter().map(|(why, count)| SkipCount { why: (*why).into(), count: *count }).collect()
    }
    /// What the rules would have fought with, the newest 500.
    #[graphql(complexity = "10 * child_complexity")]
    async fn fights(&self) -> Vec<Fight> {
        self.found.fights.iter().map(|fight| self.fight(fight)).collect()
    }
    /// How many fights there would have been.
    async fn fought(&self) -> u64 {
        self.found.fought
    }
    /// What is taken for granted, in sentences; also what history does not tell.
    async fn assumed(&self) -> Vec<String> {
        let gap = |(path, gap): &(hub_model::Path, Gap)| {
            let name = self.view.path_name(path);
            match gap {
                Gap::NotKept => format!("{name} is not kept in history; it is taken to have been as it is now."),
                Gap::Beginning => format!("What {name} was at the beginning is not known."),
            }
        };
        ASSUMED.iter().map(ToString::to_string).chain(self.found.gaps.iter().map(gap)).collect()
    }
}

impl Rehearsal {
    fn records(&self, records: &[RunRecord]) -> Vec<Run> {
        records.iter().map(|record| Run::new(&self.view, Arc::new(record.clone()))).collect()
    }

    fn fight(&self, fight: &Fought) -> Fight {
        let cause = hub_model::Cause::root(fight.other.clone());
        let (name, apart) = (self.view.path_name(&fight.path), fight.other_at.duration_since(fight.at));
        let other = match &fight.other {
            hub_model::Actor::Device(_) => "the device itself (a hand at it?)".to_owned(),
            hub_model::Actor::Person { name, .. } => name.to_string(),
            hub_model::Actor::Voice(_) => "somebody's voice".to_owned(),
            hub_model::Actor::Rule(rule) => format!("the rule `{rule}`"),
            hub_model::Actor::Scene(scene) => {
                let name = self.view.home.scenes.get(scene).map_or("that is gone", |scene| &scene.name);
                format!("the scene {name}")
            }
            hub_model::Actor::Program(name) => format!("another program, by {name},"),
            hub_model::Actor::Hub => "the hub".to_owned(),
        };
        let when = if apart.is_negative() { "before" } else { "after" };
        let text = format!(
            "`{}` sets {name} to {}, and {other} set it to {} {:#} {when}",
            fight.rule,
            fight.wanted,
            fight.value,
            SignedDuration::from_secs(apart.abs().as_secs())
        );
        Fight {
            path: name,
            rule: fight.rule.clone().into(),
            run: fight.run.into(),
            wanted: Value::known(&fight.wanted),
            at: DateTime(fight.at),
            other: Cause::seen_by(&self.view.principal, &cause),
            value: Value::known(&fight.value),
            other_at: DateTime(fight.other_at),
            text,
        }
    }
}

/// Trying rules on the past.
#[derive(Debug, Default)]
pub(crate) struct RehearseQuery;

#[Object]
impl RehearseQuery {
    /// Runs a rule's engine over recorded history with the clock of then, in a home that is not there: when it would have
    /// run, what it would have done, why it did not, and what it would have fought with. For members.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the query")]
    #[graphql(complexity = "1000 + child_complexity")]
    async fn rehearse(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A rule of the folder, by its id.")] rule: Option<ID>,
        #[graphql(desc = "Or the text of a rule file, which need not be there.")] text: Option<String>,
        #[graphql(desc = "What that file is called in messages.", default_with = "\"rule.toml\".to_owned()")]
        file: String,
        #[graphql(desc = "How many days back, where `from` is left out.", default = 14.0)] days: f64,
        #[graphql(desc = "From when on.")] from: Option<DateTime>,
        #[graphql(desc = "Until when; now where it is left out.")] to: Option<DateTime>,
        #[graphql(desc = "How near to each other two wishes are a fight, in s.", default = 300.0)] within: f64,
    ) -> Result<Rehearsal, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let meant = match (rule, text) {
            (Some(rule), None) => Meant::Rule(RuleId(rule.0.into())),
            (None, Some(text)) => Meant::Text(PathBuf::from(file), text),
            _ => return Err(Error::new("give either `rule` or `text`")),
        };
        let to = to.map_or_else(Timestamp::now, |to| to.0);
        let span = SignedDuration::try_from_secs_f64(days * 86_400.0).ok().filter(|span| span.is_positive());
        let span = span.ok_or_else(|| Error::new("`days` takes a number of days, more than 0"))?;
        let from = from.map_or_else(|| to.saturating_sub(span).unwrap_or(to), |from| from.0);
        let within = Duration::try_from_secs_f64(within).unwrap_or(RehearseAsk::NEAR);
        let found = asker.rules.rehearse(&asker.session, meant, (from, to), within).await?;
        Ok(Rehearsal { view: Arc::clone(asker.view()), found })
    }
}
