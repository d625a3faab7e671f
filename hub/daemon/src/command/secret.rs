//! `hub secret`.

use std::io::{IsTerminal, Read, stdin};

use anyhow::{Context, ensure};

use serde_json::{Value, json};

use crate::{cli::Ending, client::Which};

const SET: &str = "mutation ($name: String!, $secret: String!) { setSecret(name: $name, secret: $secret) }";
const REMOVE: &str = "mutation ($name: String!) { removeSecret(name: $name) }";
const LIST: &str = "{ secretNames }";

/// Set, remove or list the secrets that settings name: `hub secret set mqtt`. They are encrypted at rest.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Set a secret: typed unseen, or from standard input.
    Set {
        /// The name that settings use: `password = { secret = "NAME" }`.
        name: String,
        #[command(flatten)]
        which: Which,
    },
    /// Forget a secret.
    Remove {
        /// Its name.
        name: String,
        #[command(flatten)]
        which: Which,
    },
    /// List the names; a secret itself is never shown.
    List {
        #[command(flatten)]
        which: Which,
    },
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let (which, mutation, variables) = match args.deed {
        Deed::Set { name, which } => (which, SET, json!({ "secret": typed(&name)?, "name": name })),
        Deed::Remove { name, which } => (which, REMOVE, json!({ "name": name })),
        Deed::List { which } => return list(&which).await,
    };
    let _: Value = which.ask_or_open(async |client| client.ask(mutation, variables).await).await?;
    Ok(Ending::Good)
}

async fn list(which: &Which) -> anyhow::Result<Ending> {
    let names: Vec<String> = which.ask_or_open(async |client| client.ask(LIST, json!({})).await).await?;
    names.iter().for_each(|name| println!("{name}"));
    Ok(Ending::Good)
}

/// The secret, which is never an argument: others on the machine can read those.
fn typed(name: &str) -> anyhow::Result<String> {
    let text = if stdin().is_terminal() {
        rpassword::prompt_password(format!("{name}: ")).context("the secret can't be typed here")?
    } else {
        let mut text = String::new();
        stdin().take(64 * 1024).read_to_string(&mut text).context("the secret is not a text")?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    };
    ensure!(!text.is_empty(), "the secret is empty; `hub secret remove {name}` forgets one");
    Ok(text)
}
