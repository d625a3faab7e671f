//! What only commands on this machine can ask for, over the socket: copies of the data. All else goes by GraphQL.

use std::path::PathBuf;

use axum::{Json, Router, extract::State, routing::post};
use hub_core::Hub;
use serde::{Deserialize, Serialize};

/// Where copies are asked for.
pub(crate) const BACKUP: &str = "/local/backup";

/// Asks for consistent copies of the data.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Backup {
    /// An empty folder on this machine.
    pub(crate) folder: PathBuf,
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BackupMade {
    /// Why there are none; `None` when there are.
    pub(crate) failed: Option<String>,
}

/// The routes of the socket that phones don't have.
pub(crate) fn routes(hub: Hub) -> Router {
    let backup = |State(hub): State<Hub>, Json(Backup { folder }): Json<Backup>| async move {
        let made = hub.local().backup(folder).await;
        Json(BackupMade { failed: made.err().map(|error| error.to_string()) })
    };
    Router::new().route(BACKUP, post(backup)).with_state(hub)
}
