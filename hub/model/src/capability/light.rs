//! Light, and the switching of anything.

use super::{ActionSpec, Capability, Kind, Parameter, PropertySpec, Summary};
use crate::Unit;

/// Switching on and off (Matter 1.5 On/Off cluster).
pub mod on_off {
    use super::*;
    /// Whether it is on.
    pub static ON: PropertySpec =
        PropertySpec::bool("on_off.on", "Whether it is on.").settable().matter(0x0006, 0x0000);
    /// Switches to the other side.
    pub static TOGGLE: ActionSpec =
        ActionSpec::new("on_off.toggle", "Switches to the other side.", &[]).matter(0x0006, 0x02);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "on_off",
        doc: "Can be switched on and off.",
        properties: &[&ON],
        actions: &[&TOGGLE],
        occurrences: &[],
    };
}

/// The brightness of a light (Matter Level Control cluster).
pub mod brightness {
    use super::*;
    /// Brightness in %, as it is while on; off is `on_off.on`, not level 0.
    pub static LEVEL: PropertySpec =
        PropertySpec::number("brightness.level", "How bright it is while on.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0008, 0x0000);
    /// Brighter or darker by some %.
    pub static STEP: ActionSpec = ActionSpec::new(
        "brightness.step",
        "Makes it brighter, or darker with a negative number.",
        &[Parameter::required("by", Kind::Number(crate::Limits::new(-100.0, 100.0)), Unit::Percent)],
    )
    .matter(0x0008, 0x02);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "brightness",
        doc: "Can be dimmed.",
        properties: &[&LEVEL],
        actions: &[&STEP],
        occurrences: &[],
    };
}

/// White light from warm to cold (Matter Color Control cluster).
pub mod color_temperature {
    use super::*;
    /// Colour temperature in K.
    pub static KELVIN: PropertySpec = PropertySpec::number(
        "color_temperature.kelvin",
        "The colour of white light, from warm to cold.",
        Unit::Kelvin,
        1000.0,
        20_000.0,
    )
    .settable()
    .summarised(Summary::Last)
    .matter(0x0300, 0x0007);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("color_temperature", "Gives white light from warm to cold.", &[&KELVIN]);
}

/// Coloured light (Matter Color Control cluster).
pub mod color {
    use super::*;
    /// Hue and saturation.
    pub static VALUE: PropertySpec =
        PropertySpec::of("color.value", "The colour of the light.", Kind::Color, Unit::None)
            .settable()
            .matter(0x0300, 0x0000);
    /// What makes the light's colour now.
    pub static MODE: PropertySpec = PropertySpec::choice(
        "color.mode",
        "Whether the light shows its colour or white of its colour temperature.",
        &["color", "temperature"],
    )
    .matter(0x0300, 0x0008);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties("color", "Gives coloured light.", &[&VALUE, &MODE]);
}
