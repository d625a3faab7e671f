//! The makers and ecosystems that people meet most, by the numbers that the Connectivity Standards Alliance gave them.

use smol_str::{SmolStr, format_smolstr};

const KNOWN: &[(u16, &str)] = &[
    (0x100B, "Signify"),
    (0x110A, "Samsung SmartThings"),
    (0x115A, "Nanoleaf"),
    (0x115F, "Aqara"),
    (0x117C, "IKEA"),
    (0x1217, "Amazon"),
    (0x130A, "Eve"),
    (0x1349, "Apple"),
    (0x134B, "Nabu Casa"),
    (0x1384, "Apple Keychain"),
    (0x1392, "TP-Link"),
    (0x6006, "Google"),
];

/// The test vendors, by whose numbers software devices and controllers like this one go.
const TEST: std::ops::RangeInclusive<u16> = 0xFFF1..=0xFFF4;

/// A maker's name; its number where that is all there is.
pub(crate) fn name(vendor: u16) -> SmolStr {
    let known = KNOWN.iter().find(|(number, _)| *number == vendor);
    match known {
        Some((_, name)) => SmolStr::new_static(name),
        None if TEST.contains(&vendor) => SmolStr::new_static("Matter test vendor"),
        None => format_smolstr!("vendor {vendor:#06X}"),
    }
}
