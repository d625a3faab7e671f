//! What is in the air, and what moves and changes it.

use super::{Capability, PropertySpec, Summary};
use crate::Unit;

const fn micrograms(name: &'static str, doc: &'static str) -> PropertySpec {
    PropertySpec::number(name, doc, Unit::MicrogramPerCubicMetre, 0.0, 100_000.0)
}

/// Carbon dioxide (Matter Carbon Dioxide Concentration Measurement cluster).
pub mod carbon_dioxide {
    use super::*;
    /// Carbon dioxide in ppm.
    pub static MEASURED: PropertySpec = PropertySpec::number(
        "carbon_dioxide.measured",
        "Carbon dioxide in the air.",
        Unit::PartsPerMillion,
        0.0,
        100_000.0,
    )
    .matter(0x040D, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("carbon_dioxide", "Measures carbon dioxide.", &[&MEASURED]);
}

/// Fine dust by size (Matter PM1, PM2.5 and PM10 Concentration Measurement clusters).
pub mod particulates {
    use super::*;
    /// Particles below 1 µm, in µg/m³.
    pub static PM1: PropertySpec = micrograms("particulates.pm1", "Dust below 1 µm.").matter(0x042C, 0x0000);
    /// Particles below 2.5 µm, in µg/m³.
    pub static PM2_5: PropertySpec = micrograms("particulates.pm2_5", "Dust below 2.5 µm.").matter(0x042A, 0x0000);
    /// Particles below 10 µm, in µg/m³.
    pub static PM10: PropertySpec = micrograms("particulates.pm10", "Dust below 10 µm.").matter(0x042D, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("particulates", "Measures fine dust.", &[&PM1, &PM2_5, &PM10]);
}

/// Volatile organic compounds (Matter TVOC Concentration Measurement cluster).
pub mod volatile_organics {
    use super::*;
    /// In µg/m³.
    pub static MEASURED: PropertySpec =
        micrograms("volatile_organics.measured", "Volatile organic compounds in the air.").matter(0x042E, 0x0000);
    /// In ppm, for sensors that count molecules.
    pub static PARTS: PropertySpec = PropertySpec::number(
        "volatile_organics.parts",
        "Volatile organic compounds in the air, by number.",
        Unit::PartsPerMillion,
        0.0,
        10_000.0,
    )
    .matter(0x042E, 0x0000);
    /// An index without a unit, as simple sensors give it.
    pub static INDEX: PropertySpec = PropertySpec::number(
        "volatile_organics.index",
        "How bad the air is by the sensor's own index.",
        Unit::None,
        0.0,
        1000.0,
    );
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties(
        "volatile_organics",
        "Measures volatile organic compounds.",
        &[&MEASURED, &PARTS, &INDEX],
    );
}

/// How good the air is, all in all (Matter Air Quality cluster).
pub mod air_quality {
    use super::*;
    /// In the words of the specification.
    pub static LEVEL: PropertySpec = PropertySpec::choice(
        "air_quality.level",
        "How good the air is.",
        &["good", "fair", "moderate", "poor", "very_poor", "extremely_poor"],
    )
    .matter(0x005B, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("air_quality", "Judges the air.", &[&LEVEL]);
}

/// Formaldehyde (Matter Formaldehyde Concentration Measurement cluster).
pub mod formaldehyde {
    use super::*;
    /// In µg/m³.
    pub static MEASURED: PropertySpec =
        micrograms("formaldehyde.measured", "Formaldehyde in the air.").matter(0x042B, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("formaldehyde", "Measures formaldehyde.", &[&MEASURED]);
}

/// Nitrogen dioxide (Matter Nitrogen Dioxide Concentration Measurement cluster).
pub mod nitrogen_dioxide {
    use super::*;
    /// In µg/m³.
    pub static MEASURED: PropertySpec =
        micrograms("nitrogen_dioxide.measured", "Nitrogen dioxide in the air.").matter(0x0413, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("nitrogen_dioxide", "Measures nitrogen dioxide.", &[&MEASURED]);
}

/// Ozone (Matter Ozone Concentration Measurement cluster).
pub mod ozone {
    use super::*;
    /// In µg/m³.
    pub static MEASURED: PropertySpec = micrograms("ozone.measured", "Ozone in the air.").matter(0x0415, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("ozone", "Measures ozone.", &[&MEASURED]);
}

/// Radon (Matter Radon Concentration Measurement cluster).
pub mod radon {
    use super::*;
    /// In Bq/m³.
    pub static MEASURED: PropertySpec =
        PropertySpec::number("radon.measured", "Radon in the air.", Unit::BecquerelPerCubicMetre, 0.0, 1_000_000.0)
            .matter(0x042F, 0x0000);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("radon", "Measures radon.", &[&MEASURED]);
}

/// Filters of purifiers (Matter HEPA and Activated Carbon Filter Monitoring clusters).
pub mod filter {
    use super::*;
    /// What is left of the filter for dust, in %.
    pub static DUST: PropertySpec = left("filter.dust", "What is left of the filter for dust.").matter(0x0071, 0x0000);
    /// Whether the filter for dust should be changed.
    pub static CHANGE_DUST: PropertySpec =
        PropertySpec::bool("filter.change_dust", "Whether the filter for dust should be changed.")
            .matter(0x0071, 0x0002);
    /// What is left of the filter for odours, in %.
    pub static ODOUR: PropertySpec =
        left("filter.odour", "What is left of the filter for odours.").matter(0x0072, 0x0000);
    /// Whether the filter for odours should be changed.
    pub static CHANGE_ODOUR: PropertySpec =
        PropertySpec::bool("filter.change_odour", "Whether the filter for odours should be changed.")
            .matter(0x0072, 0x0002);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("filter", "Has filters.", &[&DUST, &CHANGE_DUST, &ODOUR, &CHANGE_ODOUR]);

