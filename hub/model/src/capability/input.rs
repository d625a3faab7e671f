//! What people press.

use super::{Capability, OccurrenceSpec};

/// Push buttons (Matter Switch cluster, its events).
pub mod button {
    use super::*;
    /// Pressed once.
    pub static SINGLE: OccurrenceSpec = OccurrenceSpec::new("button.single", "Pressed once.").matter(0x003B, 0x06);
    /// Pressed twice.
    pub static DOUBLE: OccurrenceSpec = OccurrenceSpec::new("button.double", "Pressed twice.").matter(0x003B, 0x06);
    /// Pressed three times.
    pub static TRIPLE: OccurrenceSpec =
        OccurrenceSpec::new("button.triple", "Pressed three times.").matter(0x003B, 0x06);
    /// Pressed and held.
    pub static LONG: OccurrenceSpec = OccurrenceSpec::new("button.long", "Pressed and held.").matter(0x003B, 0x02);
    /// Let go after being held.
    pub static RELEASE: OccurrenceSpec = OccurrenceSpec::new("button.release", "Let go.").matter(0x003B, 0x04);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "button",
        doc: "Can be pressed.",
        properties: &[],
        actions: &[],
        occurrences: &[&SINGLE, &DOUBLE, &TRIPLE, &LONG, &RELEASE],
    };
}

/// Doorbells (Matter 1.4 names them a generic switch).
pub mod doorbell {
    use super::*;
    /// Somebody rings.
    pub static RING: OccurrenceSpec = OccurrenceSpec::new("doorbell.ring", "Somebody rings.").matter(0x003B, 0x01);
    /// The row of the table.
    pub static CAPABILITY: Capability =
        Capability { name: "doorbell", doc: "Rings.", properties: &[], actions: &[], occurrences: &[&RING] };
}
