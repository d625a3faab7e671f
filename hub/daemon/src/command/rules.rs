//! `hub rules`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::version::{Thing, history, undo};
use crate::{
    cli::Ending,
    client::{Client, Which},
    output::{Grid, Output},
};

const RULES: &str = "{ rules { id name enabled mode file problem { line column message } \
     latency { p50 p99 runs } runs(skipped: false, limit: 1) { began state } } }";
const RUN: &str = "mutation ($id: ID!) { runRule(id: $id) { id } }";
const RENAME: &str = "mutation ($old: String!, $new: String!) { \
     renameHandleInRules(from: $old, to: $new) { places files left } }";
const ADDRESSES: &str = "query ($id: ID!) { rule(id: $id) { addresses { path methods } } }";

/// List the rules: whether each acts, when it last ran, and how fast it is.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Option<Deed>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

/// What can be done with rules.
#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Run a rule by hand, whatever triggers it: `hub rules run tidy-up`. Its condition has to hold all the same.
    Run {
        /// The rule's id.
        rule: String,
        #[command(flatten)]
        which: Which,
    },
    /// Write a device's new handle into all rule files that still say the old one; comments stay.
    RenameHandle {
        /// The handle that stands there.
        old: String,
        /// The device's handle now.
        new: String,
        #[command(flatten)]
        which: Which,
    },
    /// Show the addresses by which a rule can be called; whoever knows one can, so keep them secret.
    Addresses {
        /// The rule's id.
        rule: String,
        #[command(flatten)]
        which: Which,
    },
    /// Show who changed a rule, when, and how; the newest change last.
    History {
        /// The rule's id; of one that is gone too.
        rule: String,
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
    /// Take the latest change of a rule back, also where it was made or removed by it.
    Undo {
        /// The rule's id.
        rule: String,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    name: String,
    enabled: bool,
    file: Option<String>,
    problem: Option<Problem>,
    latency: Option<Latency>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Problem {
    line: u32,
    column: u32,
    message: String,
}

#[derive(Deserialize)]
struct Latency {
    p50: f64,
    p99: f64,
}

#[derive(Deserialize)]
struct Run {
    began: jiff::Timestamp,
}

#[derive(Deserialize)]
struct Renamed {
    places: u64,
    files: Vec<String>,
    left: Vec<String>,
}

#[derive(Deserialize)]
struct Addressed {
    addresses: Vec<Address>,
}

#[derive(Deserialize)]
struct Address {
    path: String,
    methods: Vec<String>,
}

impl Deed {
    async fn execute(self) -> anyhow::Result<Ending> {
        match self {
            Self::Run { rule, which } => {
                let _: Value = which.client()?.ask(RUN, json!({ "id": rule })).await?;
                println!("told; `hub runs {rule}` says what became of it");
                Ok(Ending::Good)
            }
            Self::RenameHandle { old, new, which } => rename_handle(&which.client()?, &old, &new).await,
            Self::Addresses { rule, which } => addresses(&which.client()?, &rule).await,
            Self::History { rule, which, output } => history(&which.client()?, Thing::Rule(&rule), output).await,
            Self::Undo { rule, which } => undo(&which.client()?, Thing::Rule(&rule)).await,
        }
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    if let Some(deed) = args.deed {
        return deed.execute().await;
    }
    args.output.show(args.which.client()?.ask(RULES, json!({})).await?, list)
}

async fn rename_handle(client: &Client, old: &str, new: &str) -> anyhow::Result<Ending> {
    let told: Renamed = client.ask(RENAME, json!({ "old": old, "new": new })).await?;
    told.files.iter().for_each(|file| println!("changed {file}"));
    told.left.iter().for_each(|file| println!("left {file} as it is: it has mistakes"));
    println!("{} places", told.places);
    Ok(Ending::of(told.left.is_empty()))
}

async fn addresses(client: &Client, rule: &str) -> anyhow::Result<Ending> {
    let known: Option<Addressed> = client.ask(ADDRESSES, json!({ "id": rule })).await?;
    let addresses = known.map_or_else(Vec::new, |rule| rule.addresses);
    for Address { path, methods } in &addresses {
        println!("{} {path}", methods.join(","));
    }
    Ok(Ending::of(!addresses.is_empty()))
}

fn list(rules: Vec<Rule>) -> anyhow::Result<Ending> {
    let mut grid = Grid::new(["RULE", "NAME", "ACTS", "LAST RUN", "P50", "P99"]);
    for rule in &rules {
        let acts = match (&rule.problem, rule.enabled) {
            (Some(_), _) => "no: mistake",
            (None, true) => "yes",
            (None, false) => "no: disabled",
        };
        let last = rule.runs.first().map_or_else(String::new, |run| crate::output::moment(run.began));
        let pace = |part: fn(&Latency) -> f64| rule.latency.as_ref().map_or_else(String::new, |it| millis(part(it)));
        let (p50, p99) = (pace(|latency| latency.p50), pace(|latency| latency.p99));
        grid.row([rule.id.clone(), rule.name.clone(), acts.into(), last, p50, p99]);
    }
    print!("{}", grid.render());
    for rule in &rules {
        if let Some(Problem { line, column, message }) = &rule.problem {
            println!("{}:{line}:{column}: {message}", rule.file.as_deref().unwrap_or(&rule.id));
        }
    }
    Ok(Ending::Good)
}

/// A time in ms, with no more digits than anyone reads.
pub(super) fn millis(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}
