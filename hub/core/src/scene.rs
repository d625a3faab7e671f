//! Running a scene: every step at once, each with its own outcome.

use futures_util::future::join_all;
use hub_model::{Actor, Cause, CommandKey, Outcome, RunId, SceneId, SceneStep, Source, What};

use crate::{
    check::{Control, ControlError},
    session::{Ended, Session},
};

/// A scene that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneRun {
    /// The run.
    pub id: RunId,
    /// DONE where every step is good (ASSUMED or QUEUED where that is the best that can be said), else the first bad one.
    pub outcome: Outcome,
    /// Every step with how it ended.
    pub steps: Vec<(SceneStep, Ended)>,
}

impl Session {
    /// Runs a scene and waits for the outcome of every step. With a key that was used within an hour it acts once.
    pub async fn run_scene(
        &self,
        id: SceneId,
        key: Option<CommandKey>,
        cause: Option<Cause>,
    ) -> Result<SceneRun, ControlError> {
        let scene = self.view().home.scenes.get(&id).cloned();
        let scene = scene.ok_or_else(|| ControlError::NoSuchScene(id.to_string()))?;
        let run = RunId::fresh();
        let cause = cause.unwrap_or_else(|| Cause::root(self.principal().actor.clone()));
        let of_step = cause.then(Actor::Scene(id), Source::Run(run));
        let controls = scene.steps.iter().enumerate().map(|(at, step)| {
            let key = key.as_ref().map(|key| CommandKey(smol_str::format_smolstr!("{}#{at}", key.0)));
            self.run_step(step, key, of_step.clone())
        });
        let ended: Vec<Ended> = join_all(controls).await;
        self.tell(What::Scene { scene: id, run }, cause).await;
        let outcome = summary(ended.iter().map(|ended| ended.outcome));
        Ok(SceneRun { id: run, outcome, steps: scene.steps.iter().cloned().zip(ended).collect() })
    }

    async fn run_step(&self, step: &SceneStep, key: Option<CommandKey>, cause: Cause) -> Ended {
        let control = Control {
            target: step.target.clone(),
            set: step.set.clone(),
            invoke: step.invoke.clone(),
            transition: step.transition,
            key,
            cause: Some(cause),
        };
        // A step whose device is gone doesn't spoil the others.
        self.control(control).await.unwrap_or_else(|error| Ended {
            id: hub_model::CommandId::fresh(),
            outcome: Outcome::Unreachable,
            reason: Some(error.to_string()),
        })
    }
}

fn summary(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Done => 0,
        Outcome::Assumed => 1,
        Outcome::Queued => 2,
        _ => 3,
    };
    outcomes.max_by(|a, b| rank(a).cmp(&rank(b)).then(std::cmp::Ordering::Greater)).unwrap_or(Outcome::Done)
}
