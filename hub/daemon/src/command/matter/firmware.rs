//! `hub matter firmware`.

use serde::Deserialize;
use serde_json::json;

use super::{
    findings,
    ledger::{self, PUBLIC},
};
use crate::{
    cli::Ending,
    client::{Client, Which},
    output::Grid,
};

const DEVICES: &str = "{ devices { handle adapters reachable } }";

/// Show which firmware Matter devices have, and which their makers have published since. The hub asks nobody by itself;
/// this command asks the public ledger, which learns the makers and products.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask another ledger than that of the Connectivity Standards Alliance.
    #[arg(long, value_name = "URL", default_value = PUBLIC)]
    ledger: String,
    #[command(flatten)]
    which: Which,
}

#[derive(Deserialize)]
struct Device {
    handle: String,
    adapters: Vec<String>,
    reachable: bool,
}

/// `/dcl/model/versions/VENDOR/PRODUCT`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    model_versions: Numbers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    #[serde(default)]
    software_versions: Vec<u64>,
}

/// `/dcl/model/versions/VENDOR/PRODUCT/VERSION`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    model_version: Published,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    software_version_string: String,
    #[serde(default = "valid")]
    software_version_valid: bool,
}

const fn valid() -> bool {
    true
}

/// What a device says of its program.
struct Firmware {
    vendor: u64,
    product: u64,
    number: u64,
    text: String,
}

pub(super) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    let devices: Vec<Device> = client.ask(DEVICES, json!({})).await?;
    let mut grid = Grid::new(["DEVICE", "INSTALLED", "PUBLISHED"]);
    let mut all_known = true;
    for device in devices.into_iter().filter(|device| device.adapters.iter().any(|name| name == "matter")) {
        let installed = if device.reachable { installed(&client, &device.handle).await? } else { None };
        let Some(installed) = installed else {
            all_known = false;
            grid.row([device.handle, "-".into(), "it can't be asked just now".into()]);
            continue;
        };
        let published = match newest(&args.ledger, &installed).await {
            Ok(Some(newer)) => newer,
            Ok(None) => "nothing newer".into(),
            Err(error) => {
                all_known = false;
                eprintln!("{}: {error:#}", device.handle);
                "not known".into()
            }
        };
        grid.row([device.handle, installed.text, published]);
    }
    print!("{}", grid.render());
    Ok(Ending::of(all_known))
}

async fn installed(client: &Client, device: &str) -> anyhow::Result<Option<Firmware>> {
    let findings = findings(client, device).await?;
    let said = |name: &str| findings.iter().find(|finding| finding.name == name).map(|finding| finding.value.clone());
    let number = |name: &str| said(name)?.parse().ok();
    let all = || {
        let (vendor, product) = (number("vendor number")?, number("product number")?);
        Some(Firmware {
            vendor,
            product,
            number: number("firmware number")?,
            text: said("firmware").unwrap_or_default(),
        })
    };
    Ok(all())
}

/// The newest version that is published and newer than the installed one, as its maker calls it.
async fn newest(ledger: &str, installed: &Firmware) -> anyhow::Result<Option<String>> {
    let Firmware { vendor, product, number, .. } = installed;
    let path = format!("model/versions/{vendor}/{product}");
    let versions: Versions = ledger::get(ledger, &path).await?;
    let mut newer = versions.model_versions.software_versions;
    newer.retain(|version| version > number);
    newer.sort_unstable();
    for version in newer.into_iter().rev() {
        let Version { model_version } = ledger::get(ledger, &format!("{path}/{version}")).await?;
        // A maker takes a bad one back.
        if model_version.software_version_valid {
            return Ok(Some(model_version.software_version_string));
        }
    }
    Ok(None)
}
