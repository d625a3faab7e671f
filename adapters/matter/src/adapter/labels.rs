//! Names that owners gave, on their way to the devices, so that those show them and tell other ecosystems. A device that is
//! away is told when it comes back, also after a restart; one that says no keeps its own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapter_api::{CareError, Context};
use hub_model::DeviceKey;
use smol_str::SmolStr;

use super::{care::care, house::House};
use crate::{
    cluster::Refusal,
    link::{Ask, NodeId},
    members,
    node::label_of,
};

const NOTE: &str = "labels";

/// How many devices may have yet to be told. One more is not told, and the log says so.
const MOST: usize = 256;

/// The labels that devices have yet to be told, kept as a note.
#[derive(Debug, Default)]
pub(super) struct Labels {
    untold: Mutex<BTreeMap<DeviceKey, Untold>>,
    /// Notes are written one after the other, the latest last.
    keeping: tokio::sync::Mutex<()>,
}

/// A label that a device has yet to be told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Untold {
    label: SmolStr,
    /// Somebody tells it just now: two at once could come to the device in the wrong order.
    is_being_told: bool,
    /// The device came back meanwhile, so that a try that fails is no proof that the next one does.
    came_back: bool,
}

impl Labels {
    /// Those of the run before.
    pub(super) fn recall(context: &Context) -> Self {
        let note = context.recall_lightly(NOTE).filter(|note| !note.is_empty());
        let labels: BTreeMap<DeviceKey, SmolStr> =
            note.and_then(|note| serde_json::from_slice(&note).ok()).unwrap_or_default();
        let untold = labels.into_iter().map(|(key, label)| (key, Untold { label, ..Untold::default() }));
        Self { untold: Mutex::new(untold.collect()), ..Self::default() }
    }

    /// Makes it durable; forgets those of nodes that are no `members` any more.
    async fn keep(&self, context: &Context, members: impl Fn(NodeId) -> bool) {
        let _turn = self.keeping.lock().await;
        let note = {
            let mut untold = self.untold();
            untold.retain(|key, _| members::node_of(key).is_some_and(&members));
            let labels: BTreeMap<_, _> = untold.iter().map(|(key, untold)| (key, &untold.label)).collect();
            if labels.is_empty() { Ok(Vec::new()) } else { serde_json::to_vec(&labels) }
        };
        let Ok(note) = note else { return };
        if let Err(error) = context.keep(NOTE, &note).await {
            tracing::warn!(%error, "new names of Matter devices can't be kept; a device that is away may not be told its own");
        }
    }

    /// Notes what a device shall be told; false where too many are away.
    fn want(&self, key: DeviceKey, label: SmolStr) -> bool {
        let mut untold = self.untold();
        let has_room = untold.len() < MOST || untold.contains_key(&key);
        if has_room {
            untold.entry(key).or_default().label = label;
        }
        has_room
    }

    /// The devices of a node that have yet to be told.
    fn of(&self, node: NodeId) -> Vec<DeviceKey> {
        self.untold().keys().filter(|key| members::node_of(key) == Some(node)).cloned().collect()
    }

    /// What to tell a device, if nobody tells it already; then [`Labels::tried`] has to follow.
    fn begin(&self, key: &DeviceKey) -> Option<SmolStr> {
        let mut untold = self.untold();
        let untold = untold.get_mut(key)?;
        if untold.is_being_told {
            untold.came_back = true;
            return None;
        }
        untold.is_being_told = true;
        Some(untold.label.clone())
    }

    /// A try came to its end, and the matter `is_settled` or the device is away. What to tell it now, if anything.
    fn tried(&self, key: &DeviceKey, label: &str, is_settled: bool) -> Option<SmolStr> {
        let mut all = self.untold();
        let untold = all.get_mut(key)?;
        let came_back = std::mem::take(&mut untold.came_back);
        let is_latest = untold.label == label;
        if !is_latest || (came_back && !is_settled) {
            return Some(untold.label.clone());
        }
        untold.is_being_told = false;
        if is_settled {
            all.remove(key);
        }
        None
    }

    fn untold(&self) -> MutexGuard<'_, BTreeMap<DeviceKey, Untold>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl House {
    /// Tells a device the name that its owner gave it, now or when it comes back.
    pub(super) fn rename(self: &Arc<Self>, key: DeviceKey, name: &str) {
        if !self.labels.want(key.clone(), label_of(name)) {
            tracing::warn!(device = %key, "too many renamed devices are away; this one is not told its name");
            return;
        }
        let house = Arc::clone(self);
        tokio::spawn(async move {
            house.keep_labels().await;
            house.tell_label(key).await;
        });
    }

