//! `hub why`.

use hub_model::PathName;
use serde::Deserialize;
use serde_json::json;

use crate::{
    cli::{Ending, WrongUse},
    client::Which,
    output::{self, Output},
};

const WHY: &str = "query ($device: ID!, $endpoint: ID!, $property: String, $at: DateTime) { \
     why(device: $device, endpoint: $endpoint, property: $property, at: $at) \
     { kind at text value outcome command run actor id } }";

/// Say why something is as it is: `hub why hall-lamp`, or `hub why hall-lamp/on_off.on`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A device's handle, or handle/property, or handle/endpoint/property.
    #[arg(value_name = "DEVICE|PATH")]
    of: String,
    /// Why it was so at a moment (`2026-03-01T07:30:00Z`).
    #[arg(long, value_name = "MOMENT")]
    at: Option<jiff::Timestamp>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Link {
    at: Option<jiff::Timestamp>,
    text: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let at = args.at.map(|at| at.to_string());
    let variables = if args.of.contains('/') {
        let path: PathName = args.of.parse().map_err(|error: hub_model::path::NotAPath| WrongUse(error.to_string()))?;
        json!({ "device": path.handle.as_str(), "endpoint": path.endpoint.as_str(), "property": path.property.as_str(), "at": at })
    } else {
        json!({ "device": args.of, "endpoint": "1", "at": at })
    };
    args.output.show(args.which.client()?.ask(WHY, variables).await?, print)
}

fn print(links: Vec<Link>) -> anyhow::Result<Ending> {
    for (depth, link) in links.iter().enumerate() {
        let when = link.at.map(|at| format!("{}  ", output::moment(at))).unwrap_or_default();
        let because = if depth == 0 { "" } else { "because " };
        println!("{}{because}{when}{}", "  ".repeat(depth), link.text);
    }
    Ok(Ending::Good)
}
