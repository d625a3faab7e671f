//! Looking after a device that was added: letting it go, sharing it with others, asking how it is.

use smol_str::SmolStr;

/// How another ecosystem can take a device in as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The code to type there.
    pub manual: String,
    /// The same as the text of a QR code.
    pub qr: Option<String>,
    /// For how many seconds it is good.
    pub seconds: u32,
}

/// An ecosystem that controls a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ecosystem {
    /// The adapter's key for it, among those of the device.
    pub id: SmolStr,
    /// What it calls itself, or whose it is.
    pub name: String,
    /// Whether it is this hub.
    pub is_this_hub: bool,
}

/// One thing that a device says of its own state, for who looks for a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, in a few words (`up time`).
    pub name: SmolStr,
    /// What the device says, with its unit (`3 days 4 h`).
    pub value: String,
}

/// Why a device could not be looked after. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CareError {
    /// Devices of this adapter know no such thing.
    #[error("this device can't do that")]
    Unsupported,
    /// The adapter carries no such device, or is not running.
    #[error("the device is not there just now")]
    Unknown,
    /// It does not answer.
    #[error("the device can't be reached: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("{0}")]
    Refused(String),
}
