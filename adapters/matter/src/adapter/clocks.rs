//! Setting the clocks of nodes: when one comes back, and once a day, as cheap clocks drift and summer comes.

use std::{sync::Arc, time::Duration};

use adapter_api::CareError;
use jiff::Timestamp;

use super::house::House;
use crate::{clock, link::NodeId, node::global};

/// How often clocks are set.
pub(super) const EVERY: Duration = Duration::from_secs(24 * 3600);

impl House {
    /// Sets the clocks of those of the nodes that have one.
    pub(super) fn set_clocks(self: &Arc<Self>, nodes: impl IntoIterator<Item = NodeId>) {
        for id in nodes {
            if self.nodes().get(&id).is_some_and(|node| node.has_clock()) {
                tokio::spawn(Arc::clone(self).set_clock(id));
            }
        }
    }

    async fn set_clock(self: Arc<Self>, node: NodeId) {
        let set = async {
            let Some((command, fields)) = clock::time(Timestamp::now()) else { return Ok(()) };
            self.invoke(node, clock::CLUSTER, command, fields, None).await?;
            let features = self.read(node, clock::CLUSTER, global::FEATURES).await?.as_uint().unwrap_or(0);
            if features & clock::HAS_ZONE != 0 {
                for (command, fields) in clock::zone(Timestamp::now(), &self.context.zone()) {
                    self.invoke(node, clock::CLUSTER, command, fields, None).await?;
                }
            }
            Ok::<(), CareError>(())
        };
        if let Err(error) = set.await {
            // It may know the time better, by a time server of its own.
            tracing::debug!(node, %error, "the clock of a device can't be set");
        }
    }
}
