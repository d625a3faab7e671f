//! What reads the bytes of strangers before anything is known of them, for whoever puts it to the test.

use rs_matter::tlv::TLVElement;

use crate::{link::tlv, setup_code::SetupCode, wire::Tlv};

/// Reads a value of the protocol (Core Specification, appendix A), as it stands in a report; `None` where it is none, or
/// has more levels than any value has.
pub fn value(octets: &[u8]) -> Option<Tlv> {
    tlv::read(&TLVElement::new(octets)).ok()
}

/// Reads a setup code as people type or scan it, and gives its manual code of eleven digits.
///
/// # Errors
/// What is wrong with it, in words.
pub fn setup_code(text: &str) -> Result<String, String> {
    SetupCode::parse(text).map(SetupCode::manual).map_err(|error| error.to_string())
}
