//! A hub within this process, on a data folder that no hub runs on: the same questions, the same answers. It has
//! no adapters, and its rules do not run, so that no device is touched.

use std::{io, sync::Arc};

use anyhow::bail;
use automations::{Automations, Setup};
use axum::Router;
use hub_core::Hub;
use hub_store::{OpenError, Options, Store};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use mobile_api::Pairing;
use tempfile::TempDir;
use tokio::io::{DuplexStream, duplex};

use crate::{folder::Folder, wiring};

/// How many bytes may be under way. When they are, the writer waits.
const UNDER_WAY: usize = 64 * 1024;

/// A hub within this process.
#[derive(Clone)]
pub(super) struct Within {
    hub: Hub,
    router: Router,
    /// What runs of the rules: none.
    _empty: Arc<TempDir>,
}

impl std::fmt::Debug for Within {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Within")
    }
}

impl Within {
    /// Opens the folder, which is locked until [`Within::close`].
    pub(super) async fn open(folder: &Folder) -> anyhow::Result<Self> {
        let path = folder.path().to_owned();
        let opened = tokio::task::spawn_blocking(move || Store::open(&path, Options::default())).await?;
        let opened = match opened {
            // A hub that is just starting holds the folder before its socket is there.
            Err(OpenError::InUse { folder, pid }) => {
                bail!("the hub on {} (process {pid}) does not answer: is it just starting or ending?", folder.display())
            }
            opened => opened?,
        };
        let empty = tempfile::tempdir()?;
        let hub = Hub::without_adapters(opened);
        let setup = Setup { folder: folder.automations(), calendars: Some(folder.calendars()), ..Setup::default() };
        let rules = Automations::at_rest(hub.clone(), setup, empty.path().to_owned());
        let router = wiring::doors(&hub, &rules, &Pairing::default()).local;
        Ok(Self { hub, router, _empty: Arc::new(empty) })
    }

    /// A connection to it.
    pub(super) fn connect(&self) -> DuplexStream {
        let (ours, theirs) = duplex(UNDER_WAY);
        let service = TowerToHyperService::new(self.router.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(theirs), service).with_upgrades();
        // It ends with our side.
        tokio::spawn(async move { connection.await.map_err(io::Error::other) });
        ours
    }

    /// Frees the folder.
    pub(super) async fn close(&self) {
        self.hub.stop().await;
    }
}
