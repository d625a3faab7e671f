//! `hub rehearse`.

use std::path::PathBuf;

use anyhow::Context;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::{
    cli::Ending,
    client::{Which, ask},
    output::{self, Output},
};

const REHEARSE: &str = "query ($rule: ID, $text: String, $file: String, $days: Float!, $within: Float!) { \
     rehearse(rule: $rule, text: $text, file: $file, days: $days, within: $within) { from to events fought \
     ran { rule runs } reasons { why count } fights { at otherAt text } assumed \
     runs { name began state text trigger { text } moreSteps steps { at text outcome } } \
     skipped { name began text trigger { text } } } }";

/// Try a rule on the past: when it would have run, what it would have done, why it did not, and what it would have fought
/// with. Nothing leaves the hub; the rule need not be in the folder, and no device is asked anything.
///
/// `hub rehearse hall-light.toml --days 14` tries the rules of a file, `hub rehearse hall-light` a rule of the folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A rule file, or the id of a rule of the folder.
    #[arg(value_name = "FILE|RULE")]
    rule: String,
    /// How many days back.
    #[arg(long, default_value_t = 14.0)]
    days: f64,
    /// How near to each other two wishes are a fight, in minutes.
    #[arg(long, default_value_t = 5.0, value_name = "MINUTES")]
    within: f64,
    /// Show so many runs, and so many triggers that came to nothing; the newest.
    #[arg(long, default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Rehearsal {
    from: Timestamp,
    to: Timestamp,
    events: u64,
    fought: u64,
    ran: Vec<Ran>,
    reasons: Vec<Reason>,
    fights: Vec<Fight>,
    assumed: Vec<String>,
    runs: Vec<Run>,
    skipped: Vec<Skipped>,
}

#[derive(Deserialize)]
struct Ran {
    rule: String,
    runs: u64,
}

#[derive(Deserialize)]
struct Reason {
    why: String,
    count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fight {
    at: Timestamp,
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    name: String,
    began: Timestamp,
    trigger: Option<Trigger>,
    more_steps: u32,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Trigger {
    text: String,
}

#[derive(Deserialize)]
struct Step {
    at: Timestamp,
    text: String,
    outcome: Option<String>,
}

#[derive(Deserialize)]
struct Skipped {
    name: String,
    began: Timestamp,
    text: String,
    trigger: Option<Trigger>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let file = PathBuf::from(&args.rule);
    let is_file = file.extension().is_some() || file.is_file();
    let text = if is_file { Some(std::fs::read_to_string(&file).with_context(|| args.rule.clone())?) } else { None };
    let rule = if is_file { None } else { Some(&args.rule) };
    let variables =
        json!({ "rule": rule, "text": text, "file": args.rule, "days": args.days, "within": args.within * 60.0 });
    let answer = args.which.ask_or_open(async |client| client.ask(REHEARSE, variables).await).await?;
    args.output.show(answer, |found: Rehearsal| {
        print(&found, args.limit);
        Ok(Ending::Good)
    })
}

fn print(found: &Rehearsal, limit: usize) {
    println!("{} to {}: {} events gone through.", output::moment(found.from), output::moment(found.to), found.events);
    if found.ran.is_empty() {
        println!("It would not have run.");
    }
    for ran in &found.ran {
        println!("`{}` would have run {} times.", ran.rule, ran.runs);
    }
    for reason in &found.reasons {
        println!("{} triggers would have come to nothing: {}.", reason.count, ask::words(&reason.why));
    }
    print_runs(&found.runs, limit);
    print_skipped(&found.skipped, limit);
    if found.fought > 0 {
        println!("\nIt would have fought {} times:", found.fought);
        last(&found.fights, limit).iter().for_each(|fight| println!("  {}  {}", output::moment(fight.at), fight.text));
    }
    println!("\nTaken for granted:");
    found.assumed.iter().for_each(|assumed| println!("  {assumed}"));
}

fn print_runs(runs: &[Run], limit: usize) {
    if !runs.is_empty() {
        println!("\nRuns:");
    }
    for run in last(runs, limit) {
        let when = run.trigger.as_ref().map_or_else(String::new, |trigger| format!(", when {}", trigger.text));
        println!("  {}  {}{when}", output::moment(run.began), run.name);
        for step in &run.steps {
            let after = step.at.duration_since(run.began);
            let outcome = step.outcome.as_deref().filter(|outcome| *outcome != "DONE");
            let outcome = outcome.map_or_else(String::new, |outcome| format!(": {}", ask::words(outcome)));
            println!("    after {after:#}  {}{outcome}", step.text);
        }
        if run.more_steps > 0 {
            println!("    and {} more", run.more_steps);
        }
    }
}

fn print_skipped(skipped: &[Skipped], limit: usize) {
    if !skipped.is_empty() {
        println!("\nTriggered, but not run:");
    }
    for one in last(skipped, limit) {
        let when = one.trigger.as_ref().map_or_else(String::new, |trigger| format!(", when {}", trigger.text));
        println!("  {}  {}{when}: {}", output::moment(one.began), one.name, one.text);
    }
}

fn last<T>(list: &[T], most: usize) -> &[T] {
    &list[list.len().saturating_sub(most)..]
}
