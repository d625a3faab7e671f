//! The house as a whole, and what its owner keeps in mind with it. Matter has clusters for neither.

use super::{Capability, PropertySpec};
use crate::Unit;

/// What goes on in the house; the hub's own device carries it.
pub mod house {
    use super::*;
    /// What goes on.
    pub static MODE: PropertySpec =
        PropertySpec::choice("house.mode", "What goes on in the house.", &["home", "away", "night", "guest"])
            .settable();
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("house", "Knows what goes on in the house.", &[&MODE]);
}

/// Something that the owner keeps in mind: each is a device of the hub's own, with one of these.
pub mod variable {
    use super::*;
    /// True or false.
    pub static FLAG: PropertySpec = PropertySpec::bool("variable.flag", "Whether it is so.").settable();
    /// A number.
    pub static NUMBER: PropertySpec =
        PropertySpec::number("variable.number", "How much it is.", Unit::None, -1e12, 1e12).settable();
    /// A text.
    pub static TEXT: PropertySpec = PropertySpec::text("variable.text", "What it says.", 1000).settable();
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability::of_properties("variable", "Keeps something in mind.", &[&FLAG, &NUMBER, &TEXT]);
}
