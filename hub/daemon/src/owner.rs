//! The owner's own questions, answered by the running hub, or, where none runs, by the data folder itself.

use anyhow::{Context, bail};
use hub_core::Hub;
use hub_store::{OpenError, Options, Store};
use mobile_api::Pairing;

use crate::{
    client::Client,
    folder::Folder,
    local::{self, Answer, Ask},
};

/// Asks, with the hub running or not.
pub(crate) async fn ask(folder: &Folder, ask: Ask) -> anyhow::Result<Answer> {
    let client = Client::of_folder(folder.clone());
    if client.is_there().await {
        return told(client.post(local::PATH, &ask).await?);
    }
    let path = folder.path().to_owned();
    let opened = tokio::task::spawn_blocking(move || Store::open(&path, Options::default())).await?;
    let opened = match opened {
        // A hub that is just starting holds the folder before its socket is there.
        Err(OpenError::InUse { folder, pid }) => {
            bail!("the hub on {} (process {pid}) does not answer: is it just starting or ending?", folder.display())
        }
        opened => opened?,
    };
    // A hub without adapters: what needs no device is the same, and asked in one place.
    let hub = Hub::start(opened, Vec::new());
    let answer = local::give(&hub.local(), &Pairing::default(), ask).await;
    hub.stop().await;
    told(answer)
}

/// Asks for what only a running hub can give.
pub(crate) async fn ask_running(folder: &Folder, ask: &Ask) -> anyhow::Result<Answer> {
    told(Client::of_folder(folder.clone()).post(local::PATH, ask).await?)
}

/// Asks for something that is a text.
pub(crate) fn text(answer: Answer) -> anyhow::Result<String> {
    match answer {
        Answer::Text(text) => Some(text),
        _ => None,
    }
    .context("the hub answered something else: is it of this version?")
}

fn told(answer: Answer) -> anyhow::Result<Answer> {
    match answer {
        Answer::Failed(why) => bail!(why),
        answer => Ok(answer),
    }
}