    const fn left(name: &'static str, doc: &'static str) -> PropertySpec {
        PropertySpec::number(name, doc, Unit::Percent, 0.0, 100.0).summarised(Summary::Last)
    }
}

/// Noise; Matter has no cluster for it.
pub mod sound {
    use super::*;
    /// Whether it is loud.
    pub static DETECTED: PropertySpec = PropertySpec::bool("sound.detected", "Whether there is a noise.");
    /// Loudness in dB(A).
    pub static LEVEL: PropertySpec = PropertySpec::number("sound.level", "How loud it is.", Unit::Decibel, 0.0, 200.0);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("sound", "Notices noise.", &[&DETECTED, &LEVEL]);
}

/// Shaking; Matter has no cluster for it.
pub mod vibration {
    use super::*;
    /// Whether it shakes.
    pub static DETECTED: PropertySpec = PropertySpec::bool("vibration.detected", "Whether it shakes.");
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("vibration", "Notices shaking.", &[&DETECTED]);
}

/// Fans and air purifiers (Matter Fan Control cluster).
pub mod fan {
    use super::*;
    /// Speed in %.
    pub static SPEED: PropertySpec = PropertySpec::number("fan.speed", "How fast it turns.", Unit::Percent, 0.0, 100.0)
        .settable()
        .summarised(Summary::Last)
        .matter(0x0202, 0x0002);
    /// What decides its speed.
    pub static MODE: PropertySpec = PropertySpec::choice(
        "fan.mode",
        "What decides its speed.",
        &["off", "low", "medium", "high", "on", "auto", "smart", "sleep", "natural", "turbo"],
    )
    .settable()
    .matter(0x0202, 0x0000);
    /// Whether it swings.
    pub static OSCILLATION: PropertySpec =
        PropertySpec::bool("fan.oscillation", "Whether it swings from side to side.").settable().matter(0x0202, 0x0008);
    /// Which way it blows.
    pub static DIRECTION: PropertySpec =
        PropertySpec::choice("fan.direction", "Which way it blows.", &["forward", "reverse"])
            .settable()
            .matter(0x0202, 0x000B);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("fan", "Moves air.", &[&SPEED, &MODE, &OSCILLATION, &DIRECTION]);
}

/// Humidifiers and dehumidifiers; Matter has no cluster for them.
pub mod humidifier {
    use super::*;
    /// The relative humidity to reach, in %.
    pub static TARGET: PropertySpec =
        PropertySpec::number("humidifier.target", "The humidity it works towards.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last);
    /// How it works.
    pub static MODE: PropertySpec = PropertySpec::choice(
        "humidifier.mode",
        "How it works.",
        &["normal", "eco", "away", "boost", "comfort", "home", "sleep", "auto", "baby"],
    )
    .settable();
    /// What it does just now.
    pub static RUNNING: PropertySpec =
        PropertySpec::choice("humidifier.running", "What it does just now.", &["off", "idle", "humidifying", "drying"]);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("humidifier", "Keeps a humidity.", &[&TARGET, &MODE, &RUNNING]);
}
