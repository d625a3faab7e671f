//! Manual pairing codes: 11 or 21 digits with a check digit by Verhoeff's method (5.1.4).

use super::{Discriminator, SetupCode, SetupCodeError, is_allowed};

/// The digits of a text; separators are left out, and anything else makes the count wrong.
pub(super) fn values(text: &str) -> Vec<u8> {
    let digits = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}'));
    digits.filter_map(|c| c.to_digit(10)).map(|digit| digit as u8).collect()
}

pub(super) fn parse(text: &str) -> Result<SetupCode, SetupCodeError> {
    let digits = values(text);
    if !matches!(digits.len(), 11 | 21) {
        return Err(SetupCodeError::Length(digits.len()));
    }
    let (body, found) = (&digits[..digits.len() - 1], digits[digits.len() - 1]);
    let expected = check_digit(body);
    if expected != found {
        return Err(SetupCodeError::CheckDigit { expected, found });
    }
    let first = body[0];
    if first > 7 {
        return Err(SetupCodeError::FirstDigit);
    }
    let names_product = first & 0b100 != 0;
    let length = if names_product { 21 } else { 11 };
    if digits.len() != length {
        return Err(SetupCodeError::FirstDigitAndLength { first, expected: length });
    }
    let low = in_range(&body[1..6], 0xFFFF, "the first group of five")?;
    let high = in_range(&body[6..10], 0x1FFF, "the group of four")?;
    let passcode = high << 14 | low & 0x3FFF;
    if !is_allowed(passcode) {
        return Err(SetupCodeError::Passcode(passcode));
    }
    let short = (first & 0b11) << 2 | (low >> 14) as u8;
    let product = if names_product {
        let vendor = in_range(&body[10..15], 0xFFFF, "the vendor")?;
        Some((vendor as u16, in_range(&body[15..20], 0xFFFF, "the product")? as u16))
    } else {
        None
    };
    Ok(SetupCode { passcode, discriminator: Discriminator::Short(short), product })
}

pub(super) fn write(short: u8, passcode: u32) -> String {
    let low = u32::from(short & 0b11) << 14 | passcode & 0x3FFF;
    let body = format!("{}{low:05}{:04}", short >> 2 & 0b11, passcode >> 14 & 0x1FFF);
    let whole = format!("{body}{}", check_digit(&values(&body)));
    format!("{}-{}-{}", &whole[..4], &whole[4..7], &whole[7..])
}

fn in_range(digits: &[u8], most: u32, what: &'static str) -> Result<u32, SetupCodeError> {
    let number = digits.iter().fold(0, |number, digit| number * 10 + u32::from(*digit));
    if number <= most { Ok(number) } else { Err(SetupCodeError::OutOfRange(what)) }
}

/// Verhoeff's check digit: it finds every mistyped digit and every swap of neighbours.
pub(super) fn check_digit(digits: &[u8]) -> u8 {
    let checked = digits.iter().rev().zip(1..).fold(0, |sum, (digit, place)| compose(sum, permute(*digit, place)));
    // The digit that brings the sum to the neutral element.
    if checked < 5 { (5 - checked) % 5 } else { checked }
}

/// A product in the dihedral group of the pentagon: 0 to 4 are its turns, 5 to 9 its reflections.
const fn compose(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - b) % 5,
        (false, false) => (5 + a - b) % 5,
    }
}

fn permute(digit: u8, times: u32) -> u8 {
    const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // The permutation's order is 8.
    (0..times % 8).fold(digit, |digit, _| ONCE[usize::from(digit)])
}
