//! `hub set`.

use hub_model::{PathName, property::NoSuchName};
use serde_json::json;

use crate::{
    cli::{Ending, WrongUse},
    client::{Which, ask},
    output::Output,
    typed,
};

/// Set a property: `hub set hall-lamp/brightness.level 30`. Exits 0 when the device did it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where: handle/property, or handle/endpoint/property.
    #[arg(value_name = "PATH")]
    path: PathName,
    /// What: true, false, a number, a word, or {"h":120,"s":100}.
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// More of the same endpoint, sent as one command: `color_temperature.kelvin=2700`.
    #[arg(long = "also", value_name = "PROPERTY=VALUE")]
    also: Vec<String>,
    /// Over how many seconds.
    #[arg(long, value_name = "SECONDS")]
    transition: Option<f64>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let PathName { handle, endpoint, property } = args.path;
    let mut set = vec![typed::pair(property, &args.value)];
    for more in &args.also {
        let wrong = || WrongUse(format!("`{more}` is not PROPERTY=VALUE"));
        let (property, value) = more.split_once('=').ok_or_else(wrong)?;
        set.push(typed::pair(property.parse().map_err(|error: NoSuchName| WrongUse(error.to_string()))?, value));
    }
    let client = args.which.client()?;
    let told = ask::control(&client, handle.as_str(), endpoint.as_str(), set, None, args.transition).await?;
    if args.output.json {
        println!("{}", json!({ "outcome": told.outcome, "reason": told.reason }));
    } else {
        println!("{}", told.words());
    }
    Ok(Ending::of(ask::is_good(&told.outcome)))
}
