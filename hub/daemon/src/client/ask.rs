//! The questions that more than one command asks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Client,
    home::{Home, home_fields},
};

const CONTROL: &str = "mutation ($device: ID!, $endpoint: ID!, $set: SetInput, $invoke: InvokeInput, $transition: Float) { \
     control(device: $device, endpoint: $endpoint, set: $set, invoke: $invoke, transition: $transition) \
     { outcome reason command { id } } }";
const RUN_SCENE: &str = "mutation ($id: ID!) { runScene(id: $id) { id outcome summary steps { outcome reason } } }";
const UNDO: &str = "mutation ($run: ID!) { undo(run: $run) { id outcome summary steps { outcome reason } } }";
const LAST_RUNS: &str = "{ runs(skipped: false, limit: 200) { id kind undoes } }";
const CAPTURE: &str = "mutation ($name: String!, $devices: [ID!]!, $rooms: [ID!]!, $transition: Float) { \
     captureScene(name: $name, devices: $devices, rooms: $rooms, transition: $transition) { handle } }";
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
    /// The run.
    pub(crate) id: String,
    /// The worst of its steps.
    pub(crate) outcome: String,
    /// What became of all steps, in words.
    pub(crate) summary: String,
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
    let set: Vec<Value> =
        set.into_iter().map(|(property, value)| json!({ "property": property, "value": value })).collect();
    let set = if set.is_empty() { Value::Null } else { json!({ "vendor": set }) };
    let invoke = invoke.map(|action| json!({ "vendor": { "action": action } }));
    let variables =
        json!({ "device": device, "endpoint": endpoint, "set": set, "invoke": invoke, "transition": transition });
    client.ask(CONTROL, variables).await
}

/// The whole home as it is now.
pub(crate) async fn home(client: &Client) -> anyhow::Result<Box<Home>> {
    client.ask_several(&home_fields(), json!({})).await
}

/// Makes a scene of steps as the API takes them, and gives its handle.
pub(crate) async fn put_scene(client: &Client, name: &str, steps: Vec<Value>) -> anyhow::Result<String> {
    Ok(client.ask::<Saved>(PUT_SCENE, json!({ "name": name, "steps": steps })).await?.handle)
}

/// Makes a scene of how devices and rooms are just now, and gives its handle.
pub(crate) async fn capture_scene(
    client: &Client,
    name: &str,
    devices: &[String],
    rooms: &[String],
    transition: Option<f64>,
) -> anyhow::Result<String> {
    let variables = json!({ "name": name, "devices": devices, "rooms": rooms, "transition": transition });
    Ok(client.ask::<Saved>(CAPTURE, variables).await?.handle)
}

/// Runs a scene, by id or handle.
pub(crate) async fn run_scene(client: &Client, scene: &str) -> anyhow::Result<SceneRun> {
    client.ask(RUN_SCENE, json!({ "id": scene })).await
}

/// Brings back what was there before a run.
pub(crate) async fn undo(client: &Client, run: &str) -> anyhow::Result<SceneRun> {
    client.ask(UNDO, json!({ "run": run })).await
}

/// The last run of a scene or a group that was not itself an undoing.
pub(crate) async fn last_scene_run(client: &Client) -> anyhow::Result<Option<String>> {
    #[derive(Deserialize)]
    struct Run {
        id: String,
        kind: String,
        undoes: Option<String>,
    }
    let runs: Vec<Run> = client.ask(LAST_RUNS, json!({})).await?;
    Ok(runs.into_iter().find(|run| run.kind != "RULE" && run.undoes.is_none()).map(|run| run.id))
}

#[derive(Deserialize)]
struct Saved {
    handle: String,
}
