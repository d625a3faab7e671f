//! `hub scene`.

use anyhow::Context;
use hub_model::PathName;
use serde_json::{Value, json};

use super::version::{self, Thing};
use crate::{
    cli::Ending,
    client::{Client, Which, ask},
    output::{Grid, Output},
    typed,
};

/// Run a scene; without a name, list them; or save one: `hub scene --save "Good night" --set hall-lamp/on_off.on=off`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Option<Deed>,
    /// The scene's handle or id.
    scene: Option<String>,
    /// Save a scene of that name.
    #[arg(long, value_name = "NAME", conflicts_with = "scene", requires = "set")]
    save: Option<String>,
    /// What the scene brings about; as often as needed.
    #[arg(long, value_name = "PATH=VALUE", requires = "save")]
    set: Vec<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

/// What else can be done with scenes.
#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Bring back what was there before a run of a scene, a group or a rule.
    Undo {
        /// The run, as `hub scene --json` and `hub runs` tell it; the last one of a scene or group where it is left out.
        run: Option<String>,
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
    /// Show who changed a scene, when, and how; the newest change last.
    History {
        /// The scene's handle or id; of one that is gone, its id.
        scene: String,
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
    /// Take the latest change of a scene back, also where it was made or removed by it.
    Revert {
        /// The scene's handle or id; of one that is gone, its id.
        scene: String,
        #[command(flatten)]
        which: Which,
    },
    /// Save a scene of how devices are just now: `hub scene capture Evening --room "Living room"`.
    Capture {
        /// Its name.
        name: String,
        /// Devices, by handle.
        devices: Vec<String>,
        /// All devices of a room; as often as needed.
        #[arg(long, value_name = "ROOM")]
        room: Vec<String>,
        /// How many seconds each change shall take, where it can.
        #[arg(long, value_name = "SECONDS")]
        transition: Option<f64>,
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    match args.deed {
        Some(Deed::Undo { run, which, output }) => return undo(&which.client()?, run, &output).await,
        Some(Deed::History { scene, which, output }) => {
            return version::history(&which.client()?, Thing::Scene(&scene), output).await;
        }
        Some(Deed::Revert { scene, which }) => return version::undo(&which.client()?, Thing::Scene(&scene)).await,
        Some(Deed::Capture { name, devices, room, transition, which, output }) => {
            let client = which.client()?;
            let handle = ask::capture_scene(&client, &name, &devices, &room, transition).await?;
            saved(&handle, &output);
            return Ok(Ending::Good);
        }
        None => {}
    }
    let client = args.which.client()?;
    match (args.save, args.scene) {
        (Some(name), _) => save(&client, &name, &args.set, &args.output).await,
        (None, Some(scene)) => Ok(told(&ask::run_scene(&client, &scene).await?, &args.output)),
        (None, None) => list(&client).await,
    }
}

async fn list(client: &Client) -> anyhow::Result<Ending> {
    let home = ask::home(client).await?;
    let mut grid = Grid::new(["SCENE", "NAME"]);
    home.scenes.iter().for_each(|scene| grid.row([scene.handle.clone(), scene.name.clone()]));
    print!("{}", grid.render());
    Ok(Ending::Good)
}

async fn undo(client: &Client, run: Option<String>, output: &Output) -> anyhow::Result<Ending> {
    let run = match run {
        Some(run) => run,
        None => ask::last_scene_run(client).await?.context("no scene was run yet")?,
    };
    Ok(told(&ask::undo(client, &run).await?, output))
}

/// Says what became of all steps.
fn told(run: &ask::SceneRun, output: &Output) -> Ending {
    if output.json {
        let steps: Vec<&str> = run.steps.iter().map(|step| &*step.outcome).collect();
        println!("{}", json!({ "run": run.id, "outcome": run.outcome, "summary": run.summary, "steps": steps }));
    } else {
        println!("{}: {}", ask::words(&run.outcome), run.summary);
    }
    Ending::of(ask::is_good(&run.outcome))
}

fn saved(handle: &str, output: &Output) {
    if output.json {
        println!("{}", json!({ "handle": handle }));
    } else {
        println!("saved: `hub scene {handle}` runs it");
    }
}

async fn save(client: &Client, name: &str, set: &[String], output: &Output) -> anyhow::Result<Ending> {
    let handle = ask::put_scene(client, name, steps(typed::settings(set)?)).await?;
    saved(&handle, output);
    Ok(Ending::Good)
}

/// One step for each endpoint, so that what is set of one goes out as one command.
fn steps(settings: Vec<(PathName, Value)>) -> Vec<Value> {
    let mut steps: Vec<((String, String), Vec<Value>)> = Vec::new();
    for (PathName { handle, endpoint, property }, value) in settings {
        let target = (handle.to_string(), endpoint.to_string());
        let one = json!({ "property": property, "value": value });
        match steps.iter_mut().find(|(known, _)| *known == target) {
            Some((_, set)) => set.push(one),
            None => steps.push((target, vec![one])),
        }
    }
    let step = |((device, endpoint), set)| json!({ "device": device, "endpoint": endpoint, "set": { "vendor": set } });
    steps.into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_of_one_endpoint_is_one_step() {
        let set = ["a/on_off.on=on", "b/on_off.on=off", "a/brightness.level=30"].map(String::from);
        let steps = steps(typed::settings(&set).unwrap());
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0]["set"]["vendor"][1], json!({ "property": "brightness.level", "value": 30 }));
    }
}
