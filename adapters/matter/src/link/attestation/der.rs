//! The outermost layer of a certificate: what is signed, and the signature. The library reads all else and hides this.

pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// The only algorithm of Matter's certificates, ecdsa-with-SHA256 (6.5.5). The signature does not cover its name.
const ALGORITHM: &[u8] = &[0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];

/// An element: the whole of it, what is in it, and what comes behind.
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) whole: &'a [u8],
    pub(super) content: &'a [u8],
    behind: &'a [u8],
}

/// The signed part of a certificate, and its signature as the two numbers of ECDSA.
pub(super) fn signed(certificate: &[u8]) -> Option<(&[u8], [u8; 64])> {
    let signed = element(element(certificate, SEQUENCE)?.content, SEQUENCE)?;
    let algorithm = element(signed.behind, SEQUENCE).filter(|algorithm| algorithm.content == ALGORITHM)?;
    // The first octet of a bit string counts the bits that are not used.
    let (0, numbers) = element(algorithm.behind, BIT_STRING)?.content.split_first()? else { return None };
    let first = element(element(numbers, SEQUENCE)?.content, INTEGER)?;
    let second = element(first.behind, INTEGER)?;
    let mut signature = [0; 64];
    place(first.content, &mut signature[..32])?;
    place(second.content, &mut signature[32..])?;
    Some((signed.whole, signature))
}

/// The element that octets begin with, if it has that tag.
pub(super) fn element(octets: &[u8], tag: u8) -> Option<Element<'_>> {
    first(octets).filter(|found| found.tag == tag)
}

/// The elements that octets consist of; `None` if there is anything else.
pub(super) fn elements(mut octets: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !octets.is_empty() {
        let next = first(octets)?;
        octets = next.behind;
        found.push(next);
    }
    Some(found)
}

/// An element with that in it.
pub(super) fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut element = vec![tag];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0x00..=0x7F), _) => element.push(short),
        (Ok(long), _) => element.extend([0x81, long]),
        (_, length) => {
            element.push(0x82);
            element.extend(length.unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    element.extend(content);
    element
}

fn first(octets: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = octets.split_first()?;
    let (short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0x00..=0x7F => (usize::from(*short), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), &rest[2..]),
        // No certificate of Matter has more than 600 octets.
        _ => return None,
    };
    let (content, behind) = rest.split_at_checked(length)?;
    let whole = &octets[..octets.len() - behind.len()];
    Some(Element { tag: *tag, whole, content, behind })
}

/// A number, right-aligned. DER puts a zero before one whose first bit is set.
fn place(number: &[u8], into: &mut [u8]) -> Option<()> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let number = &number[zeros..];
    let start = into.len().checked_sub(number.len())?;
    into[start..].copy_from_slice(number);
    Some(())
}
