//! What properties were before rules began to want their means, out of history.

use std::time::Duration;

use hub_core::Session;
use hub_model::Path;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::Inlet;
use crate::past::values;

/// Looks up what properties were over these spans, and tells the engine. A slow disk holds up nobody but the means.
pub(super) async fn look_up(means: Vec<(Path, Duration)>, session: Session, inlet: mpsc::Sender<Inlet>) {
    for (path, over) in means {
        let to = Timestamp::now();
        let Ok(from) = to.checked_sub(over) else { continue };
        match values(&session, path.clone(), (from, to)).await {
            Ok(values) => {
                // The engine may have ended.
                let _ = inlet.send(Inlet::Past(vec![(path, values)])).await;
            }
            Err(error) => {
                tracing::warn!(%error, "It can't be read what {} was; its mean begins now.", path.property);
            }
        }
    }
}
