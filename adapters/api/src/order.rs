//! What the hub asks of an adapter, and how far it came.

use std::sync::Arc;

use hub_model::{Command, DeviceKey, Outcome};

/// A command for one of the adapter's devices. The hub has checked that the device offers what is asked.
#[derive(Debug, Clone)]
pub struct Order {
    /// The adapter's key of the device.
    pub key: DeviceKey,
    /// What is asked.
    pub command: Arc<Command>,
}

/// How far an order came. Whether the device did it, its reports tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The device, or whoever speaks for it, took it.
    Sent,
    /// It waits for a sleeper.
    Queued,
    /// It ended here: with this outcome, for this reason.
    Failed(Outcome, String),
}
