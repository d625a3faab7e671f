//! What properties were before rules began to want their means, out of history.

use std::{collections::BTreeMap, time::Duration};

use hub_core::{PastAsk, RecordedWhat, Session};
use hub_model::{Path, Value};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::Inlet;

/// Looks up what properties were over these spans, and tells the engine. A slow disk holds up nobody but the means.
pub(super) async fn look_up(means: Vec<(Path, Duration)>, session: Session, inlet: mpsc::Sender<Inlet>) {
    for (path, over) in means {
        let to = Timestamp::now();
        let Ok(from) = to.checked_sub(over) else { continue };
        match values(path.clone(), from, to, &session).await {
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

/// Each value of a span and when it came, the oldest first; at its beginning, what was before.
async fn values(
    path: Path,
    from: Timestamp,
    to: Timestamp,
    session: &Session,
) -> Result<Vec<(Timestamp, Value)>, Box<dyn std::error::Error + Send + Sync>> {
    let mut past =
        session.past(PastAsk { paths: vec![path.clone()], devices: Vec::new(), runs: Vec::new(), from, to }).await?;
    // Of what history doesn't tell, the home only has what is now.
    let first = past.home.reading(&path).filter(|_| past.gaps.is_empty());
    let first = first.map(|reading| (from, reading.value.clone()));
    let read = tokio::task::spawn_blocking(move || {
        let mut values: BTreeMap<Timestamp, Value> = first.into_iter().collect();
        while let Some(batch) = past.blocking_next() {
            for recorded in batch? {
                if let RecordedWhat::Value { value, .. } = recorded.what {
                    values.insert(recorded.at, value);
                }
            }
        }
        Ok::<_, hub_core::ReadError>(values.into_iter().collect())
    });
    Ok(read.await??)
}
