//! `hub rooms`.

use serde_json::{Value, json};

use crate::{
    cli::Ending,
    client::{Which, ask, home::Room},
    output::{Grid, Output},
};

/// List the rooms and how many devices are in each.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let home = ask::home(&args.which.client()?).await?;
    let count = |room: &str| {
        home.devices.iter().filter(|device| device.room.as_ref().is_some_and(|place| place.id == room)).count()
    };
    if args.output.json {
        let row = |room: &Room| json!({ "id": room.id, "name": room.name, "devices": count(&room.id) });
        println!("{:#}", Value::from_iter(home.rooms.iter().map(row)));
    } else {
        let mut grid = Grid::new(["ROOM", "DEVICES"]);
        for room in &home.rooms {
            grid.row([room.name.clone(), count(&room.id).to_string()]);
        }
        print!("{}", grid.render());
    }
    Ok(Ending::Good)
}
