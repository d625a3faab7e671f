//! Written by `cargo xtask codegen` from the capability table: `firmware`.

use async_graphql::{OneofObject, SimpleObject};
use hub_model::{Invoke, capability::firmware as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Has a program that can be updated.
#[derive(Debug, SimpleObject)]
pub(crate) struct Firmware {
    /// The installed version.
    pub(crate) installed: Option<String>,
    /// The newest version there is.
    pub(crate) latest: Option<String>,
    /// Whether a newer version can be installed.
    pub(crate) available: Option<bool>,
    /// How far an update has come. In %.
    pub(crate) progress: Option<f64>,
    /// What `progress` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Firmware {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            installed: part.text(&table::INSTALLED),
            latest: part.text(&table::LATEST),
            available: part.bool(&table::AVAILABLE),
            progress: part.number(&table::PROGRESS),
            limits: part.limits(&table::PROGRESS),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to do with `firmware`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum FirmwareAction {
    /// Installs the newest version. Say `true`.
    Update(bool),
}

impl FirmwareAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Update(told) => BadAction::unless_true(told, Invoke::plain(&table::UPDATE)),
        }
    }
}
