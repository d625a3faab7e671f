//! `hub say`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{cli::Ending, client::Which, output::Output};

const SAY: &str = "mutation ($text: String!, $language: String) { say(text: $text, language: $language) }";

/// Say something to the rules, as if it had been spoken: `hub say "good night"`. Exits 0 when a rule heard it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What.
    text: String,
    /// In which language, where that is not the home's.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Answer {
    say: Vec<String>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    let variables: Value = json!({ "text": args.text, "language": args.language });
    let heard = client.ask::<Answer>(SAY, variables).await?.say;
    if args.output.json {
        println!("{}", json!({ "heard": heard }));
    } else {
        println!("heard by {}", heard.join(", "));
    }
    Ok(Ending::Good)
}
