//! `hub invite`.

use hub_model::Role;

use super::role::parse_role;
use crate::{cli::Ending, client::Which, local::Ask, owner};

/// Print a code that pairs one phone within 15 minutes.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "pair")]
pub(crate) struct Args {
    /// What the phone may do: owner, admin, member or guest.
    #[arg(long, default_value = "member", value_parser = parse_role)]
    role: Role,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let answer = owner::ask_running(&args.which.folder()?, &Ask::Invite { role: args.role }).await?;
    println!("{}", owner::text(answer)?);
    Ok(Ending::Good)
}
