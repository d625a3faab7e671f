//! `hub blueprints`.

use serde::Deserialize;
use serde_json::json;

use crate::{
    cli::{Ending, WrongUse},
    client::{Client, Which},
    output::{Grid, Output},
};

const LIST: &str = "{ blueprints { id name doc builtin inputs { id name doc takes needs default } } }";
const USE: &str = "mutation ($blueprint: ID!, $name: String!, $with: [BlueprintAnswer!]!, $plain: Boolean!) { \
     useBlueprint(blueprint: $blueprint, name: $name, with: $with, plain: $plain) { file text } }";

/// List blueprints, show what one wants to know, or use one:
/// `hub blueprints use motion-light --name "Hall light" motion=hall-motion light=hall-lamp`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// `use`, or the blueprint to show.
    first: Option<String>,
    /// With `use`: the blueprint.
    #[arg(value_name = "BLUEPRINT")]
    blueprint: Option<String>,
    /// With `use`: what its inputs are.
    #[arg(value_name = "INPUT=VALUE")]
    with: Vec<String>,
    /// With `use`: the name of the rule; that of the blueprint if not given.
    #[arg(long)]
    name: Option<String>,
    /// With `use`: write it out as a plain rule, which you can change as you like.
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Blueprint {
    id: String,
    name: String,
    doc: String,
    inputs: Vec<Input>,
}

#[derive(Deserialize)]
struct Input {
    id: String,
    doc: String,
    takes: String,
    needs: Vec<String>,
    default: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    file: String,
    text: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    match args.first.as_deref() {
        Some("use") => {
            let blueprint =
                args.blueprint.ok_or_else(|| WrongUse("which blueprint? `hub blueprints` lists them".into()))?;
            make(&client, &blueprint, args.name, &args.with, args.plain, args.output).await
        }
        None => args.output.show(client.ask(LIST, json!({})).await?, list),
        Some(wanted) => args.output.show(client.ask(LIST, json!({})).await?, |all| one(all, wanted)),
    }
}

fn list(all: Vec<Blueprint>) -> anyhow::Result<Ending> {
    let mut grid = Grid::new(["BLUEPRINT", "WHAT IT DOES"]);
    all.into_iter().for_each(|blueprint| grid.row([blueprint.id, blueprint.doc]));
    print!("{}", grid.render());
    Ok(Ending::Good)
}

fn one(all: Vec<Blueprint>, wanted: &str) -> anyhow::Result<Ending> {
    let Some(blueprint) = all.into_iter().find(|blueprint| blueprint.id == wanted) else {
        return Err(WrongUse(format!("there is no blueprint `{wanted}`: `hub blueprints` lists them")).into());
    };
    println!("{}: {}\n", blueprint.name, blueprint.doc);
    let mut grid = Grid::new(["INPUT", "TAKES", "DEFAULT", "WHAT IT IS"]);
    for input in blueprint.inputs {
        let needs = if input.needs.is_empty() { String::new() } else { format!(" with {}", input.needs.join(", ")) };
        let takes = format!("{}{needs}", input.takes.to_lowercase());
        grid.row([input.id, takes, input.default.unwrap_or_else(|| "-".into()), input.doc]);
    }
    print!("{}", grid.render());
    Ok(Ending::Good)
}

async fn make(
    client: &Client,
    blueprint: &str,
    name: Option<String>,
    with: &[String],
    plain: bool,
    output: Output,
) -> anyhow::Result<Ending> {
    let answer = |text: &String| match text.split_once('=') {
        Some((input, value)) => Ok(json!({ "input": input, "value": value })),
        None => Err(WrongUse(format!("`{text}` is not INPUT=VALUE, such as light=hall-lamp"))),
    };
    let with: Vec<_> = with.iter().map(answer).collect::<Result<_, _>>()?;
    let name = name.unwrap_or_else(|| {
        let words = blueprint.replace('-', " ");
        words.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect()
    });
    let variables = json!({ "blueprint": blueprint, "name": name, "with": with, "plain": plain });
    output.show(client.ask(USE, variables).await?, |Made { file, text }| {
        println!("automations/{file}:\n\n{text}");
        Ok(Ending::Good)
    })
}
