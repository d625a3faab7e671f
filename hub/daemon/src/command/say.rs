//! `hub say`.

use serde_json::json;

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

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let variables = json!({ "text": args.text, "language": args.language });
    let heard: Vec<String> = args.which.client()?.ask(SAY, variables).await?;
    if args.output.json {
        println!("{}", json!({ "heard": heard }));
    } else {
        println!("heard by {}", heard.join(", "));
    }
    Ok(Ending::Good)
}
