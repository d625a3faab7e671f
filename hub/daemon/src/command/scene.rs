//! `hub scene`.

use hub_model::PathName;
use serde_json::{Value, json};

use crate::{
    cli::{Ending, WrongUse},
    client::{Client, Which, ask},
    output::{Grid, Output},
    typed,
};

/// Run a scene; without a name, list them; or save one: `hub scene --save "Good night" --set hall-lamp/on_off.on=off`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
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

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    match (args.save, args.scene) {
        (Some(name), _) => save(&client, &name, &args.set, &args.output).await,
        (None, Some(scene)) => start(&client, &scene, &args.output).await,
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

async fn start(client: &Client, scene: &str, output: &Output) -> anyhow::Result<Ending> {
    let run = ask::run_scene(client, scene).await?;
    let steps: Vec<&str> = run.steps.iter().map(|step| &*step.outcome).collect();
    if output.json {
        println!("{}", json!({ "outcome": run.outcome, "steps": steps }));
    } else {
        let good = steps.iter().filter(|outcome| ask::is_good(outcome)).count();
        println!("{}: {good} of {} steps", run.outcome.to_lowercase(), steps.len());
    }
    Ok(Ending::of(ask::is_good(&run.outcome)))
}

async fn save(client: &Client, name: &str, set: &[String], output: &Output) -> anyhow::Result<Ending> {
    let settings: Result<Vec<_>, _> = set.iter().map(|text| typed::setting(text)).collect();
    let handle = ask::put_scene(client, name, steps(settings.map_err(|error| WrongUse(error.to_string()))?)).await?;
    if output.json {
        println!("{}", json!({ "handle": handle }));
    } else {
        println!("saved: `hub scene {handle}` runs it");
    }
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
        let set =
            ["a/on_off.on=on", "b/on_off.on=off", "a/brightness.level=30"].map(|text| typed::setting(text).unwrap());
        let steps = steps(set.into());
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0]["set"]["vendor"][1], json!({ "property": "brightness.level", "value": 30 }));
    }
}
