//! `hub events`.

use std::{
    collections::HashMap,
    io::{Write, stdout},
};

use serde_json::Value;

use crate::{
    cli::Ending,
    client::{
        Live, Which, ask,
        home::{Device, Home},
        live::{Event, Moment},
    },
    output::{self, Output},
};

/// Print what happens, as it happens; it goes on after the hub was restarted.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Begin after this cursor (`3:120`) instead of now.
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,
    /// End after so many events.
    #[arg(long, value_name = "NUMBER")]
    count: Option<usize>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let client = args.which.client()?;
    // A hub that does not answer now is a wrong address; one that did will be back.
    let mut devices = by_id(*ask::home(&client).await?);
    let mut live = Live::new(client, args.since);
    let mut left = args.count.unwrap_or(usize::MAX);
    while left > 0 {
        let event = match live.next().await {
            Moment::Home(home) => {
                devices = by_id(*home);
                continue;
            }
            Moment::Event(event) => event,
            Moment::Away(why) => {
                eprintln!("hub: {why}");
                continue;
            }
        };
        if let Some((id, device)) = event.device.clone().and_then(|change| Some((change.id, change.now?))) {
            devices.insert(id, device);
        }
        let line = if args.output.json { event.raw.to_string() } else { line(&event, &devices) };
        // Whoever reads the other end of a pipe may leave.
        if writeln!(stdout(), "{line}").is_err() {
            break;
        }
        left -= 1;
    }
    Ok(Ending::Good)
}

fn by_id(home: Home) -> HashMap<String, Device> {
    home.devices.into_iter().map(|device| (device.id.clone(), device)).collect()
}

fn line(event: &Event, devices: &HashMap<String, Device>) -> String {
    let path = |device: &str, endpoint: &str, what: &str| {
        devices.get(device).map_or_else(|| format!("{device}/{endpoint}/{what}"), |known| known.path(endpoint, what))
    };
    let what = if let Some(change) = &event.change {
        let unit = devices.get(&change.device).and_then(|device| {
            let mut readings = device.readings();
            readings.find(|(endpoint, reading)| endpoint.id == change.endpoint && reading.id == change.property)
        });
        let unit = unit.and_then(|(_, reading)| reading.unit.clone()).unwrap_or_default();
        let (old, new) = (output::value(&change.old, ""), output::value(&change.new, &unit));
        format!("{} {old} -> {new}", path(&change.device, &change.endpoint, &change.property))
    } else if let Some(occurrence) = &event.occurrence {
        path(&occurrence.device, &occurrence.endpoint, &occurrence.occurrence)
    } else if let Some(told) = &event.reachability {
        let name = devices.get(&told.device).map_or(&*told.device, |device| &device.handle);
        format!("{name} {}", if told.reachable { "is back" } else { "is unreachable" })
    } else if let Some(change) = &event.device {
        let (id, now) = (&change.id, change.now.as_ref());
        now.map_or_else(|| format!("{id} is gone"), |device| format!("{} is {}", device.handle, device.name))
    } else {
        other(&event.raw, devices)
    };
    format!("{:.3} {} {what}", event.at, event.cursor)
}

/// What else happens: a command's end, a notice; of the rest, the fields that hold something.
fn other(raw: &Value, devices: &HashMap<String, Device>) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(command) = raw.get("command").filter(|command| !command.is_null()) {
        let device = text(&command["device"]);
        let name = devices.get(&device).map_or(&*device, |device| &device.handle);
        return format!("{name} was told: {}", ask::words(&text(&command["outcome"])));
    }
    if let Some(notice) = raw.get("notice").filter(|notice| !notice.is_null()) {
        return format!("{}: {}", text(&notice["title"]), text(&notice["text"]));
    }
    let fields = raw.as_object().into_iter().flatten();
    let told = fields.filter(|(name, value)| !value.is_null() && !matches!(&***name, "cursor" | "at" | "cause"));
    told.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" ")
}
