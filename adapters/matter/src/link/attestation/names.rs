//! The other way to write a maker and a product into a certificate (6.2.2.2): in the text of a common name, as in
//! `ACME Mvid:FFF1 Mpid:00B1`. The library reads only attributes of their own.

use std::borrow::Cow;

use super::der::{self, SEQUENCE};

const SET: u8 = 0x31;
const OBJECT_ID: u8 = 0x06;
const UTF8: u8 = 0x0C;

/// commonName (2.5.4.3).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Those of a maker and of a product (1.3.6.1.4.1.37244.2.1 and .2), and how they begin in a common name.
const VENDOR: (&[u8], &[u8]) = (&[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xA2, 0x7C, 0x02, 0x01], b"Mvid:");
const PRODUCT: (&[u8], &[u8]) = (&[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xA2, 0x7C, 0x02, 0x02], b"Mpid:");

/// Where issuer and subject stand in the signed part, behind version, number and algorithm; between them is how long it is
/// good.
const ISSUER: usize = 3;
const SUBJECT: usize = 5;

/// A certificate with attributes in place of what stands in its common names, for the library to read. Its signature is
/// that of the original.
pub(super) fn spelled_out(certificate: &[u8]) -> Cow<'_, [u8]> {
    rewritten(certificate).map_or(Cow::Borrowed(certificate), Cow::Owned)
}

/// `None` where there is nothing to rewrite.
fn rewritten(certificate: &[u8]) -> Option<Vec<u8>> {
    let whole = der::elements(der::element(certificate, SEQUENCE)?.content)?;
    let (signed, rest) = whole.split_first()?;
    let fields = der::elements(signed.content)?;
    let names = [ISSUER, SUBJECT].map(|at| fields.get(at).and_then(|name| with_attributes(name.content)));
    if names.iter().all(Option::is_none) {
        return None;
    }
    let [issuer, subject] = names;
    let fields = fields.iter().enumerate().flat_map(|(at, field)| match (at, &issuer, &subject) {
        (ISSUER, Some(name), _) | (SUBJECT, _, Some(name)) => name.clone(),
        _ => field.whole.to_vec(),
    });
    let signed = der::wrapped(SEQUENCE, &fields.collect::<Vec<_>>());
    let content: Vec<u8> =
        signed.into_iter().chain(rest.iter().flat_map(|field| field.whole.iter().copied())).collect();
    Some(der::wrapped(SEQUENCE, &content))
}

/// A name with the attributes that its common names stand for; `None` where they stand for none. Whoever has one of the
/// attributes does not mean its common name.
fn with_attributes(name: &[u8]) -> Option<Vec<u8>> {
    let mut attributes = Vec::new();
    for set in der::elements(name)? {
        for attribute in der::elements(set.content)? {
            let parts = der::elements(attribute.content)?;
            let (kind, value) = (parts.first()?, parts.get(1)?);
            attributes.push((kind.content, value.content));
        }
    }
    let has = |kind: &[u8]| attributes.iter().any(|(known, _)| *known == kind);
    if has(VENDOR.0) || has(PRODUCT.0) {
        return None;
    }
    let texts = || attributes.iter().filter(|(kind, _)| *kind == COMMON_NAME).map(|(_, text)| *text);
    let said = |(kind, prefix): (&'static [u8], &[u8])| Some((kind, texts().find_map(|text| number(text, prefix))?));
    let found: Vec<_> = [VENDOR, PRODUCT].into_iter().filter_map(said).collect();
    if found.is_empty() {
        return None;
    }
    let added = found.into_iter().flat_map(|(kind, digits)| {
        let attribute = [der::wrapped(OBJECT_ID, kind), der::wrapped(UTF8, digits)].concat();
        der::wrapped(SET, &der::wrapped(SEQUENCE, &attribute))
    });
    Some(der::wrapped(SEQUENCE, &name.iter().copied().chain(added).collect::<Vec<_>>()))
}

/// The four upper-case digits behind a prefix.
fn number<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let is_digit = |octet: &u8| octet.is_ascii_digit() || (b'A'..=b'F').contains(octet);
    let at = |start: usize| text.get(start + prefix.len()..start + prefix.len() + 4);
    let starts = (0..text.len()).filter(|start| text[*start..].starts_with(prefix));
    starts.filter_map(at).find(|digits| digits.iter().all(is_digit))
}

#[cfg(test)]
mod tests {
    use rs_matter::cert::x509::cert::DacCert;

    use super::*;

    fn name(text: &str) -> Vec<u8> {
        let attribute = [der::wrapped(OBJECT_ID, COMMON_NAME), der::wrapped(UTF8, text.as_bytes())].concat();
        der::wrapped(SET, &der::wrapped(SEQUENCE, &attribute))
    }

    fn ids(name: &[u8]) -> Vec<(Vec<u8>, String)> {
        let Some(name) = with_attributes(name) else { return Vec::new() };
        let sets = der::elements(der::element(&name, SEQUENCE).unwrap().content).unwrap();
        let attributes = sets.iter().skip(1).map(|set| {
            let attribute = der::element(set.content, SEQUENCE).unwrap();
            let parts = der::elements(attribute.content).unwrap();
            (parts[0].content.to_vec(), String::from_utf8(parts[1].content.to_vec()).unwrap())
        });
        attributes.collect()
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        let of = |text: &str| ids(&name(text)).into_iter().map(|(_, digits)| digits).collect::<Vec<_>>();
        // 6.2.2.2: anything may stand around the two, also nothing.
        for text in [
            "ACME Matter Devel DAC 5CDA9899 Mvid:FFF1 Mpid:00B1",
            "ACME Matter Devel DAC 5CDA9899 Mpid:00B1 Mvid:FFF1",
            "Mpid:00B1,ACME Matter Devel DAC 5CDA9899,Mvid:FFF1",
            "ACME Matter Devel DAC 5CDA9899 Mvid:FFF1Mpid:00B1",
            "Mvid:FFF1ACME Matter Devel DAC 5CDAMpid:00B19899",
        ] {
            assert_eq!(of(text), ["FFF1", "00B1"], "{text}");
        }
        assert_eq!(of("ACME Mvid:FFF1"), ["FFF1"]);
        // Wrong case, too few digits, other words.
        for text in ["Mvid:fff1", "Mvid:FFF", "Mvid FFF1", "MVID:FFF1", ""] {
            assert!(of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn attributes_go_before_the_text() {
        let vendor = [der::wrapped(OBJECT_ID, VENDOR.0), der::wrapped(UTF8, b"FFF2")].concat();
        let both = [name("Mvid:FFF1 Mpid:8000"), der::wrapped(SET, &der::wrapped(SEQUENCE, &vendor))].concat();
        assert!(ids(&both).is_empty());
    }

    #[test]
    fn what_has_no_such_text_stays_as_it_is() {
        for root in crate::roots::TESTS {
            assert!(matches!(spelled_out(root), Cow::Borrowed(_)));
        }
        assert!(matches!(spelled_out(&[0x30, 0x82]), Cow::Borrowed(_)));
        assert!(DacCert::new(&spelled_out(b"")).is_err());
    }
}
