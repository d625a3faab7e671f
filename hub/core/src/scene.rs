//! Scenes, groups and undoing as checked transactions: every target is told at once, each is verified by its own report,
//! asked again while it is silent, and what became of all of them is one answer.

mod attempt;
mod capture;
mod undo;

use std::{pin::Pin, sync::Arc, task::Poll, time::Duration};

use futures_util::future::join_all;
use hub_model::{
    Actor, Cause, CommandKey, DeviceId, GroupId, Outcome, Property, RunEnd, RunId, RunOf, RunRecord, SceneId,
    SceneStep, Source, Target, Value, What,
    run::{Given, Taken},
};
use jiff::Timestamp;

pub use self::{capture::CaptureError, undo::UndoError};
use crate::{check::ControlError, runs::NotBegun, session::Session, view::View};

/// How long a caller's mark is known.
const KEYS: Duration = Duration::from_secs(24 * 3600);

/// A scene that was run, a group that was controlled, or a run that was undone.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneRun {
    /// The run.
    pub id: RunId,
    /// DONE where every step is good (ASSUMED or QUEUED where that is the best that can be said), else the first bad one.
    pub outcome: Outcome,
    /// In words: `4 of 4 done`, or `3 of 4 done, Hall lamp silent`.
    pub summary: String,
    /// What became of each step, in their order.
    pub steps: Vec<StepRan>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRan {
    /// For whom it was.
    pub target: Target,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where that isn't plain.
    pub reason: Option<String>,
    /// How often it was sent.
    pub tries: u32,
}

/// What is to be run as one.
pub(crate) struct Transaction {
    of: RunOf,
    name: String,
    steps: Vec<SceneStep>,
    key: Option<CommandKey>,
    cause: Option<Cause>,
    undoes: Option<RunId>,
}

impl Session {
    /// Runs a scene and waits for the outcome of every step. With a key that was used within a day it acts once, and
    /// answers what became of it then. Dropping the future does not take it back.
    pub async fn run_scene(
        &self,
        id: SceneId,
        key: Option<CommandKey>,
        cause: Option<Cause>,
    ) -> Result<SceneRun, ControlError> {
        let scene = self.view().home.scenes.get(&id).cloned();
        let scene = scene.ok_or_else(|| ControlError::NoSuchScene(id.to_string()))?;
        let (name, steps) = (scene.name.clone(), scene.steps.clone());
        self.transact(Transaction { of: RunOf::Scene(id), name, steps, key, cause, undoes: None }).await
    }

    /// Sets properties of every member of a group that has them, as one.
    pub async fn control_group(
        &self,
        id: GroupId,
        set: Vec<(Property, Value)>,
        transition: Option<Duration>,
        key: Option<CommandKey>,
    ) -> Result<SceneRun, ControlError> {
        let view = self.view();
        let group = view.home.groups.get(&id).cloned().ok_or_else(|| ControlError::NoSuchGroup(id.to_string()))?;
        let steps: Vec<_> =
            group.devices.iter().flat_map(|device| member_steps(&view, *device, &set, transition)).collect();
        if steps.is_empty() {
            return Err(ControlError::Empty);
        }
        let (of, name) = (RunOf::Group(id), group.name.clone());
        self.transact(Transaction { of, name, steps, key, cause: None, undoes: None }).await
    }

    /// Begins a transaction at once, in the order of the callers, and waits for its end.
    async fn transact(&self, transaction: Transaction) -> Result<SceneRun, ControlError> {
        if let Some(key) = &transaction.key
            && let Some(earlier) = self.run_with_key(key).await
        {
            return Ok(SceneRun::of(&*self.ended(earlier).await, &self.view()));
        }
        let cause = transaction.cause.clone().unwrap_or_else(|| Cause::root(self.principal().actor.clone()));
        let record = RunRecord {
            key: transaction.key.clone(),
            undoes: transaction.undoes,
            ..RunRecord::new(RunId::fresh(), transaction.of, transaction.name, Timestamp::now(), cause)
        };
        let id = record.id;
        // Two with the same key may have come this far together.
        match self.shared.runs.begin(record.clone()) {
            Ok(()) => {}
            Err(NotBegun::Known(other)) => return Ok(SceneRun::of(&*self.ended(other).await, &self.view())),
            Err(NotBegun::Full) => return Err(ControlError::Busy),
        }
        let session = self.clone();
        let carried = detach(async move { session.carry_out(record, transaction.steps).await }).await;
        carried.await.map_err(|_| ControlError::Stopped)?;
        let record = self.shared.runs.get(id).ok_or(ControlError::Stopped)?;
        Ok(SceneRun::of(&record, &self.view()))
    }

