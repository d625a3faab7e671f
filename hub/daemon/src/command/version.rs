//! What rules and scenes were: `hub rules history`, `hub rules undo`, `hub scene history`, `hub scene revert`.

use anyhow::bail;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cli::Ending,
    client::Client,
    output::{self, Output},
};

const VERSIONS: &str = "query ($rule: ID, $scene: ID) { versions(rule: $rule, scene: $scene) { number name at author account removed diff } }";
const UNDO: &str =
    "mutation ($rule: ID, $scene: ID) { undoEdit(rule: $rule, scene: $scene) { id problems { line column message } } }";

/// Of what.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing<'a> {
    /// A rule, by its id.
    Rule(&'a str),
    /// A scene, by its handle or id.
    Scene(&'a str),
}

#[derive(Deserialize)]
struct Version {
    number: i64,
    at: jiff::Timestamp,
    author: String,
    account: Option<String>,
    removed: bool,
    diff: String,
}

#[derive(Deserialize)]
struct Saved {
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    line: u32,
    column: u32,
    message: String,
}

impl Thing<'_> {
    fn variables(self) -> Value {
        match self {
            Self::Rule(id) => json!({ "rule": id }),
            Self::Scene(id) => json!({ "scene": id }),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Rule(id) => format!("rule `{id}`"),
            Self::Scene(id) => format!("scene `{id}`"),
        }
    }
}

/// Shows the versions of something.
pub(super) async fn history(client: &Client, thing: Thing<'_>, output: Output) -> anyhow::Result<Ending> {
    output.show(client.ask(VERSIONS, thing.variables()).await?, |versions| print(thing, versions))
}

fn print(thing: Thing<'_>, versions: Vec<Version>) -> anyhow::Result<Ending> {
    if versions.is_empty() {
        bail!("there is no {}, and there was none", thing.name());
    }
    for version in versions.iter().rev() {
        let deed = if version.removed { "removed" } else { "changed" };
        let author = if version.account.is_none() && version.author == "file" { "hand" } else { &version.author };
        println!("{}  {deed} by {author} (version {})", output::moment(version.at), version.number);
        version.diff.lines().for_each(|line| println!("  {line}"));
    }
    Ok(Ending::Good)
}

/// Takes the latest change of something back.
pub(super) async fn undo(client: &Client, thing: Thing<'_>) -> anyhow::Result<Ending> {
    let Saved { problems } = client.ask(UNDO, thing.variables()).await?;
    for Problem { line, column, message } in &problems {
        println!("{line}:{column}: {message}");
    }
    if problems.is_empty() {
        println!("the {} is as it was before", thing.name());
    }
    Ok(Ending::of(problems.is_empty()))
}
