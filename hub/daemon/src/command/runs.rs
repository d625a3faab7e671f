//! `hub runs`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::rules::millis;
use crate::{
    cli::Ending,
    client::{Which, ask},
    output::{self, Output},
};

const RUNS: &str = "query ($rule: ID, $scene: ID, $skipped: Boolean, $limit: Int) { \
     runs(rule: $rule, scene: $scene, skipped: $skipped, limit: $limit) { id kind of name began ended state text times \
     latency cause { actor name id } trigger { text } condition { depth text holds saw { value } } moreSteps \
     steps { at took text outcome reason command { tries } condition { depth text holds saw { value } } } } }";

/// Show what ran, step by step, the newest last; and with --skipped, what was triggered and did not run, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A rule's id; without one, everything.
    rule: Option<String>,
    /// A scene's handle or id instead.
    #[arg(long, value_name = "SCENE", conflicts_with = "rule")]
    scene: Option<String>,
    /// Only what was triggered and did not run.
    #[arg(long)]
    skipped: bool,
    /// How many at most.
    #[arg(long, default_value_t = 10)]
    limit: u32,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    id: String,
    kind: String,
    of: String,
    name: String,
    began: jiff::Timestamp,
    state: String,
    text: String,
    times: u32,
    latency: Option<f64>,
    trigger: Option<Trigger>,
    condition: Vec<Part>,
    more_steps: u32,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Trigger {
    text: String,
}

#[derive(Deserialize)]
struct Part {
    depth: usize,
    text: String,
    holds: bool,
    saw: Vec<Saw>,
}

#[derive(Deserialize)]
struct Saw {
    value: Value,
}

#[derive(Deserialize)]
struct Step {
    took: Option<f64>,
    text: String,
    outcome: Option<String>,
    reason: Option<String>,
    command: Option<Command>,
    condition: Vec<Part>,
}

#[derive(Deserialize)]
struct Command {
    tries: u32,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let skipped = args.skipped.then_some(true);
    let variables = json!({ "rule": args.rule, "scene": args.scene, "skipped": skipped, "limit": args.limit });
    args.output.show(args.which.client()?.ask(RUNS, variables).await?, |runs: Vec<Run>| {
        runs.iter().rev().for_each(print);
        Ok(Ending::Good)
    })
}

fn print(run: &Run) {
    let times = if run.times > 1 { format!(" ({} times)", run.times) } else { String::new() };
    let kind = run.kind.to_lowercase();
    println!("{}  {kind} {} `{}`: {}{times}", output::moment(run.began), run.of, run.name, run.text);
    println!("  run {}", run.id);
    if let Some(trigger) = &run.trigger {
        let latency = run.latency.map(|latency| format!(", first command after {}", millis(latency)));
        println!("  when {}{}", trigger.text, latency.unwrap_or_default());
    }
    print_parts("if", &run.condition);
    for step in &run.steps {
        let outcome = step.outcome.as_deref().map(|outcome| format!(": {}", ask::words(outcome)));
        let reason = step.reason.as_deref().map(|reason| format!(" ({reason})"));
        let took = step.took.filter(|took| *took > 0.0).map(|took| format!(", {took:.3} s"));
        let tries = step.command.as_ref().map_or(1, |command| command.tries);
        let tries = if tries > 1 { format!(", {tries} tries") } else { String::new() };
        let open = if step.took.is_none() && run.state == "RUNNING" { ", goes on" } else { "" };
        let (outcome, reason, took) =
            (outcome.unwrap_or_default(), reason.unwrap_or_default(), took.unwrap_or_default());
        println!("  then {}{outcome}{reason}{took}{tries}{open}", step.text);
        print_parts("    ", &step.condition);
    }
    if run.more_steps > 0 {
        println!("  and {} more", run.more_steps);
    }
}

fn print_parts(word: &str, parts: &[Part]) {
    for part in parts {
        let saw: Vec<_> = part.saw.iter().map(|saw| output::value(&saw.value, "")).collect();
        let saw = if saw.is_empty() { String::new() } else { format!(", saw {}", saw.join(", ")) };
        let held = if part.holds { "yes" } else { "no" };
        println!("  {word} {}{}: {held}{saw}", "  ".repeat(part.depth), part.text);
    }
}
