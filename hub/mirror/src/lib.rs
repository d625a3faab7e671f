//! Shows the home's devices to other systems by Home Assistant discovery, and takes their commands.
//!
//! [`shown`] says what is published of a device, [`face`] as which entities others see it, and [`asked`] what a
//! message of theirs wants; all three are pure. The task around them ([`Mirror`]) reads a session and publishes through
//! it. What came from the same broker is not shown: those devices are there already.
//!
//! Each entity is a discovery message of its own, and not part of a bundle for the whole device: every version of Home
//! Assistant reads these, and so does openHAB and the like; bundles came in 2024.11.

pub mod asked;
pub mod face;
mod mirror;
mod places;
pub mod shown;
mod word;

pub use mirror::Mirror;
pub use places::Places;
