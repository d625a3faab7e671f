//! Runs of rules and scenes: what began them, what they saw and did, how they ended, and why a rule did not run.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Enum, Error, ID, Object, SimpleObject};
use hub_core::{Pace, RunQuery as Query, View};
use hub_model::{
    RunOf, RunRecord, SkipReason,
    run::{Given, Part, Taken, Trigger},
};

use super::{cause::Cause, scene::Setting, word::Outcome};
use crate::{
    asker::Asker,
    find,
    scalar::{DateTime, Value},
};

/// What kind of thing was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum RunKind {
    /// A rule.
    Rule,
    /// A scene.
    Scene,
    /// A group that was controlled as one.
    Group,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum RunState {
    /// It goes on, or the hub ended before it did.
    Running,
    /// It came to its end.
    Finished,
    /// A newer run took its place.
    Restarted,
    /// Its rule was changed, disabled or removed.
    RuleChanged,
    /// Its rule was paused, for it ran in a circle.
    Paused,
    /// It stopped itself.
    Stopped,
    /// Something failed that it can't go on without.
    Failed,
    /// It went round a loop far too often.
    TooLong,
    /// It never began; `skipped` says why.
    Skipped,
}

/// Why a triggered rule did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::SkipReason")]
pub(super) enum Skip {
    /// It is disabled.
    Disabled,
    /// It is outside of its active time.
    Inactive,
    /// Its condition did not hold.
    Condition,
    /// It runs already, and is to run once at a time.
    Running,
    /// As many runs as it may have run or wait already.
    Full,
    /// It was set off by a chain of rules and scenes that is too long.
    TooDeep,
    /// It is paused, for it ran in a circle.
    Paused,
}

/// A run of a rule or a scene, or a trigger that came to nothing.
pub(crate) struct Run {
    view: Arc<View>,
    record: Arc<RunRecord>,
}

/// What triggered a rule.
#[derive(Debug, SimpleObject)]
struct RunTrigger {
    /// Which of the rule's triggers, from 0; none of them where it was run by hand.
    number: Option<usize>,
    /// When it was due.
    due: DateTime,
    /// In words, with the values seen.
    text: String,
    /// Who began what triggered it.
    cause: Option<Cause>,
}

/// A part of a condition; the parts of a part follow it, one deeper.
#[derive(Debug, SimpleObject)]
struct ConditionPart {
    /// How deep it is within the condition, from 0.
    depth: i32,
    /// In words.
    text: String,
    /// Whether it held.
    holds: bool,
    /// What it saw.
    saw: Vec<SeenValue>,
}

/// A value that a condition looked at.
#[derive(Debug, SimpleObject)]
struct SeenValue {
    /// The property, as rules name it; null for what is none, such as the time of day.
    path: Option<String>,
    /// What it was; null for unknown.
    value: Option<Value>,
}

/// A step that a run took.
#[derive(Debug, SimpleObject)]
struct RunStep {
    /// When it began.
    at: DateTime,
    /// How long it took until its outcome was known, in s.
    took: Option<f64>,
    /// In words.
    text: String,
    /// The command, where it gave one.
    command: Option<RunCommand>,
    /// The run of a scene, where it ran one.
    run: Option<ID>,
    /// What it looked at, where it did.
    condition: Vec<ConditionPart>,
    /// How it ended; null while it has not, and for what has no outcome.
    outcome: Option<Outcome>,
    /// Why, where that isn't plain.
    reason: Option<String>,
}

/// A command of a run.
#[derive(Debug, SimpleObject)]
struct RunCommand {
    /// The latest command.
    id: Option<ID>,
    /// The device's id.
    device: ID,
    /// Its endpoint.
    endpoint: ID,
    /// What was set.
    set: Vec<Setting>,
    /// How often it was sent.
    tries: u32,
}

/// How fast a rule's latest runs were, from what triggered them to their first command.
#[derive(Debug, SimpleObject)]
pub(super) struct Latency {
    /// Half of the runs took at most this, in ms.
    p50: f64,
    /// 99 % of the runs took at most this, in ms.
    p99: f64,
    /// How many runs that is, at most the latest 256.
    runs: usize,
}

