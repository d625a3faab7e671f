//! `hub token`.

use serde_json::json;

use super::role::parse_role;
use crate::{cli::Ending, client::Which};

const CREATE: &str = "mutation ($name: String!, $role: Role!) { createToken(name: $name, role: $role) }";

/// Print a new token for a person or a program, and nothing else.
///
/// It works with the hub running or not. The token is shown this once; the hub keeps only its hash.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose it is, for the list of those who have access.
    #[arg(long)]
    name: String,
    /// What it may do: owner, admin, member or guest.
    #[arg(long, default_value = "member", value_parser = parse_role)]
    role: String,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let variables = json!({ "name": args.name, "role": args.role });
    let token: String = args.which.ask_or_open(async |client| client.ask(CREATE, variables).await).await?;
    println!("{token}");
    Ok(Ending::Good)
}
