//! `hub token`.

use hub_model::Role;

use super::role::parse_role;
use crate::{cli::Ending, client::Which, local::Ask, owner};

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
    role: Role,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let answer = owner::ask(&args.which.folder()?, Ask::Token { name: args.name, role: args.role }).await?;
    println!("{}", owner::text(answer)?);
    Ok(Ending::Good)
}