/// A run of a rule or a scene, or a trigger that came to nothing.
#[Object]
impl Run {
    /// Ours.
    async fn id(&self) -> ID {
        self.record.id.into()
    }
    /// What kind of thing was run.
    async fn kind(&self) -> RunKind {
        match self.record.of {
            RunOf::Rule(_) => RunKind::Rule,
            RunOf::Scene(_) => RunKind::Scene,
            RunOf::Group(_) => RunKind::Group,
        }
    }
    /// The id of the rule, scene or group.
    async fn of(&self) -> ID {
        ID(self.record.of.id().to_string())
    }
    /// Its name then.
    async fn name(&self) -> &str {
        &self.record.name
    }
    /// The run that this one takes back.
    async fn undoes(&self) -> Option<ID> {
        self.record.undoes.map(ID::from)
    }
    /// When it began.
    async fn began(&self) -> DateTime {
        DateTime(self.record.began)
    }
    /// When it ended, with all of its commands; of several alike that came to nothing, when the last did.
    async fn ended(&self) -> Option<DateTime> {
        self.record.ended.map(DateTime)
    }
    /// How it stands.
    async fn state(&self) -> RunState {
        use hub_model::RunEnd;
        match self.record.end {
            None => RunState::Running,
            Some(RunEnd::Finished) => RunState::Finished,
            Some(RunEnd::Restarted) => RunState::Restarted,
            Some(RunEnd::RuleChanged) => RunState::RuleChanged,
            Some(RunEnd::Paused) => RunState::Paused,
            Some(RunEnd::Stopped) => RunState::Stopped,
            Some(RunEnd::Failed) => RunState::Failed,
            Some(RunEnd::TooLong) => RunState::TooLong,
            Some(RunEnd::Skipped(_)) => RunState::Skipped,
        }
    }
    /// Why it did not run, where it did not.
    async fn skipped(&self) -> Option<Skip> {
        self.record.skipped().map(Skip::from)
    }
    /// How it came to that, in a sentence.
    async fn text(&self) -> String {
        text(&self.record)
    }
    /// How often the same came to nothing in a row; 1 for a run.
    async fn times(&self) -> u32 {
        self.record.times
    }
    /// Who began it, and what it came from.
    async fn cause(&self) -> Cause {
        Cause::seen_by(&self.view.principal, &self.record.cause)
    }
    /// What triggered a rule.
    async fn trigger(&self) -> Option<RunTrigger> {
        self.record.trigger.as_ref().map(|trigger| self.trigger_of(trigger))
    }
    /// The rule's condition with what it saw; empty where it has none.
    async fn condition(&self) -> Vec<ConditionPart> {
        self.record.condition.as_ref().map(|part| self.parts_of(part)).unwrap_or_default()
    }
    /// What it did, in order.
    #[graphql(complexity = "5 * child_complexity")]
    async fn steps(&self) -> Vec<RunStep> {
        self.record.steps.iter().map(|step| self.step_of(step)).collect()
    }
    /// How many further steps are not kept.
    async fn more_steps(&self) -> u32 {
        self.record.more_steps
    }
    /// From what triggered it to its first command, in ms, where it did not wait in between.
    async fn latency(&self) -> Option<f64> {
        self.record.latency.map(millis)
    }
}

impl Run {
    pub(super) fn new(view: &Arc<View>, record: Arc<RunRecord>) -> Self {
        Self { view: Arc::clone(view), record }
    }

    fn trigger_of(&self, trigger: &Trigger) -> RunTrigger {
        RunTrigger {
            number: trigger.number,
            due: DateTime(trigger.due),
            text: self.view.trigger_text(trigger),
            cause: trigger.cause().map(|cause| Cause::seen_by(&self.view.principal, cause)),
        }
    }

    fn parts_of(&self, part: &Part) -> Vec<ConditionPart> {
        let mut parts = Vec::new();
        self.add_parts(part, 0, &mut parts);
        parts
    }

    fn add_parts(&self, part: &Part, depth: i32, to: &mut Vec<ConditionPart>) {
        let saw = part.saw.iter().map(|seen| SeenValue {
            path: seen.path.as_ref().map(|path| self.view.path_name(path)),
            value: Value::known(&seen.value),
        });
        to.push(ConditionPart { depth, text: part.text.clone(), holds: part.holds, saw: saw.collect() });
        part.parts.iter().for_each(|part| self.add_parts(part, depth + 1, to));
    }

