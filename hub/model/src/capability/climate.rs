//! Weather inside and outside, and heating and cooling.

use super::{Capability, PropertySpec, Summary};
use crate::Unit;

/// Temperature (Matter Temperature Measurement cluster).
pub mod temperature {
    use super::*;
    /// Temperature in °C.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("temperature.measured", "The temperature.", Unit::Celsius, -100.0, 1000.0)
            .matter(0x0402, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("temperature", "Measures temperature.", &[&MEASURED]);
}

/// Relative humidity (Matter Relative Humidity Measurement cluster).
pub mod humidity {
    use super::*;
    /// Relative humidity in %.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("humidity.measured", "The relative humidity of the air.", Unit::Percent, 0.0, 100.0)
            .matter(0x0405, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("humidity", "Measures the humidity of the air.", &[&MEASURED]);
}

/// Air pressure (Matter Pressure Measurement cluster).
pub mod pressure {
    use super::*;
    /// Air pressure in hPa.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("pressure.measured", "The pressure of the air.", Unit::Hectopascal, 0.0, 20_000.0)
            .matter(0x0403, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("pressure", "Measures air pressure.", &[&MEASURED]);
}

/// Light falling on a sensor (Matter Illuminance Measurement cluster).
pub mod illuminance {
    use super::*;
    /// Illuminance in lx.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("illuminance.measured", "The light that falls on it.", Unit::Lux, 0.0, 1_000_000.0)
            .matter(0x0400, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("illuminance", "Measures light.", &[&MEASURED]);
}

/// Ultraviolet light; Matter has no cluster for it.
pub mod ultraviolet {
    use super::*;
    /// The UV index.
    pub static INDEX: PropertySpec =
        PropertySpec::number("ultraviolet.index", "The strength of ultraviolet light.", Unit::UvIndex, 0.0, 30.0);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("ultraviolet", "Measures ultraviolet light.", &[&INDEX]);
}

/// Rain (Matter Boolean State of a rain sensor, device type 0x0044).
pub mod rain {
    use super::*;
    /// Whether it rains.
    pub static RAINING: PropertySpec = PropertySpec::bool("rain.raining", "Whether it rains.").matter(0x0045, 0x0000);
    /// Rain in mm/h.
    pub static RATE: PropertySpec =
        PropertySpec::number("rain.rate", "How hard it rains.", Unit::MillimetrePerHour, 0.0, 1000.0);
    /// Rain since the gauge began, in mm.
    pub static TOTAL: PropertySpec =
        PropertySpec::number("rain.total", "How much has fallen since the gauge began.", Unit::Millimetre, 0.0, 1e6)
            .summarised(Summary::Counter);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("rain", "Notices and measures rain.", &[&RAINING, &RATE, &TOTAL]);
}

/// Heating and cooling (Matter Thermostat cluster).
pub mod thermostat {
    use super::*;
    /// What it is set to do.
    pub static MODE: PropertySpec = PropertySpec::choice(
        "thermostat.mode",
        "What it is set to do.",
        &["off", "heat", "cool", "auto", "dry", "fan_only"],
    )
    .settable()
    .matter(0x0201, 0x001C);
    /// The temperature to heat to, in °C.
    pub static HEATING: PropertySpec =
        setpoint("thermostat.heating_setpoint", "The temperature it heats to.").matter(0x0201, 0x0012);
    /// The temperature to cool to, in °C.
    pub static COOLING: PropertySpec =
        setpoint("thermostat.cooling_setpoint", "The temperature it cools to.").matter(0x0201, 0x0011);
    /// What it does just now.
    pub static RUNNING: PropertySpec = PropertySpec::choice(
        "thermostat.running",
        "What it does just now.",
        &["idle", "heating", "cooling", "drying", "fan"],
    )
    .matter(0x0201, 0x0029);
    /// How far its valve or demand is open, in %.
    pub static DEMAND: PropertySpec =
        PropertySpec::number("thermostat.demand", "How far its valve is open.", Unit::Percent, 0.0, 100.0)
            .matter(0x0201, 0x0008);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties(
        "thermostat",
        "Keeps a temperature.",
        &[&MODE, &HEATING, &COOLING, &RUNNING, &DEMAND],
    );

    const fn setpoint(name: &'static str, doc: &'static str) -> PropertySpec {
        PropertySpec::number(name, doc, Unit::Celsius, -50.0, 150.0).settable().summarised(Summary::Last)
    }
}
