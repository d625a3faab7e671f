//! The journal lane: what happened, told without waiting.

use std::sync::Arc;

use hub_model::{
    Cause, CommandId, CommandKey, DeviceId, EndpointId, Notice, Occurrence, Outcome, Path, Reading, RunRecord, Signal,
};
use jiff::Timestamp;

/// Something to be remembered soon.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A property's reading.
    Reading {
        /// Which property.
        path: Path,
        /// What it is now. History puts it at `reported_at`, else `changed_at`; with neither it is kept as state only.
        reading: Reading,
        /// Whether it goes into history too.
        keep: bool,
        /// Who began it; `None` for the device itself.
        cause: Option<Cause>,
    },
    /// Whether a device can be reached.
    Reachable {
        /// Which one.
        device: DeviceId,
        /// Whether it can.
        reachable: bool,
        /// Since when.
        at: Timestamp,
    },
    /// A device was heard.
    Seen {
        /// Which one.
        device: DeviceId,
        /// When.
        at: Timestamp,
    },
    /// Something happened and is over.
    Occurred {
        /// To which device.
        device: DeviceId,
        /// On which endpoint.
        endpoint: EndpointId,
        /// What.
        occurrence: Occurrence,
        /// When.
        at: Timestamp,
        /// Who began it; `None` for the device itself.
        cause: Option<Cause>,
    },
    /// A command came to its end.
    Command {
        /// Which one.
        id: CommandId,
        /// The caller's mark; it is known for at least an hour, across restarts.
        key: Option<CommandKey>,
        /// For which device.
        device: DeviceId,
        /// What was asked, with secrets masked by the caller.
        text: String,
        /// Who wanted it.
        cause: Cause,
        /// When it ended.
        at: Timestamp,
        /// How it ended.
        outcome: Outcome,
    },
    /// The hub said something to people.
    Notice {
        /// What.
        notice: Notice,
        /// When.
        at: Timestamp,
    },
    /// Somebody said something to the rules.
    Told {
        /// What.
        signal: Signal,
        /// When.
        at: Timestamp,
        /// Who.
        cause: Cause,
    },
    /// A run of a rule or a scene began, went on or ended; it takes the place of an earlier entry of the same run.
    Run(Arc<RunRecord>),
}
