//! A running hub: how it starts and how it ends. The order is the point of this file.

use std::{
    fmt,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Instant,
};

use anyhow::Context;
use automations::{Automations, Setup};
use hub_core::Hub;
use hub_mirror::Mirror;
use hub_model::Role;
use hub_store::{Opened, Options, Store};
use mobile_api::Pairing;
use rustls::ServerConfig;
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, RuleSettings},
    folder::Folder,
    listen::{self, LocalListener},
    shutdown, tls, wiring,
};

/// What is to run.
pub(crate) struct Plan {
    /// The data folder.
    pub(crate) folder: Folder,
    /// Where phones are answered.
    pub(crate) listen: SocketAddr,
    /// All that the settings say.
    pub(crate) config: Config,
}

/// A running hub.
pub(crate) struct Daemon {
    hub: Hub,
    rules: Automations,
    mirror: Option<Mirror>,
    pairing: Pairing,
    first_start: bool,
    folder: Folder,
    url: String,
    phones: JoinHandle<()>,
    local: JoinHandle<()>,
}

/// The listeners, taken before anything runs behind them.
struct Openings {
    phones: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    local: LocalListener,
}

impl Daemon {
    /// Starts: the folder's lock first, so that a second hub is refused before it touches anything; then the listeners;
    /// then the hub, whose API answers from what the store had, while adapters come up.
    pub(crate) async fn start(plan: Plan, stop: CancellationToken) -> anyhow::Result<Self> {
        listen::check(plan.listen, &plan.config.hub)?;
        let opened = open(&plan.folder).await?;
        let (store, first_start) = (opened.store.clone(), opened.first_start);
        let openings = match Openings::make(&plan) {
            Ok(openings) => openings,
            Err(error) => {
                store.close().await;
                return Err(error);
            }
        };
        let hub = Hub::start(opened, wiring::carried(plan.config.adapters));
        let pairing = Pairing::default();
        let RuleSettings { http_hosts, calendar_urls } = plan.config.rules;
        let (folder, calendars) = (plan.folder.automations(), Some(plan.folder.calendars()));
        let rules = Automations::start(hub.clone(), Setup { folder, calendars, calendar_urls, http_hosts });
        let mirror = Mirror::start(&hub);
        let doors = wiring::doors(&hub, &rules, &pairing);
        let url = openings.url();
        let phones = listen::phones(openings.phones, openings.tls, doors.phones, stop.clone())?;
        let local = listen::local(openings.local, doors.local, stop);
        let (phones, local) = (tokio::spawn(phones), tokio::spawn(local));
        Ok(Self { hub, rules, mirror, pairing, first_start, folder: plan.folder, url, phones, local })
    }

    /// A code for the first phone of a new home; `None` for a home that is not new.
    pub(crate) fn welcome(&self) -> anyhow::Result<Option<String>> {
        if !self.first_start {
            return Ok(None);
        }
        let invitation = self.pairing.invite(Role::Owner, Instant::now()).context("no pairing code could be made")?;
        Ok(Some(invitation.code))
    }

    /// Where phones reach it.
    pub(crate) const fn url(&self) -> &impl fmt::Display {
        &self.url
    }

    /// Its data folder.
    pub(crate) const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Ends, after the token of the start was cancelled: phones finish what they began or are cut off, then rules,
    /// adapters and the store. Below 2 s.
    pub(crate) async fn end(self) {
        let _ = timeout(shutdown::LINGER, async { (self.phones.await, self.local.await) }).await;
        if timeout(shutdown::RULES, self.rules.stop()).await.is_err() {
            tracing::warn!("The rules did not end in time and are left behind.");
        }
        drop(self.mirror);
        self.hub.stop().await;
    }
}

impl Openings {
    fn make(plan: &Plan) -> anyhow::Result<Self> {
        plan.folder.make().with_context(|| format!("{} can't be made", plan.folder.path().display()))?;
        let tls = tls::server(&plan.config.hub.protection, &plan.folder)?;
        let phones = listen::bind(plan.listen)?;
        let socket = plan.folder.socket();
        let local = LocalListener::bind(socket.clone()).with_context(|| socket.display().to_string())?;
        Ok(Self { phones, tls, local })
    }

    fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        // A listener that is open has an address.
        self.phones.local_addr().map_or_else(|_| scheme.into(), |address| format!("{scheme}://{address}"))
    }
}

async fn open(folder: &Folder) -> anyhow::Result<Opened> {
    let path = folder.path().to_owned();
    // Its errors name the place and a remedy themselves.
    Ok(tokio::task::spawn_blocking(move || Store::open(&path, Options::default())).await??)
}
