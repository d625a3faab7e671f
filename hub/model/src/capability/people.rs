//! Who and what is where.

use super::{Capability, PropertySpec};

/// Somebody in view of a sensor (Matter Occupancy Sensing cluster).
pub mod occupancy {
    use super::*;
    /// Whether somebody is there.
    pub static OCCUPIED: PropertySpec =
        PropertySpec::bool("occupancy.occupied", "Whether somebody is there.").matter(0x0406, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("occupancy", "Notices people.", &[&OCCUPIED]);
}

/// A person at home or away; the person's device carries it. Matter has no cluster for it.
pub mod presence {
    use super::*;
    /// Whether the person is at home.
    pub static HOME: PropertySpec = PropertySpec::bool("presence.home", "Whether the person is at home.").settable();
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("presence", "Tells whether somebody is at home.", &[&HOME]);
}

/// A door or window (Matter Boolean State of a contact sensor, whose `true` means closed: the other way round).
pub mod contact {
    use super::*;
    /// Whether it is open.
    pub static OPEN: PropertySpec = PropertySpec::bool("contact.open", "Whether it is open.").matter(0x0045, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("contact", "Notices whether a door or window is open.", &[&OPEN]);
}
