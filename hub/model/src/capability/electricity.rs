//! Electricity.

use super::{Capability, PropertySpec, Summary};
use crate::Unit;

/// Batteries (Matter Power Source cluster).
pub mod battery {
    use super::*;
    /// Charge in %.
    pub static LEVEL: PropertySpec =
        PropertySpec::number("battery.level", "How full the battery is.", Unit::Percent, 0.0, 100.0)
            .summarised(Summary::Last)
            .matter(0x002F, 0x000C);
    /// Whether it should be changed or charged.
    pub static LOW: PropertySpec =
        PropertySpec::bool("battery.low", "Whether the battery should be changed or charged.").matter(0x002F, 0x000E);
    /// Whether it is being charged.
    pub static CHARGING: PropertySpec =
        PropertySpec::bool("battery.charging", "Whether the battery is being charged.").matter(0x002F, 0x001A);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("battery", "Runs on a battery.", &[&LEVEL, &LOW, &CHARGING]);
}

/// Electrical power (Matter Electrical Power Measurement cluster).
pub mod power {
    use super::*;
    /// Active power in W; negative when it feeds in.
    pub static WATTS: PropertySpec =
        PropertySpec::number("power.watts", "The power it draws; negative when it feeds in.", Unit::Watt, -1e6, 1e6)
            .matter(0x0090, 0x0008);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("power", "Measures electrical power.", &[&WATTS]);
}

/// Electrical energy (Matter Electrical Energy Measurement cluster).
pub mod energy {
    use super::*;
    /// Energy drawn since the meter began, in kWh.
    pub static CONSUMED: PropertySpec =
        counter("energy.consumed", "The energy drawn since the meter began.").matter(0x0091, 0x0001);
    /// Energy fed in since the meter began, in kWh.
    pub static PRODUCED: PropertySpec =
        counter("energy.produced", "The energy fed in since the meter began.").matter(0x0091, 0x0002);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("energy", "Counts electrical energy.", &[&CONSUMED, &PRODUCED]);

    const fn counter(name: &'static str, doc: &'static str) -> PropertySpec {
        PropertySpec::number(name, doc, Unit::KilowattHour, 0.0, 1e9).summarised(Summary::Counter)
    }
}

/// Voltage (Matter Electrical Power Measurement cluster).
pub mod voltage {
    use super::*;
    /// Voltage in V.
    pub static VOLTS: PropertySpec =
        PropertySpec::number("voltage.volts", "The voltage.", Unit::Volt, -10_000.0, 10_000.0).matter(0x0090, 0x0004);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability { name: "voltage", doc: "Measures voltage.", properties: &[&VOLTS], actions: &[], occurrences: &[] };
}

/// Electric current (Matter Electrical Power Measurement cluster).
pub mod current {
    use super::*;
    /// Current in A.
    pub static AMPERES: PropertySpec =
        PropertySpec::number("current.amperes", "The electric current.", Unit::Ampere, -10_000.0, 10_000.0)
            .matter(0x0090, 0x0005);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("current", "Measures electric current.", &[&AMPERES]);
}