    async fn carry_out(self, record: RunRecord, steps: Vec<SceneStep>) {
        let RunRecord { id, of, cause, .. } = record;
        let runs = Arc::clone(&self.shared.runs);
        // A rule that runs a scene has that among its steps.
        let parent = match (&of, cause.from) {
            (RunOf::Scene(scene), Some(Source::Run(parent))) => {
                runs.open(parent, Taken::Scene { scene: *scene, run: id, outcome: None })
            }
            _ => None,
        };
        let actor = if let RunOf::Scene(scene) = of { Actor::Scene(scene) } else { cause.actor.clone() };
        let of_step = cause.then(actor, Source::Run(id));
        let outcomes = join_all(steps.iter().map(|step| self.attempt(step, &of_step, id))).await;
        if let Some(parent) = parent {
            parent.change(|step| {
                if let Taken::Scene { outcome, .. } = &mut step.what {
                    *outcome = Some(worst(outcomes.iter().copied()));
                }
            });
        }
        runs.end(id, RunEnd::Finished);
        if let RunOf::Scene(scene) = of {
            self.tell(What::Scene { scene, run: id }, cause).await;
        }
    }

    /// The run with a caller's mark, which lasts for a day and across restarts.
    async fn run_with_key(&self, key: &CommandKey) -> Option<Arc<RunRecord>> {
        if let Some(run) = self.shared.runs.by_key(key) {
            return Some(run);
        }
        let since = Timestamp::now().checked_sub(KEYS).ok()?;
        // Where the disk can't be read, what is at hand has to do.
        self.shared.store.run_by_key(key.clone(), since).await.ok().flatten().map(Arc::new)
    }

    /// A run at its end, which is waited for.
    async fn ended(&self, run: Arc<RunRecord>) -> Arc<RunRecord> {
        self.shared.runs.ended(run.id).await.unwrap_or(run)
    }
}

/// The steps for a member of a group: one for each endpoint that can be set so. A member that has nothing of it is left
/// out; what only some of it has is set there.
fn member_steps(
    view: &View,
    device: DeviceId,
    set: &[(Property, Value)],
    transition: Option<Duration>,
) -> Vec<SceneStep> {
    let endpoints = view.device(device).map(|known| known.device.endpoints.clone()).unwrap_or_default();
    let step = |endpoint: &Arc<hub_model::Endpoint>| {
        let offered = |(property, _): &&(Property, Value)| endpoint.offer(property).is_some();
        let set: Vec<_> = set.iter().filter(offered).cloned().collect();
        let target = Target { device, endpoint: endpoint.id.clone() };
        (!set.is_empty()).then_some(SceneStep { target, set, invoke: None, transition })
    };
    endpoints.iter().filter_map(step).collect()
}

/// Polls a future once, so that it has begun when this returns, and lets it go on by itself.
async fn detach(future: impl Future<Output = ()> + Send + 'static) -> tokio::task::JoinHandle<()> {
    let mut future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(future);
    let first = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    tokio::spawn(async move {
        if first.is_pending() {
            future.await;
        }
    })
}

/// The outcome of several: the first bad one, else the least certain good one.
fn worst(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Done => 0,
        Outcome::Assumed => 1,
        Outcome::Queued => 2,
        _ => 3,
    };
    outcomes.max_by(|a, b| rank(a).cmp(&rank(b)).then(std::cmp::Ordering::Greater)).unwrap_or(Outcome::Done)
}

impl SceneRun {
    /// What a record tells of a transaction.
    fn of(record: &RunRecord, view: &View) -> Self {
        let steps: Vec<_> = record.commands().map(|(_, given)| StepRan::of(given)).collect();
        let outcome = worst(steps.iter().map(|step| step.outcome));
        Self { id: record.id, outcome, summary: summary(&steps, view), steps }
    }
}

impl StepRan {
    fn of(given: &Given) -> Self {
        const UNKNOWN: &str = "the hub ended before its outcome was known";
        Self {
            target: given.target.clone(),
            outcome: given.outcome.unwrap_or(Outcome::TimedOut),
            reason: given.reason.clone().or_else(|| given.outcome.is_none().then(|| UNKNOWN.to_owned())),
            tries: given.tries,
        }
    }
}

/// What became of all steps, in words.
fn summary(steps: &[StepRan], view: &View) -> String {
    let good = steps.iter().filter(|step| step.outcome.is_good()).count();
    let mut text = format!("{good} of {} done", steps.len());
    for step in steps {
        if let Some(word) = word(step.outcome) {
            text.push_str(&format!(", {} {word}", view.device_name(step.target.device)));
        }
    }
    text
}

/// What is to be said of a device; nothing where it did what was asked.
const fn word(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Done => None,
        Outcome::Assumed => Some("can't tell"),
        Outcome::Queued => Some("will when it wakes"),
        Outcome::Unreachable => Some("unreachable"),
        Outcome::TimedOut => Some("silent"),
        Outcome::Superseded => Some("overruled by a newer command"),
        Outcome::Refused => Some("refused"),
        Outcome::OutOfRange => Some("can't take the value"),
        Outcome::Unsupported => Some("has no such property"),
    }
}
