//! `hub scene`.

use serde_json::json;

use crate::{
    cli::Ending,
    client::{Which, ask},
    output::{Grid, Output},
};

/// Run a scene; without a name, list them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The scene's handle or id.
    scene: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    let Some(scene) = args.scene else {
        let home = ask::home(&client).await?;
        let mut grid = Grid::new(["SCENE", "NAME"]);
        home.scenes.iter().for_each(|scene| grid.row([scene.handle.clone(), scene.name.clone()]));
        print!("{}", grid.render());
        return Ok(Ending::Good);
    };
    let run = ask::run_scene(&client, &scene).await?;
    let steps: Vec<&str> = run.steps.iter().map(|step| &*step.outcome).collect();
    if args.output.json {
        println!("{}", json!({ "outcome": run.outcome, "steps": steps }));
    } else {
        let good = steps.iter().filter(|outcome| ask::is_good(outcome)).count();
        println!("{}: {good} of {} steps", run.outcome.to_lowercase(), steps.len());
    }
    Ok(Ending::of(ask::is_good(&run.outcome)))
}
