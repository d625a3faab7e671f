//! Water, earth and weight.

use super::{ActionSpec, Capability, PropertySpec, Summary};
use crate::Unit;

/// Flow of water or gas (Matter Flow Measurement cluster).
pub mod flow {
    use super::*;
    /// Flow in m³/h.
    pub static RATE: PropertySpec =
        PropertySpec::number("flow.rate", "How much flows.", Unit::CubicMetrePerHour, 0.0, 100_000.0)
            .matter(0x0404, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("flow", "Measures the flow of water or gas.", &[&RATE]);
}

/// Moisture of earth or walls; Matter has no cluster for it.
pub mod moisture {
    use super::*;
    /// Moisture in %.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("moisture.measured", "The moisture of earth or a wall.", Unit::Percent, 0.0, 100.0);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("moisture", "Measures the moisture of earth or a wall.", &[&MEASURED]);
}

/// Weight; Matter has no cluster for it.
pub mod weight {
    use super::*;
    /// Weight in kg.
    pub static KILOGRAMS: PropertySpec =
        PropertySpec::number("weight.kilograms", "The weight.", Unit::Kilogram, -10_000.0, 100_000.0)
            .summarised(Summary::Last);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability { name: "weight", doc: "Weighs.", properties: &[&KILOGRAMS], actions: &[], occurrences: &[] };
}

/// Valves (Matter Valve Configuration and Control cluster).
pub mod valve {
    use super::*;
    /// Whether it lets anything through.
    pub static OPEN: PropertySpec =
        PropertySpec::bool("valve.open", "Whether it lets anything through.").settable().matter(0x0081, 0x0004);
    /// How far it is open, in %.
    pub static POSITION: PropertySpec =
        PropertySpec::number("valve.position", "How far it is open.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0081, 0x0006);
    /// Stops a valve that is moving.
    pub static STOP: ActionSpec = ActionSpec::new("valve.stop", "Stops it where it is.", &[]);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "valve",
        doc: "Lets water or gas through.",
        properties: &[&OPEN, &POSITION],
        actions: &[&STOP],
        occurrences: &[],
    };
}

/// Pumps (Matter Pump Configuration and Control cluster).
pub mod pump {
    use super::*;
    /// How it runs.
    pub static MODE: PropertySpec =
        PropertySpec::choice("pump.mode", "How it runs.", &["normal", "minimum", "maximum", "local"])
            .settable()
            .matter(0x0200, 0x0020);
    /// How strong it is set to be, in %.
    pub static SETPOINT: PropertySpec =
        PropertySpec::number("pump.setpoint", "How strong it is set to be.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0008, 0x0000);
    /// Whether it runs just now.
    pub static RUNNING: PropertySpec =
        PropertySpec::bool("pump.running", "Whether it runs just now.").matter(0x0200, 0x0010);
    /// How much of what it can do it does, in %.
    pub static CAPACITY: PropertySpec =
        PropertySpec::number("pump.capacity", "How much of what it can do it does.", Unit::Percent, 0.0, 200.0)
            .matter(0x0200, 0x0013);
    /// How fast it turns, in 1/min.
    pub static SPEED: PropertySpec =
        PropertySpec::number("pump.speed", "How fast it turns.", Unit::PerMinute, 0.0, 100_000.0)
            .matter(0x0200, 0x0014);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("pump", "Pumps.", &[&MODE, &SETPOINT, &RUNNING, &CAPACITY, &SPEED]);
}
