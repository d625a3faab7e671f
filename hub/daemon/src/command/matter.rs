//! `hub matter`.

mod firmware;
mod ledger;
mod roots;

use serde::Deserialize;
use serde_json::json;

use super::add;
use crate::{
    cli::Ending,
    client::{Client, Which},
    output::Grid,
};

const SHARE: &str = "mutation ($device: ID!) { share(device: $device) { manual qr seconds } }";
const ECOSYSTEMS: &str = "query ($device: ID!) { ecosystems(device: $device) { id name isThisHub } }";
const REMOVE: &str = "mutation ($device: ID!, $id: ID!) { removeEcosystem(device: $device, id: $id) }";
const DIAGNOSTICS: &str = "query ($device: ID!) { diagnostics(device: $device) { name value } }";

/// Matter devices: add one by its code, share it with another ecosystem, see how it is.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Add the device of a setup code: the digits below its QR code, or the QR code's text.
    Commission {
        /// The code.
        code: String,
        /// The room it will be in, by id or name.
        #[arg(long)]
        room: Option<String>,
        #[command(flatten)]
        which: Which,
    },
    /// Open a device to one more ecosystem for a few minutes, and show the code for it.
    Share {
        /// The device's handle or id.
        device: String,
        #[command(flatten)]
        which: Which,
    },
    /// List the ecosystems that a device belongs to, or take it away from one.
    Ecosystems {
        /// The device's handle or id.
        device: String,
        /// The id of the one to take it away from.
        #[arg(long)]
        remove: Option<String>,
        #[command(flatten)]
        which: Which,
    },
    /// Show what a device says of its own state.
    Diagnose {
        /// The device's handle or id.
        device: String,
        #[command(flatten)]
        which: Which,
    },
    Firmware(firmware::Args),
    Roots(roots::Args),
}

#[derive(Deserialize)]
struct Invitation {
    manual: String,
    qr: Option<String>,
    seconds: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ecosystem {
    id: String,
    name: String,
    is_this_hub: bool,
}

#[derive(Deserialize)]
struct Finding {
    name: String,
    value: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    match args.what {
        What::Commission { code, room, which } => {
            let wish = json!({ "adapter": "matter", "code": code, "room": room });
            add::begin(&which.client()?, wish).await
        }
        What::Share { device, which } => share(&which.client()?, &device).await,
        What::Ecosystems { device, remove: None, which } => ecosystems(&which.client()?, &device).await,
        What::Ecosystems { device, remove: Some(id), which } => {
            let _: serde_json::Value = which.client()?.ask(REMOVE, json!({ "device": device, "id": id })).await?;
            println!("{device} no longer belongs to it.");
            Ok(Ending::Good)
        }
        What::Diagnose { device, which } => diagnose(&which.client()?, &device).await,
        What::Firmware(args) => firmware::run(args).await,
        What::Roots(args) => roots::run(args).await,
    }
}

async fn share(client: &Client, device: &str) -> anyhow::Result<Ending> {
    let Invitation { manual, qr, seconds } = client.ask(SHARE, json!({ "device": device })).await?;
    println!("For the next {seconds} seconds, another ecosystem can add {device} with this code:");
    println!("  {manual}");
    if let Some(qr) = qr {
        println!("  {qr}");
    }
    Ok(Ending::Good)
}

async fn ecosystems(client: &Client, device: &str) -> anyhow::Result<Ending> {
    let ecosystems: Vec<Ecosystem> = client.ask(ECOSYSTEMS, json!({ "device": device })).await?;
    let mut grid = Grid::new(["ID", "ECOSYSTEM", "THIS HUB"]);
    for one in ecosystems {
        let ours = if one.is_this_hub { "yes" } else { "" };
        grid.row([one.id, one.name, ours.to_owned()]);
    }
    print!("{}", grid.render());
    Ok(Ending::Good)
}

async fn diagnose(client: &Client, device: &str) -> anyhow::Result<Ending> {
    let mut grid = Grid::new(["ABOUT", "IT SAYS"]);
    for Finding { name, value } in findings(client, device).await? {
        grid.row([name, value]);
    }
    print!("{}", grid.render());
    Ok(Ending::Good)
}

async fn findings(client: &Client, device: &str) -> anyhow::Result<Vec<Finding>> {
    client.ask(DIAGNOSTICS, json!({ "device": device })).await
}
