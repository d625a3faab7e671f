//! `hub run`.

use std::{net::SocketAddr, path::PathBuf, time::Instant};

use toml::Value;

use crate::{
    cli::Ending,
    config::{self, Overrides},
    daemon::{Daemon, Plan},
    folder::Folder,
    logging, memory, shutdown, wiring,
};

/// Run the hub.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The data folder [default: $HUB_DATA, else ~/.local/share/hearth].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address and port for phones [default: 127.0.0.1:8480].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The settings [default: hub.toml in the data folder, where there is one].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Also run a simulated home.
    #[arg(long)]
    simulated: bool,
    /// Which simulated home.
    #[arg(long, value_name = "N", requires = "simulated", value_parser = clap::value_parser!(u32))]
    seed: Option<u32>,
    /// What is logged: a level, or targets with levels [default: info].
    #[arg(long, value_name = "FILTER", env = "HUB_LOG")]
    log: Option<String>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let begun = Instant::now();
    let stop = shutdown::on_signal()?;
    let folder = args.data.clone().map(Folder::new);
    let usual = folder.clone().unwrap_or_else(Folder::usual);
    let config = config::read(args.config.as_deref(), &usual.settings(), &overrides(&args), wiring::ADAPTERS)?;
    logging::begin(args.log.as_deref().unwrap_or(&config.hub.log))?;
    let plan = Plan {
        folder: folder.or_else(|| config.hub.data.clone().map(Folder::new)).unwrap_or(usual),
        listen: args.listen.unwrap_or(config.hub.listen),
        config,
    };
    let daemon = Daemon::start(plan, stop.clone()).await?;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(millis, "The hub answers on {}; its data is in {}.", daemon.url(), daemon.folder().path().display());
    if let Some(code) = daemon.welcome()? {
        // To the person at the terminal alone: a log is read by others.
        println!("Welcome home. Pair your phone within 15 minutes with the code {code}");
        println!("Later ones come from `hub invite`.");
    }
    tokio::spawn(memory::settle());
    stop.cancelled().await;
    tracing::info!("The hub is ending.");
    daemon.end().await;
    Ok(Ending::Good)
}

/// What the command line adds to the settings.
fn overrides(args: &Args) -> Overrides {
    let mut overrides = Overrides::new();
    if args.simulated {
        let seed = args.seed.map(|seed| ("seed".to_owned(), Value::Integer(seed.into())));
        overrides.insert(adapter_simulated::KIND.name.into(), Value::Table(seed.into_iter().collect()));
    }
    overrides
}
