//! `hub rules`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::version::{Thing, history, undo};
use crate::{
    cli::Ending,
    client::Which,
    output::{Grid, Output},
};

const RULES: &str = "{ rules { id name enabled mode file problem { line column message } \
     latency { p50 p99 runs } runs(skipped: false, limit: 1) { began state } } }";

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
struct Answer {
    rules: Vec<Rule>,
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

const RENAME: &str = "mutation ($old: String!, $new: String!) { \
     renameHandleInRules(from: $old, to: $new) { places files left } }";
const RUN: &str = "mutation ($id: ID!) { runRule(id: $id) { id } }";
const ADDRESSES: &str = "query ($id: ID!) { rule(id: $id) { addresses { path methods } } }";

impl Deed {
    async fn execute(self) -> anyhow::Result<Ending> {
        match self {
            Self::Run { rule, which } => {
                let _: Value = which.client()?.ask(RUN, json!({ "id": rule })).await?;
                println!("told; `hub runs {rule}` says what became of it");
                Ok(Ending::Good)
            }
            Self::RenameHandle { old, new, which } => {
                let told: Value = which.client()?.ask(RENAME, json!({ "old": old, "new": new })).await?;
                let told = &told["renameHandleInRules"];
                for file in told["files"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    println!("changed {file}");
                }
                let left: Vec<_> = told["left"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                for file in &left {
                    println!("left {file} as it is: it has mistakes");
                }
                println!("{} places", told["places"]);
                Ok(Ending::of(left.is_empty()))
            }
            Self::Addresses { rule, which } => {
                let told: Value = which.client()?.ask(ADDRESSES, json!({ "id": rule })).await?;
                let addresses = told["rule"]["addresses"].as_array().cloned().unwrap_or_default();
                for address in &addresses {
                    let methods: Vec<_> =
                        address["methods"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                    println!("{} {}", methods.join(","), address["path"].as_str().unwrap_or_default());
                }
                Ok(Ending::of(!addresses.is_empty()))
            }
            Self::History { rule, which, output } => history(&which.client()?, Thing::Rule(&rule), &output).await,
            Self::Undo { rule, which } => undo(&which.client()?, Thing::Rule(&rule)).await,
        }
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    if let Some(deed) = args.deed {
        return deed.execute().await;
    }
    let client = args.which.client()?;
    if args.output.json {
        let answer: Value = client.ask(RULES, json!({})).await?;
        println!("{:#}", answer["rules"]);
        return Ok(Ending::Good);
    }
    let rules = client.ask::<Answer>(RULES, json!({})).await?.rules;
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
