//! Units of measurement and the limits of numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A unit as people read it. Adapters convert wire units (0.01 °C, mireds, 0..254) at their border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A bare number, or no number at all.
    #[default]
    None,
    /// %
    Percent,
    /// °C
    Celsius,
    /// K (colour temperature)
    Kelvin,
    /// hPa
    Hectopascal,
    /// lx
    Lux,
    /// UV index
    UvIndex,
    /// dB(A)
    Decibel,
    /// ppm
    PartsPerMillion,
    /// µg/m³
    MicrogramPerCubicMetre,
    /// Bq/m³
    BecquerelPerCubicMetre,
    /// W
    Watt,
    /// kWh
    KilowattHour,
    /// V
    Volt,
    /// A
    Ampere,
    /// m³/h
    CubicMetrePerHour,
    /// kg
    Kilogram,
    /// °
    Degree,
    /// mm (rain)
    Millimetre,
    /// mm/h (rain)
    MillimetrePerHour,
    /// s
    Second,
    /// m²
    SquareMetre,
    /// dBm
    DecibelMilliwatt,
    /// Hz
    Hertz,
    /// l
    Litre,
    /// m/s
    MetrePerSecond,
    /// m
    Metre,
    /// 1/min
    PerMinute,
}

impl Unit {
    /// The symbol that is written behind a number; empty for [`Unit::None`].
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::None | Self::UvIndex => "",
            Self::Percent => "%",
            Self::Celsius => "°C",
            Self::Kelvin => "K",
            Self::Hectopascal => "hPa",
            Self::Lux => "lx",
            Self::Decibel => "dB",
            Self::PartsPerMillion => "ppm",
            Self::MicrogramPerCubicMetre => "µg/m³",
            Self::BecquerelPerCubicMetre => "Bq/m³",
            Self::Watt => "W",
            Self::KilowattHour => "kWh",
            Self::Volt => "V",
            Self::Ampere => "A",
            Self::CubicMetrePerHour => "m³/h",
            Self::Kilogram => "kg",
            Self::Degree => "°",
            Self::Millimetre => "mm",
            Self::MillimetrePerHour => "mm/h",
            Self::Second => "s",
            Self::SquareMetre => "m²",
            Self::DecibelMilliwatt => "dBm",
            Self::Hertz => "Hz",
            Self::Litre => "l",
            Self::MetrePerSecond => "m/s",
            Self::Metre => "m",
            Self::PerMinute => "1/min",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// The span of a number, both ends included, and the step that a device keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The distance between two neighbouring values; `None` where the device gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
}

impl Limits {
    /// A span without a step.
    pub const fn new(min: f64, max: f64) -> Self {
        Self { min, max, step: None }
    }

    /// The same span in steps.
    pub const fn by(self, step: f64) -> Self {
        Self { step: Some(step), ..self }
    }

    /// Whether `number` lies within; half a step beyond an end counts as the end, as devices round.
    pub fn contains(self, number: f64) -> bool {
        let slack = self.step.unwrap_or(0.0) / 2.0 + 1e-9;
        number >= self.min - slack && number <= self.max + slack
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.min, self.max)
    }
}
