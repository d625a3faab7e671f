//! Reports that nodes send by themselves, on their way to the task that follows the node.

use std::{cell::RefCell, collections::HashMap};

use rs_matter::{
    dm::{ReportContext, ReportDataHandler},
    im::{IMStatusCode, ReportDataResp},
};
use tokio::sync::mpsc;

use super::{NodeId, gather::Gathered};

/// How many reports of one node may wait. When it is full the subscription is given up and made anew, which brings the
/// latest of everything.
const WAITING: usize = 32;

/// An inbox for each node that is followed.
#[derive(Default)]
pub(super) struct Inboxes {
    open: RefCell<HashMap<NodeId, Inbox>>,
}

struct Inbox {
    /// The subscription whose reports are taken; any while it is being set up, as its first report may overtake it.
    subscription: Option<u32>,
    /// Messages of a report that is not whole yet.
    begun: Gathered,
    sender: mpsc::Sender<Gathered>,
}

impl Inboxes {
    /// Opens a node's inbox, in place of an earlier one.
    pub(super) fn open(&self, node: NodeId) -> mpsc::Receiver<Gathered> {
        let (sender, reports) = mpsc::channel(WAITING);
        let inbox = Inbox { subscription: None, begun: Gathered::default(), sender };
        self.open.borrow_mut().insert(node, inbox);
        reports
    }

    /// From now on, only this subscription's reports are taken.
    pub(super) fn subscribed(&self, node: NodeId, subscription: u32) {
        if let Some(inbox) = self.open.borrow_mut().get_mut(&node) {
            inbox.subscription = Some(subscription);
        }
    }

    /// Whether a node has a subscription, and so a session.
    pub(super) fn is_subscribed(&self, node: NodeId) -> bool {
        self.open.borrow().get(&node).is_some_and(|inbox| inbox.subscription.is_some())
    }

    /// Ends what is left of a node's subscription.
    pub(super) fn close(&self, node: NodeId) {
        self.open.borrow_mut().remove(&node);
    }

    fn take(&self, node: NodeId, subscription: Option<u32>, report: &ReportDataResp<'_>) -> Result<(), IMStatusCode> {
        let mut open = self.open.borrow_mut();
        let inbox = open.get_mut(&node).ok_or(IMStatusCode::InvalidSubscription)?;
        if inbox.subscription.is_some() && inbox.subscription != subscription {
            return Err(IMStatusCode::InvalidSubscription);
        }
        inbox.begun.add(report);
        if report.more_chunks.unwrap_or(false) {
            return Ok(());
        }
        let whole = std::mem::take(&mut inbox.begun);
        if inbox.sender.try_send(whole).is_err() {
            // Its task sees the end of the inbox, and begins again.
            open.remove(&node);
            return Err(IMStatusCode::InvalidSubscription);
        }
        Ok(())
    }
}

impl ReportDataHandler for &Inboxes {
    async fn handle_report(
        &self,
        context: impl ReportContext,
        report: &ReportDataResp<'_>,
    ) -> Result<(), IMStatusCode> {
        let subscription = context.subscription();
        self.take(subscription.peer_node_id, subscription.subscription_id, report)
    }
}
