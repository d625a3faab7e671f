//! Water, earth and weight.

use super::{ActionSpec, Capability, Kind, Parameter, PropertySpec, Summary};
use crate::{Limits, Unit};

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
    /// For how long it opens where nothing else is said, in s.
    pub static DEFAULT_DURATION: PropertySpec = PropertySpec::number(
        "valve.default_duration",
        "For how long it opens where nothing else is said; 0 stands for until it is closed.",
        Unit::Second,
        0.0,
        LONGEST,
    )
    .settable()
    .summarised(Summary::Last)
    .matter(0x0081, 0x0001);
    /// When it closes by itself, in s.
    pub static REMAINING: PropertySpec =
        PropertySpec::number("valve.remaining", "In how long it closes by itself.", Unit::Second, 0.0, 4_294_967_295.0)
            .summarised(Summary::None)
            .matter(0x0081, 0x0003);
    /// The longest time for which it is opened: a week, in s.
    const LONGEST: f64 = 604_800.0;
    /// Opens it for a time.
    pub static OPEN_FOR: ActionSpec = ActionSpec::new(
        "valve.open_for",
        "Opens it for a time; then it closes by itself.",
        &[Parameter::required("duration", Kind::Number(Limits::new(1.0, LONGEST)), Unit::Second)],
    )
    .matter(0x0081, 0x00);
    /// Stops a valve that is moving.
    pub static STOP: ActionSpec = ActionSpec::new("valve.stop", "Stops it where it is.", &[]);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "valve",
        doc: "Lets water or gas through.",
        properties: &[&OPEN, &POSITION, &DEFAULT_DURATION, &REMAINING],
        actions: &[&OPEN_FOR, &STOP],
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
