//! What warns.

use super::{ActionSpec, Capability, PropertySpec};
use crate::Unit;

/// Smoke (Matter Smoke CO Alarm cluster).
pub mod smoke {
    use super::*;
    /// Whether there is smoke.
    pub static DETECTED: PropertySpec =
        PropertySpec::bool("smoke.detected", "Whether there is smoke.").matter(0x005C, 0x0001);
    /// Tries the alarm.
    pub static SELF_TEST: ActionSpec = ActionSpec::new("smoke.self_test", "Tries the alarm.", &[]).matter(0x005C, 0x00);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "smoke",
        doc: "Warns of smoke.",
        properties: &[&DETECTED],
        actions: &[&SELF_TEST],
        occurrences: &[],
    };
}

/// Carbon monoxide (Matter Smoke CO Alarm and Carbon Monoxide Concentration Measurement clusters).
pub mod carbon_monoxide {
    use super::*;
    /// Whether there is a dangerous amount.
    pub static DETECTED: PropertySpec =
        PropertySpec::bool("carbon_monoxide.detected", "Whether there is a dangerous amount of carbon monoxide.")
            .matter(0x005C, 0x0002);
    /// Carbon monoxide in ppm.
    pub static MEASURED: PropertySpec = PropertySpec::number(
        "carbon_monoxide.measured",
        "Carbon monoxide in the air.",
        Unit::PartsPerMillion,
        0.0,
        10_000.0,
    )
    .matter(0x040C, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("carbon_monoxide", "Warns of carbon monoxide.", &[&DETECTED, &MEASURED]);
}

/// Burning gas; Matter has no cluster for it.
pub mod gas {
    use super::*;
    /// Whether gas leaks.
    pub static DETECTED: PropertySpec = PropertySpec::bool("gas.detected", "Whether there is burning gas in the air.");
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("gas", "Warns of burning gas.", &[&DETECTED]);
}

/// Water where none should be (Matter Boolean State of a leak detector, device type 0x0043).
pub mod leak {
    use super::*;
    /// Whether there is water.
    pub static DETECTED: PropertySpec =
        PropertySpec::bool("leak.detected", "Whether there is water where none should be.").matter(0x0045, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability { name: "leak", doc: "Warns of water.", properties: &[&DETECTED], actions: &[], occurrences: &[] };
}

/// Frost (Matter Boolean State of a freeze detector, device type 0x0041).
pub mod freeze {
    use super::*;
    /// Whether water would freeze.
    pub static DETECTED: PropertySpec =
        PropertySpec::bool("freeze.detected", "Whether water would freeze.").matter(0x0045, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("freeze", "Warns of frost.", &[&DETECTED]);
}

/// Somebody opens or moves the device itself.
pub mod tamper {
    use super::*;
    /// Whether somebody tampers with it.
    pub static DETECTED: PropertySpec = PropertySpec::bool("tamper.detected", "Whether somebody tampers with it.");
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("tamper", "Notices tampering.", &[&DETECTED]);
}

/// The device says that something is wrong with it.
pub mod problem {
    use super::*;
    /// Whether something is wrong.
    pub static DETECTED: PropertySpec = PropertySpec::bool("problem.detected", "Whether something is wrong with it.");
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("problem", "Tells when something is wrong with it.", &[&DETECTED]);
}
