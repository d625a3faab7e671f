//! Base 38, as QR codes of Matter use it: three octets in five characters, least significant first (5.1.3.1).

use super::SetupCodeError;

const ALPHABET: &[u8; 38] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.";

/// Octets, and the characters they take: whole groups first, then a rest of two or one.
const GROUPS: [(usize, usize); 3] = [(3, 5), (2, 4), (1, 2)];

pub(super) fn decode(text: &str) -> Result<Vec<u8>, SetupCodeError> {
    let mut values = Vec::with_capacity(text.len());
    for (index, found) in text.chars().enumerate() {
        let value = ALPHABET.iter().position(|&letter| char::from(letter) == found);
        values.push(value.ok_or(SetupCodeError::Character { found, place: index + 1 })? as u32);
    }
    let cut_off = || SetupCodeError::CutOff(text.to_owned());
    let mut octets = Vec::new();
    let mut rest = values.as_slice();
    while !rest.is_empty() {
        let (size, length) = GROUPS.into_iter().find(|&(_, length)| length <= rest.len()).ok_or_else(cut_off)?;
        let (group, behind) = rest.split_at(length);
        let number = group.iter().rev().fold(0_u32, |number, value| number.wrapping_mul(38).wrapping_add(*value));
        octets.extend_from_slice(&number.to_le_bytes()[..size]);
        rest = behind;
    }
    Ok(octets)
}

pub(super) fn encode(octets: &[u8]) -> String {
    let mut text = String::new();
    for group in octets.chunks(3) {
        let mut number = group.iter().rev().fold(0_u32, |number, octet| number << 8 | u32::from(*octet));
        let length = GROUPS.into_iter().find(|&(size, _)| size == group.len()).map_or(0, |(_, length)| length);
        for _ in 0..length {
            text.push(char::from(ALPHABET[(number % 38) as usize]));
            number /= 38;
        }
    }
    text
}