    /// Tells a node's devices the names that they were given while it was away.
    pub(super) fn tell_labels(self: &Arc<Self>, node: NodeId) {
        for key in self.labels.of(node) {
            tokio::spawn(Arc::clone(self).tell_label(key));
        }
    }

    async fn tell_label(self: Arc<Self>, key: DeviceKey) {
        let mut next = self.labels.begin(&key);
        while let Some(label) = next {
            let is_settled = match self.write_label(&key, &label).await {
                Ok(()) => true,
                Err(error @ (CareError::Refused(_) | CareError::Unsupported)) => {
                    tracing::info!(device = %key, %error, "a device does not take the name that it was given");
                    true
                }
                Err(error @ (CareError::Unreachable(_) | CareError::Unknown)) => {
                    tracing::info!(device = %key, %error, "a device that was renamed is told when it comes back");
                    false
                }
            };
            next = self.labels.tried(&key, &label, is_settled);
        }
        self.keep_labels().await;
    }

    async fn write_label(&self, key: &DeviceKey, label: &str) -> Result<(), CareError> {
        let node = members::node_of(key).ok_or(CareError::Unknown)?;
        let planned = self.nodes().get(&node).map_or(Err(Refusal::Gone), |known| known.relabel(key, label));
        let request = match planned {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(Refusal::Gone) => return Err(CareError::Unknown),
            Err(_) => return Err(CareError::Unsupported),
        };
        let written = self.link.ask(|answer| Ask::Carry(node, vec![request], answer)).await;
        written.ok_or(CareError::Unknown)?.map_err(care)
    }

    async fn keep_labels(&self) {
        self.labels.keep(&self.context, |node| self.members().standing(node).is_some()).await;
    }
}

#[cfg(test)]
mod tests {
    use adapter_api::harness::MemoryVault;
    use hub_model::AdapterName;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn key() -> DeviceKey {
        DeviceKey::new("7/unique")
    }

    #[test]
    fn a_device_is_told_one_name_at_a_time_and_the_latest_last() {
        let labels = Labels::default();
        assert_eq!(labels.begin(&key()), None);
        assert!(labels.want(key(), "A".into()));
        assert_eq!(labels.begin(&key()).as_deref(), Some("A"));
        assert!(labels.want(key(), "B".into()));
        assert_eq!(labels.begin(&key()), None, "somebody tells it already");
        assert_eq!(labels.tried(&key(), "A", true).as_deref(), Some("B"));
        assert_eq!(labels.tried(&key(), "B", true), None);
        assert_eq!(labels.of(7), []);
    }

    #[test]
    fn a_device_that_comes_back_while_it_is_tried_in_vain_is_tried_again() {
        let labels = Labels::default();
        labels.want(key(), "A".into());
        labels.begin(&key());
        assert_eq!(labels.begin(&key()), None);
        assert_eq!(labels.tried(&key(), "A", false).as_deref(), Some("A"));
        assert_eq!(labels.tried(&key(), "A", false), None);
        assert_eq!((labels.of(7), labels.of(8)), (vec![key()], vec![]), "it waits for its node");
        assert_eq!(labels.begin(&key()).as_deref(), Some("A"));
    }

    #[tokio::test]
    async fn names_hold_over_a_restart_and_go_with_their_node() {
        let (sender, _inbox) = mpsc::channel(8);
        let vault = Arc::new(MemoryVault::default());
        let context = Context::new(AdapterName::new_static("matter"), sender, vault, CancellationToken::new());
        let labels = Labels::recall(&context);
        labels.want(key(), "Küche".into());
        labels.keep(&context, |_| true).await;
        assert_eq!(Labels::recall(&context).begin(&key()).as_deref(), Some("Küche"));
        labels.keep(&context, |node| node != 7).await;
        assert_eq!(Labels::recall(&context).of(7), []);
    }

    #[test]
    fn one_too_many_is_not_told() {
        let labels = Labels::default();
        assert!((0..MOST).all(|nth| labels.want(DeviceKey::new(format!("7/{nth}")), "A".into())));
        assert!(!labels.want(DeviceKey::new("8"), "A".into()));
        assert!(labels.want(DeviceKey::new("7/0"), "B".into()), "who has a place keeps it");
    }
}
