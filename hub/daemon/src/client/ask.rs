//! The questions that more than one command asks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Client,
    home::{HOME, Home},
};

const CONTROL: &str = "mutation ($device: ID!, $endpoint: ID!, $set: SetInput, $invoke: InvokeInput, $transition: Float) { \
     control(device: $device, endpoint: $endpoint, set: $set, invoke: $invoke, transition: $transition) \
     { outcome reason command { id } } }";
const RUN_SCENE: &str = "mutation ($id: ID!) { runScene(id: $id) { outcome steps { outcome } } }";

const PUT_SCENE: &str =
    "mutation ($name: String!, $steps: [SceneStepInput!]!) { putScene(name: $name, steps: $steps) { handle } }";

/// What became of a command.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Controlled {
    /// As the schema writes it (`DONE`).
    pub(crate) outcome: String,
    /// Why, where there is more to say.
    pub(crate) reason: Option<String>,
}

/// What became of a scene.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SceneRun {
    /// The worst of its steps.
    pub(crate) outcome: String,
    /// Each step.
    pub(crate) steps: Vec<Controlled>,
}

impl Controlled {
    /// In words: the outcome, and why.
    pub(crate) fn words(&self) -> String {
        let outcome = words(&self.outcome);
        self.reason.as_ref().map_or_else(|| outcome.clone(), |reason| format!("{outcome}: {reason}"))
    }
}

/// An outcome in words: `timed out`.
pub(crate) fn words(outcome: &str) -> String {
    outcome.to_lowercase().replace('_', " ")
}

/// Whether an outcome is what was wanted.
pub(crate) fn is_good(outcome: &str) -> bool {
    matches!(outcome, "DONE" | "ASSUMED" | "QUEUED")
}

/// Controls an endpoint: properties by name, or an action by name. `transition` is in seconds.
pub(crate) async fn control(
    client: &Client,
    device: &str,
    endpoint: &str,
    set: Vec<(String, Value)>,
    invoke: Option<String>,
    transition: Option<f64>,
) -> anyhow::Result<Controlled> {
    #[derive(Deserialize)]
    struct Answer {
        control: Controlled,
    }
    let set: Vec<Value> =
        set.into_iter().map(|(property, value)| json!({ "property": property, "value": value })).collect();
    let set = if set.is_empty() { Value::Null } else { json!({ "vendor": set }) };
    let invoke = invoke.map(|action| json!({ "vendor": { "action": action } }));
    let variables =
        json!({ "device": device, "endpoint": endpoint, "set": set, "invoke": invoke, "transition": transition });
    Ok(client.ask::<Answer>(CONTROL, variables).await?.control)
}

/// The whole home as it is now.
pub(crate) async fn home(client: &Client) -> anyhow::Result<Box<Home>> {
    client.ask(HOME, json!({})).await
}

/// Makes a scene of steps as the API takes them, and gives its handle.
pub(crate) async fn put_scene(client: &Client, name: &str, steps: Vec<Value>) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        put_scene: Saved,
    }
    #[derive(Deserialize)]
    struct Saved {
        handle: String,
    }
    Ok(client.ask::<Answer>(PUT_SCENE, json!({ "name": name, "steps": steps })).await?.put_scene.handle)
}

/// Runs a scene, by id or handle.
pub(crate) async fn run_scene(client: &Client, scene: &str) -> anyhow::Result<SceneRun> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        run_scene: SceneRun,
    }
    Ok(client.ask::<Answer>(RUN_SCENE, json!({ "id": scene })).await?.run_scene)
}
