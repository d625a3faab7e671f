//! `hub invite`.

use serde::Deserialize;
use serde_json::json;

use super::role::parse_role;
use crate::{cli::Ending, client::Which};

const INVITE: &str = "mutation ($role: Role!) { invite(role: $role) { code } }";

/// Print a code that pairs one phone within 15 minutes.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "pair")]
pub(crate) struct Args {
    /// What the phone may do: owner, admin, member or guest.
    #[arg(long, default_value = "member", value_parser = parse_role)]
    role: String,
    #[command(flatten)]
    which: Which,
}

#[derive(Deserialize)]
struct Invited {
    code: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let invited: Invited = args.which.client()?.ask(INVITE, json!({ "role": args.role })).await?;
    println!("{}", invited.code);
    Ok(Ending::Good)
}
