//! `hub devices`.

use serde_json::{Value, json};

use crate::{
    cli::Ending,
    client::{
        Which,
        home::{Device, Home, home_fields},
    },
    output::{Grid, Output},
};

/// List the devices with what they say now; or one device with all its properties.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The handle or id of one device.
    device: Option<String>,
    /// Only those in this room.
    #[arg(long, value_name = "ROOM", conflicts_with = "device")]
    room: Option<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let mut answer: Value = args.which.client()?.ask_several(&home_fields(), json!({})).await?;
    let shown = |device: &Device| {
        let named = args.device.as_ref().is_none_or(|name| device.handle == *name || device.id == *name);
        let room = || device.room.as_ref().map_or("", |room| &room.name);
        named && args.room.as_ref().is_none_or(|name| room().eq_ignore_ascii_case(name))
    };
    let home: Home = serde_json::from_value(answer.clone())?;
    let chosen: Vec<&Device> = home.devices.iter().filter(|device| shown(device)).collect();
    if let (Some(name), true) = (&args.device, chosen.is_empty()) {
        let handles = home.devices.iter().map(|device| &*device.handle);
        anyhow::bail!("there is no device `{name}`{}", hub_model::suggest::did_you_mean(name, handles));
    }
    if args.output.json {
        let ids: Vec<&str> = chosen.iter().map(|device| &*device.id).collect();
        let mut devices = answer["devices"].take();
        if let Value::Array(devices) = &mut devices {
            devices.retain(|device| device["id"].as_str().is_some_and(|id| ids.contains(&id)));
        }
        println!("{devices:#}");
    } else if args.device.is_some() {
        chosen.iter().for_each(|device| print!("{}", properties(device)));
    } else {
        print!("{}", list(&chosen));
    }
    Ok(Ending::Good)
}

fn list(devices: &[&Device]) -> String {
    let mut grid = Grid::new(["HANDLE", "NAME", "ROOM", "KIND", "NOW"]);
    for device in devices {
        let room = device.room.as_ref().map_or("", |room| &room.name);
        let kind = device.endpoints.first().map_or("", |endpoint| &endpoint.kind).to_lowercase();
        let words = crate::watch::summary(device);
        let now = if device.reachable { words } else { format!("unreachable · {words}") };
        grid.row([device.handle.clone(), device.name.clone(), room.into(), kind, now]);
    }
    grid.render()
}

fn properties(device: &Device) -> String {
    let mut grid = Grid::new(["PATH", "VALUE"]);
    for (endpoint, reading) in device.readings() {
        grid.row([device.path(&endpoint.id, &reading.id), reading.text()]);
    }
    grid.render()
}
