//! Which nodes the fabric has, as notes in the hub's store: one for each, and one for the next number.
//!
//! A number is noted before a device may learn it, so that whatever ends in between is found again: a node that is
//! noted as joining is asked at the next start whether it has joined.

use std::collections::BTreeMap;

use adapter_api::{Context, SecretError};
use hub_model::DeviceKey;
use serde::{Deserialize, Serialize};

use crate::link::NodeId;

const NEXT: &str = "next-node";

/// How far a node has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It may have got its keys, and may not remember them.
    Joining,
    /// It is a member.
    Joined,
    /// The owner let it go while it was away; it is told when it shows itself again.
    Leaving,
}

/// The nodes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    known: BTreeMap<NodeId, Standing>,
}

impl Members {
    /// Those of the earlier runs. Whoever can't read one of them must not begin without it.
    pub(crate) fn recall(context: &Context) -> Result<Self, SecretError> {
        let mut known = BTreeMap::new();
        for node in 1..next(context)? {
            let kept = context.recall(&note(node))?;
            known.extend(kept.and_then(|kept| Some((node, serde_json::from_slice(&kept).ok()?))));
        }
        Ok(Self { known })
    }

    /// Those of a standing.
    pub(crate) fn of(&self, wanted: Standing) -> Vec<NodeId> {
        self.known.iter().filter(|(_, standing)| **standing == wanted).map(|(node, _)| *node).collect()
    }

    /// How far a node has come, if it is known.
    pub(crate) fn standing(&self, node: NodeId) -> Option<Standing> {
        self.known.get(&node).copied()
    }

    /// Notes it here; [`keep`] makes it durable.
    pub(crate) fn set(&mut self, node: NodeId, standing: Option<Standing>) {
        match standing {
            Some(standing) => self.known.insert(node, standing),
            None => self.known.remove(&node),
        };
    }
}

/// A number that no node had before, durable before it is given. Only one may be asked for at a time.
pub(crate) async fn fresh(context: &Context) -> Result<NodeId, SecretError> {
    let node = next(context)?;
    keep(context, node, Some(Standing::Joining)).await?;
    context.keep(NEXT, (node + 1).to_string().as_bytes()).await?;
    Ok(node)
}

/// Notes how far a node has come; `None` forgets it.
pub(crate) async fn keep(context: &Context, node: NodeId, standing: Option<Standing>) -> Result<(), SecretError> {
    let bytes = standing.and_then(|standing| serde_json::to_vec(&standing).ok()).unwrap_or_default();
    context.keep(&note(node), &bytes).await
}

/// The node that a device's key begins with.
pub(crate) fn node_of(key: &DeviceKey) -> Option<NodeId> {
    u64::from_str_radix(key.0.split('/').next()?, 16).ok()
}

/// A number that was given before must never be given again: two devices would be one node.
fn next(context: &Context) -> Result<NodeId, SecretError> {
    let Some(noted) = context.recall(NEXT)? else { return Ok(1) };
    let number = String::from_utf8(noted).ok().and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| SecretError::Unusable { name: NEXT.into(), reason: "it is no number".into() })
}

fn note(node: NodeId) -> String {
    format!("node-{node}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use adapter_api::{FromAdapter, harness::MemoryVault};
    use hub_model::AdapterName;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn context() -> (Context, mpsc::Receiver<FromAdapter>) {
        context_of(Arc::new(MemoryVault::default()))
    }

    fn context_of(vault: Arc<MemoryVault>) -> (Context, mpsc::Receiver<FromAdapter>) {
        let (sender, inbox) = mpsc::channel(8);
        (Context::new(AdapterName::new_static("matter"), sender, vault, CancellationToken::new()), inbox)
    }

    #[tokio::test]
    async fn a_node_that_was_joining_when_the_hub_ended_is_found_again() {
        let (context, _inbox) = context();
        let first = fresh(&context).await.unwrap();
        keep(&context, first, Some(Standing::Joined)).await.unwrap();
        let second = fresh(&context).await.unwrap();
        let members = Members::recall(&context).unwrap();
        assert_eq!((members.of(Standing::Joined), members.of(Standing::Joining)), (vec![first], vec![second]));
    }

    #[tokio::test]
    async fn with_another_master_key_there_are_no_members_and_no_new_numbers() {
        let vault = Arc::new(MemoryVault::default());
        let (context, _inbox) = context_of(Arc::clone(&vault));
        let first = fresh(&context).await.unwrap();
        vault.lock(true);
        assert!(matches!(Members::recall(&context), Err(SecretError::Locked(_))));
        assert!(matches!(fresh(&context).await, Err(SecretError::Locked(_))));
        vault.lock(false);
        assert_eq!(Members::recall(&context).unwrap().of(Standing::Joining), [first]);
    }

    #[tokio::test]
    async fn numbers_are_not_given_twice() {
        let (context, _inbox) = context();
        let first = fresh(&context).await.unwrap();
        keep(&context, first, None).await.unwrap();
        assert_ne!(fresh(&context).await.unwrap(), first);
        assert_eq!(Members::recall(&context).unwrap().standing(first), None);
    }
}
