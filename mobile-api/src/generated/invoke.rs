//! Written by `cargo xtask codegen` from the capability table.

use async_graphql::OneofObject;
use hub_model::Invoke;

use crate::vendor::{BadAction, VendorAction};

use super::{
    appliance::ApplianceAction, brightness::BrightnessAction, covering::CoveringAction, firmware::FirmwareAction,
    identify::IdentifyAction, lock::LockAction, media::MediaAction, on_off::OnOffAction, siren::SirenAction,
    smoke::SmokeAction, vacuum::VacuumAction, valve::ValveAction,
};

/// What to do: exactly one action.
#[derive(Debug, OneofObject)]
pub(crate) enum InvokeInput {
    /// Can be switched on and off.
    OnOff(OnOffAction),
    /// Can be dimmed.
    Brightness(BrightnessAction),
    /// Warns of smoke.
    Smoke(SmokeAction),
    /// Opens and closes.
    Covering(CoveringAction),
    /// Locks a door.
    Lock(LockAction),
    /// Cleans floors by itself.
    Vacuum(VacuumAction),
    /// Runs programmes.
    Appliance(ApplianceAction),
    /// Lets water or gas through.
    Valve(ValveAction),
    /// Plays sound or pictures.
    Media(MediaAction),
    /// Makes a loud noise.
    Siren(SirenAction),
    /// Can show which device it is.
    Identify(IdentifyAction),
    /// Has a program that can be updated.
    Firmware(FirmwareAction),
    /// An action that only its vendor knows.
    Vendor(VendorAction),
}

impl InvokeInput {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::OnOff(action) => action.invoke(),
            Self::Brightness(action) => action.invoke(),
            Self::Smoke(action) => action.invoke(),
            Self::Covering(action) => action.invoke(),
            Self::Lock(action) => action.invoke(),
            Self::Vacuum(action) => action.invoke(),
            Self::Appliance(action) => action.invoke(),
            Self::Valve(action) => action.invoke(),
            Self::Media(action) => action.invoke(),
            Self::Siren(action) => action.invoke(),
            Self::Identify(action) => action.invoke(),
            Self::Firmware(action) => action.invoke(),
            Self::Vendor(action) => action.invoke(),
        }
    }
}