    fn step_of(&self, step: &hub_model::RunStep) -> RunStep {
        let (at, took) = (DateTime(step.at), step.took.map(|took| took.as_secs_f64()));
        let plain = RunStep {
            at,
            took,
            text: String::new(),
            command: None,
            run: None,
            condition: Vec::new(),
            outcome: None,
            reason: None,
        };
        match &step.what {
            Taken::Command(given) => RunStep {
                text: format!("{} {}", self.view.device_name(given.target.device), given.text),
                outcome: given.outcome.map(Outcome::from),
                reason: given.reason.clone(),
                command: Some(command_of(given)),
                ..plain
            },
            Taken::Scene { scene, run, outcome } => {
                let scene = self.view.home.scenes.get(scene).map_or("a scene that is gone", |scene| &scene.name);
                let outcome = outcome.map(Outcome::from);
                RunStep { text: format!("the scene {scene}"), run: Some(run.into()), outcome, ..plain }
            }
            Taken::Looked(part) => {
                RunStep { text: format!("whether {}", part.text), condition: self.parts_of(part), ..plain }
            }
            Taken::Waited(span) => RunStep { text: format!("wait {} s", span.as_secs_f64()), ..plain },
            Taken::Did(text) => RunStep { text: text.clone(), ..plain },
        }
    }
}

fn command_of(given: &Given) -> RunCommand {
    RunCommand {
        id: given.id.map(ID::from),
        device: given.target.device.into(),
        endpoint: ID(given.target.endpoint.to_string()),
        set: given.set.iter().map(Setting::of).collect(),
        tries: given.tries,
    }
}

/// How a run came to how it stands.
pub(super) fn text(record: &RunRecord) -> String {
    match (record.end, &record.condition) {
        (None, _) => "It goes on.".into(),
        (Some(hub_model::RunEnd::Skipped(SkipReason::Condition)), Some(condition)) => {
            let culprit = condition.culprit();
            let saw: Vec<_> = culprit.saw.iter().map(|seen| seen.value.to_string()).collect();
            let saw = if saw.is_empty() { String::new() } else { format!(" It saw {}.", saw.join(", ")) };
            format!("Its condition did not hold: `{}`.{saw}", culprit.text)
        }
        (Some(end), _) => end.sentence().into(),
    }
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

impl From<Pace> for Latency {
    fn from(pace: Pace) -> Self {
        Self { p50: millis(pace.p50), p99: millis(pace.p99), runs: pace.runs }
    }
}

/// Reading runs.
#[derive(Debug, Default)]
pub(crate) struct RunQuery;

#[Object]
impl RunQuery {
    /// Runs of one rule, one scene or everything, the newest first, also of earlier starts of the hub. A guest sees
    /// those that they began.
    #[graphql(complexity = "10 * child_complexity")]
    async fn runs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A rule's id.")] rule: Option<ID>,
        #[graphql(desc = "A scene's id or handle.")] scene: Option<ID>,
        #[graphql(desc = "Those that ran, or those that came to nothing; both where it is left out.")] skipped: Option<
            bool,
        >,
        #[graphql(desc = "Only those that began before this.")] before: Option<DateTime>,
        #[graphql(desc = "How many at most, 1 to 1000.", default = 50)] limit: usize,
    ) -> Result<Vec<Run>, Error> {
        let asker = Asker::of(context);
        let scene = scene.map(|scene| find::scene(asker.view(), &scene)).transpose()?;
        let of = scene.map(|scene| RunOf::Scene(scene.id));
        let of = of.or_else(|| rule.map(|rule| RunOf::Rule(hub_model::RuleId(rule.0.into()))));
        runs(asker, Query { of, skipped, before: before.map(|before| before.0), runs: limit }).await
    }

    /// The run of that id; null where there is none any more.
    async fn run(&self, context: &Context<'_>, id: ID) -> Result<Option<Run>, Error> {
        let asker = Asker::of(context);
        let run = asker.session.run(find::id("run", &id)?).await?;
        Ok(run.map(|run| Run::new(asker.view(), run)))
    }
}

/// Runs as the asker may see them.
pub(super) async fn runs(asker: &Asker, query: Query) -> Result<Vec<Run>, Error> {
    let runs = asker.session.runs(query).await?;
    Ok(runs.into_iter().map(|run| Run::new(asker.view(), run)).collect())
}
