//! Scenes: reading them, running them.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_core::{SceneRun, View};

use super::{
    control::{key_of, transition_of},
    device::Device,
    word::Outcome,
};
use crate::{asker::Asker, find, generated::SetInput, scalar::Value};

/// A named list of states to bring about together.
pub(crate) struct Scene {
    view: Arc<View>,
    scene: Arc<hub_model::Scene>,
}

impl Scene {
    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        crate::sight::scenes(view).into_iter().map(|scene| Self { view: Arc::clone(view), scene }).collect()
    }

    /// The one of that id.
    pub(crate) fn find(view: &Arc<View>, id: hub_model::SceneId) -> Option<Self> {
        view.home.scenes.get(&id).map(|scene| Self { view: Arc::clone(view), scene: Arc::clone(scene) })
    }
}

/// A named list of states to bring about together.
#[Object]
impl Scene {
    /// Ours.
    async fn id(&self) -> ID {
        self.scene.id.into()
    }
    /// For rules; wherever a scene's id is taken, this is too.
    async fn handle(&self) -> &str {
        self.scene.handle.as_str()
    }
    /// For people.
    async fn name(&self) -> &str {
        &self.scene.name
    }
    /// The name of an icon.
    async fn icon(&self) -> Option<&str> {
        self.scene.icon.as_deref()
    }
    /// What is to be; all steps are sent at once, each to its endpoint.
    #[graphql(complexity = "5 * child_complexity")]
    async fn steps(&self) -> Vec<SceneStep> {
        self.scene.steps.iter().map(|step| SceneStep { view: Arc::clone(&self.view), step: step.clone() }).collect()
    }
}

/// One endpoint's part of a scene.
pub(crate) struct SceneStep {
    view: Arc<View>,
    step: hub_model::SceneStep,
}

/// A property and what it shall be.
#[derive(Debug, SimpleObject)]
pub(super) struct Setting {
    /// Its whole name.
    property: String,
    /// What it shall be.
    value: Option<Value>,
}

impl Setting {
    /// As it is set.
    pub(super) fn of((property, value): &(hub_model::Property, hub_model::Value)) -> Self {
        Self { property: property.to_string(), value: Value::known(value) }
    }
}

/// An action and what it is told. Secrets such as a PIN are left out.
#[derive(Debug, SimpleObject)]
struct Invocation {
    /// Its whole name.
    action: String,
    /// What it is told.
    arguments: Vec<Argument>,
}

/// What an action is told.
#[derive(Debug, SimpleObject)]
struct Argument {
    /// The parameter.
    name: String,
    /// Its value.
    value: Option<Value>,
}

/// One endpoint's part of a scene.
#[Object]
impl SceneStep {
    /// The device; null while it is gone.
    async fn device(&self) -> Option<Device> {
        self.view.device(self.step.target.device).map(|known| Device::new(&self.view, known))
    }
    /// Its endpoint.
    async fn endpoint(&self) -> ID {
        ID(self.step.target.endpoint.to_string())
    }
    /// The properties to set.
    async fn set(&self) -> Vec<Setting> {
        self.step.set.iter().map(Setting::of).collect()
    }
    /// The action to take.
    async fn invoke(&self) -> Option<Invocation> {
        let invoke = self.step.invoke.as_ref()?;
        let shown = invoke.arguments.iter().filter(|(name, _)| !invoke.is_secret(name));
        let arguments = shown.map(|(name, value)| Argument { name: name.to_string(), value: Value::known(value) });
        Some(Invocation { action: invoke.action.to_string(), arguments: arguments.collect() })
    }
    /// How long the change shall take, in s.
    async fn transition(&self) -> Option<f64> {
        self.step.transition.map(|transition| transition.as_secs_f64())
    }
}

/// What became of a scene that was run, a group that was controlled, or a run that was taken back.
#[derive(Debug, SimpleObject)]
pub(super) struct SceneRan {
    /// The run: `run` tells more of it, and `undo` takes it back.
    id: ID,
    /// The worst of its steps.
    outcome: Outcome,
    /// In words: `4 of 4 done`, or `3 of 4 done, Hall lamp silent`.
    summary: String,
    /// What became of each step, in the scene's order.
    steps: Vec<StepRan>,
}

/// What became of a step.
#[derive(Debug, SimpleObject)]
struct StepRan {
    /// The device's id.
    device: ID,
    /// Its endpoint.
    endpoint: ID,
    /// How it ended.
    outcome: Outcome,
    /// Why, where it did not go well.
    reason: Option<String>,
    /// How often it was sent.
    tries: u32,
}

impl From<SceneRun> for SceneRan {
    fn from(run: SceneRun) -> Self {
        let step = |step: hub_core::StepRan| StepRan {
            device: step.target.device.into(),
            endpoint: ID(step.target.endpoint.to_string()),
            outcome: step.outcome.into(),
            reason: step.reason,
            tries: step.tries,
        };
        let steps = run.steps.into_iter().map(step).collect();
        Self { id: run.id.into(), outcome: run.outcome.into(), summary: run.summary, steps }
    }
}

/// Running scenes, and taking back what ran.
#[derive(Debug, Default)]
pub(crate) struct SceneMutation;

#[Object]
impl SceneMutation {
    /// Runs a scene, by id or handle, and answers when every step has ended: each is verified by its device's own report,
    /// and what sets is sent again while the device is silent. Sent again with the same `key` within a day, it acts once.
    async fn run_scene(&self, context: &Context<'_>, id: ID, key: Option<String>) -> Result<SceneRan, Error> {
        let asker = Asker::of(context);
        let scene = find::scene(&asker.fresh(), &id)?;
        let run = asker.session.run_scene(scene.id, key.map(key_of).transpose()?, None).await?;
        Ok(run.into())
    }

    /// Sets properties of every member of a group that has them, as one: verified, sent again and undone as a scene is.
    async fn control_group(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The group's id or name.")] id: ID,
        #[graphql(desc = "What to set.")] set: SetInput,
        #[graphql(desc = "How long the change shall take, in s.")] transition: Option<f64>,
        #[graphql(desc = "Sent again with the same key within a day, it acts once.")] key: Option<String>,
    ) -> Result<SceneRan, Error> {
        let asker = Asker::of(context);
        let group = find::group(&asker.fresh(), &id)?;
        let transition = transition.map(transition_of).transpose()?;
        let key = key.map(key_of).transpose()?;
        Ok(asker.session.control_group(group, set.pairs()?, transition, key).await?.into())
    }

    /// Brings back what was there before a run of a scene, a group or a rule: what it really changed, and nothing that
    /// was changed since. It is a run of its own, and can be taken back too.
    async fn undo(&self, context: &Context<'_>, run: ID, key: Option<String>) -> Result<SceneRan, Error> {
        let asker = Asker::of(context);
        let key = key.map(key_of).transpose()?;
        Ok(asker.session.undo(find::id("run", &run)?, key).await?.into())
    }
}
