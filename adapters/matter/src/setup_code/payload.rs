//! The packed fields behind `MT:` (5.1.3): least significant bit first.

use super::{Discriminator, SetupCode, SetupCodeError, base38, is_allowed};

/// How many bits each field has, in their order; a padding of four follows.
const VERSION: u32 = 3;
const VENDOR: u32 = 16;
const PRODUCT: u32 = 16;
const FLOW: u32 = 2;
const DISCOVERY: u32 = 8;
const DISCRIMINATOR: u32 = 12;
const PASSCODE: u32 = 27;

/// The octets of all fields; what follows is optional and read by nobody here.
const LENGTH: usize = 11;

/// "Reached over the IP network", among the ways of discovery.
const ON_NETWORK: u128 = 1 << 2;

/// What stands behind `MT:`.
pub(super) fn qr_body(text: &str) -> Option<&str> {
    text.get(..3).filter(|prefix| prefix.eq_ignore_ascii_case("MT:"))?;
    // Two devices in one box have their codes joined by `*`; the first is meant.
    text[3..].split('*').next()
}

/// Whether a text is meant as a setup code, sound or not; other texts may be codes of other adapters.
pub(crate) fn looks_like_one(text: &str) -> bool {
    let text = text.trim();
    let of_digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '\u{a0}'));
    qr_body(text).is_some() || of_digits && text.chars().any(|c| c.is_ascii_digit())
}

pub(super) fn parse(body: &str) -> Result<SetupCode, SetupCodeError> {
    let octets = base38::decode(body)?;
    let packed = octets.get(..LENGTH).ok_or_else(|| SetupCodeError::CutOff(body.to_owned()))?;
    let mut bits = packed.iter().rev().fold(0_u128, |bits, octet| bits << 8 | u128::from(*octet));
    let mut take = |width: u32| {
        let field = (bits & ((1 << width) - 1)) as u32;
        bits >>= width;
        field
    };
    let version = take(VERSION);
    if version != 0 {
        return Err(SetupCodeError::Version(version as u8));
    }
    let product = (take(VENDOR) as u16, take(PRODUCT) as u16);
    take(FLOW + DISCOVERY);
    let discriminator = Discriminator::Long(take(DISCRIMINATOR) as u16);
    let passcode = take(PASSCODE);
    if !is_allowed(passcode) {
        return Err(SetupCodeError::Passcode(passcode));
    }
    Ok(SetupCode { passcode, discriminator, product: Some(product) })
}

pub(super) fn write((vendor, product): (u16, u16), discriminator: u16, passcode: u32) -> String {
    let fields = [
        (VERSION, 0),
        (VENDOR, u128::from(vendor)),
        (PRODUCT, u128::from(product)),
        (FLOW, 0),
        (DISCOVERY, ON_NETWORK),
        (DISCRIMINATOR, u128::from(discriminator)),
        (PASSCODE, u128::from(passcode)),
    ];
    let (bits, _) = fields.into_iter().fold((0, 0), |(bits, at), (width, field)| (bits | field << at, at + width));
    format!("MT:{}", base38::encode(&bits.to_le_bytes()[..LENGTH]))
}
