//! What only commands on this machine can ask for, over the socket: copies of the data, and checks of rule files
//! against the home. All else goes by GraphQL.

use std::path::PathBuf;

use automations::Automations;
use axum::{Json, Router, extract::State, routing::post};
use hub_core::Hub;
use serde::{Deserialize, Serialize};

/// Where copies are asked for.
pub(crate) const BACKUP: &str = "/local/backup";
/// Where rule files are checked.
pub(crate) const CHECK: &str = "/local/check";

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

/// Asks for a check of rule files.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Check {
    /// Their absolute paths on this machine.
    pub(crate) files: Vec<PathBuf>,
}

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Checked {
    /// Each with file, line, column and a remedy.
    pub(crate) faults: Vec<String>,
    /// What a review of the rules found, each with file, line, column and an example.
    pub(crate) findings: Vec<String>,
}

/// The routes of the socket that phones don't have.
pub(crate) fn routes(hub: Hub, rules: Automations) -> Router {
    let backup = |State(hub): State<Hub>, Json(Backup { folder }): Json<Backup>| async move {
        let made = hub.local().backup(folder).await;
        Json(BackupMade { failed: made.err().map(|error| error.to_string()) })
    };
    let check = move |State(hub): State<Hub>, Json(Check { files }): Json<Check>| {
        let rules = rules.clone();
        async move {
            let (faults, review) = match rules.check(&hub.local(), files).await {
                Ok(checked) => checked,
                Err(error) => return Json(Checked { faults: vec![error.to_string()], findings: Vec::new() }),
            };
            let findings = review.findings.iter().map(|finding| finding.fault.to_string()).collect();
            Json(Checked { faults: faults.iter().map(ToString::to_string).collect(), findings })
        }
    };
    Router::new().route(BACKUP, post(backup)).route(CHECK, post(check)).with_state(hub)
}
