//! What a property was over a span, out of history: what means over a while begin with.

use std::collections::BTreeMap;

use hub_core::{HistoryError, ReadError, RecordedWhat, ReplayQuery, Session};
use hub_model::{Path, Value};
use jiff::Timestamp;

/// Each value of a span and when it came, the oldest first; at its beginning, what was before.
pub(crate) async fn values(
    session: &Session,
    path: Path,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Timestamp, Value)>, HistoryError> {
    let ask =
        ReplayQuery { paths: vec![path.clone()], devices: Vec::new(), runs: Vec::new(), signals: false, from, to };
    let mut past = session.past(ask).await?;
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
        Ok::<_, ReadError>(values.into_iter().collect())
    });
    Ok(read.await.map_err(|_| ReadError::Closed)??)
}
