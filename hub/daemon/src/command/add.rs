//! `hub add`.

use std::io::{Write, stdin, stdout};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cli::Ending,
    client::{Client, Which, shaped},
    output::Grid,
};

const CANDIDATES: &str = "{ candidates { id name kind vendor model adapter } }";
const ADD: &str = "mutation ($candidate: ID, $adapter: String, $code: String, $room: ID) { \
     add(candidate: $candidate, adapter: $adapter, code: $code, room: $room) { id } }";
const STEPS: &str = "subscription ($id: ID!) { onboarding(id: $id) { \
     step asks { name label kind choices } done failed } }";
const CANCEL: &str = "mutation ($id: ID!) { cancelAdd(id: $id) }";
const ANSWER: &str = "mutation ($id: ID!, $answers: [AnswerInput!]!) { answer(id: $id, answers: $answers) }";

/// Add a device: without arguments, list what is nearby; with one of those or a code, add it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A candidate's id or name from the list.
    candidate: Option<String>,
    /// A setup code, a QR code's text, or an address, for what is not in the list.
    #[arg(long)]
    code: Option<String>,
    /// The adapter for the code, where it does not tell by itself.
    #[arg(long)]
    adapter: Option<String>,
    /// The room it will be in, by id or name.
    #[arg(long)]
    room: Option<String>,
    #[command(flatten)]
    which: Which,
}

#[derive(Deserialize)]
struct Candidate {
    id: String,
    name: String,
    kind: String,
    vendor: Option<String>,
    model: Option<String>,
    adapter: String,
}

#[derive(Deserialize)]
struct Begun {
    id: String,
}

#[derive(Deserialize)]
struct Progress {
    step: Option<String>,
    asks: Option<Vec<Ask>>,
    done: Option<String>,
    failed: Option<String>,
}

#[derive(Deserialize)]
struct Ask {
    name: String,
    label: String,
    kind: String,
    choices: Option<Vec<String>>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    if args.candidate.is_none() && args.code.is_none() && args.adapter.is_none() {
        return list(&client).await;
    }
    let candidate = match &args.candidate {
        Some(named) => Some(find(&client, named).await?),
        None => None,
    };
    let variables = json!({ "candidate": candidate, "adapter": args.adapter, "code": args.code, "room": args.room });
    begin(&client, variables).await
}

/// Adds what a wish names (`candidate`, `adapter`, `code`, `room`, each or none), and shows how it goes.
pub(super) async fn begin(client: &Client, wish: Value) -> anyhow::Result<Ending> {
    let Begun { id } = client.ask(ADD, wish).await?;
    let ended = follow(client, &id).await;
    if ended.is_err() {
        // Where it has failed by itself, there is nothing left to give up.
        let _ = client.ask::<Value>(CANCEL, json!({ "id": id })).await;
    }
    ended
}

async fn list(client: &Client) -> anyhow::Result<Ending> {
    let nearby: Vec<Candidate> = client.ask(CANDIDATES, json!({})).await?;
    if nearby.is_empty() {
        println!("Nothing new is nearby. Bring a device into its pairing mode, or use --code.");
        return Ok(Ending::Good);
    }
    let mut grid = Grid::new(["ID", "NAME", "KIND", "MAKER", "ADAPTER"]);
    for found in nearby {
        let maker = [found.vendor, found.model].into_iter().flatten().collect::<Vec<_>>().join(" ");
        grid.row([found.id, found.name, found.kind.to_lowercase(), maker, found.adapter]);
    }
    print!("{}", grid.render());
    Ok(Ending::Good)
}

async fn find(client: &Client, named: &str) -> anyhow::Result<String> {
    let nearby: Vec<Candidate> = client.ask(CANDIDATES, json!({})).await?;
    let found = nearby.into_iter().find(|found| found.id == named || found.name == named);
    Ok(found.with_context(|| format!("nothing nearby is called `{named}`: `hub add` lists what is"))?.id)
}

/// Shows the steps and passes questions on to the person, until the device is there or it is clear that it won't be.
async fn follow(client: &Client, id: &str) -> anyhow::Result<Ending> {
    let mut steps = client.subscribe(STEPS, json!({ "id": id })).await?;
    while let Some(told) = steps.next().await? {
        let progress: Progress = shaped(told)?;
        if let Some(step) = progress.step {
            println!("{step}");
        }
        if let Some(asks) = progress.asks {
            let answers =
                tokio::task::spawn_blocking(move || asks.iter().map(ask).collect::<Result<Vec<_>, _>>()).await??;
            client.ask::<Value>(ANSWER, json!({ "id": id, "answers": answers })).await?;
        }
        if let Some(device) = progress.done {
            println!("It is added: `hub devices {device}` shows it.");
            return Ok(Ending::Good);
        }
        if let Some(why) = progress.failed {
            bail!("it could not be added: {why}");
        }
    }
    bail!("the hub ended before the device was added")
}

/// Asks the person; what must not be seen is typed unseen.
fn ask(ask: &Ask) -> anyhow::Result<Value> {
    let prompt = match (&*ask.kind, &ask.choices) {
        ("CONFIRM", _) => format!("{} (then press Enter) ", ask.label),
        (_, Some(choices)) => format!("{} ({}): ", ask.label, choices.join(", ")),
        _ => format!("{}: ", ask.label),
    };
    let value = if matches!(&*ask.kind, "PIN" | "SECRET") {
        rpassword::prompt_password(prompt).context("there is no terminal to type a secret on")?
    } else {
        print!("{prompt}");
        stdout().flush()?;
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    Ok(json!({ "name": ask.name, "value": value }))
}
