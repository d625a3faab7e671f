//! What devices, honest and not, show for themselves (`tests/data/attestation.json`), and what comes of it.

use std::{collections::BTreeMap, fs, path::Path};

use super::*;

/// What each dishonest device is doubted for; the others are believed.
const DOUBTS: &[(&str, Doubt)] = &[
    ("unknown root", Doubt::UnknownRoot(String::new())),
    ("stranger in the root's name", Doubt::Chain("intermediate")),
    ("stranger in the intermediate's name", Doubt::Chain("device")),
    ("device of another intermediate", Doubt::Chain("device")),
    ("intermediate that is no authority", Doubt::Certificate("intermediate")),
    ("device that is an authority", Doubt::Certificate("device")),
    ("device key for other uses", Doubt::Certificate("device")),
    ("intermediate key for other uses", Doubt::Certificate("intermediate")),
    ("intermediate of a later day", Doubt::Chain("device")),
    ("intermediate that had ended", Doubt::Chain("device")),
    ("device of another maker", Doubt::Certificate("device")),
    ("device of another product", Doubt::OtherProduct("product")),
    ("intermediate for another product", Doubt::Mixed),
    ("signed by another key", Doubt::Signature),
    ("signed for another session", Doubt::Signature),
    ("answer to another nonce", Doubt::Replayed),
    ("declaration of another maker", Doubt::OtherProduct("maker")),
    ("declaration of another product", Doubt::OtherProduct("product")),
    ("declaration by a stranger", Doubt::Declaration),
    ("declaration forged in the signer's name", Doubt::Declaration),
    ("official declaration by the test signer", Doubt::Declaration),
    ("declaration with another origin", Doubt::OtherProduct("maker")),
    ("declaration that names another root", Doubt::OtherProduct("root certificate")),
    ("another maker in a common name", Doubt::Certificate("device")),
    ("another product in a common name", Doubt::OtherProduct("product")),
];

/// Those who are believed.
const HONEST: usize = 6;

fn shown() -> BTreeMap<String, Evidence> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/attestation.json");
    let text = fs::read_to_string(path).unwrap();
    let all: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(&text).unwrap();
    all.into_iter().map(|(name, parts)| (name, evidence(&parts))).collect()
}

/// The challenge and the nonce are what the dump was made with.
fn evidence(parts: &BTreeMap<String, String>) -> Evidence {
    Evidence {
        product: (0xFFF1, 0x8000),
        device: octets_of(&parts["device"]),
        intermediate: octets_of(&parts["intermediate"]),
        elements: octets_of(&parts["elements"]),
        signature: octets_of(&parts["signature"]),
        nonce: [0x5A; 32],
        challenge: std::array::from_fn(|at| at as u8),
    }
}

fn octets_of(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn judged(evidence: &Evidence, trusts_tests: bool) -> Result<(), Doubt> {
    verify(evidence, &Roots::load(None, trusts_tests), &crate::link::crypto())
}

#[test]
fn each_dishonest_device_is_doubted_for_what_is_wrong_with_it() {
    let shown = shown();
    let mut honest = 0;
    for (name, evidence) in &shown {
        let wanted = DOUBTS.iter().find(|(dishonest, _)| dishonest == name).map(|(_, doubt)| doubt);
        match (judged(evidence, true), wanted) {
            (Ok(()), None) => honest += 1,
            // Which root it is, the text tells.
            (Err(Doubt::UnknownRoot(id)), Some(Doubt::UnknownRoot(_))) => assert_eq!(id.len(), 40),
            (Err(doubt), Some(wanted)) => assert_eq!(doubt, *wanted, "{name}"),
            (judged, wanted) => panic!("{name}: {judged:?} instead of {wanted:?}"),
        }
    }
    assert_eq!((honest, shown.len()), (HONEST, HONEST + DOUBTS.len()));
}

#[test]
fn a_test_device_is_believed_only_where_test_roots_are() {
    let doubt = judged(&shown()["honest"], false).unwrap_err();
    assert!(matches!(doubt, Doubt::UnknownRoot(_)), "{doubt}");
}

#[test]
fn every_octet_counts() {
    let honest = &shown()["honest"];
    let parts: [fn(&mut Evidence) -> &mut Vec<u8>; 4] =
        [|it| &mut it.device, |it| &mut it.intermediate, |it| &mut it.elements, |it| &mut it.signature];
    for part in parts {
        let mut changed = Evidence { device: honest.device.clone(), ..copy(honest) };
        let octets = part(&mut changed).len();
        for at in (0..octets).step_by(3) {
            part(&mut changed)[at] ^= 1;
            assert!(judged(&changed, true).is_err(), "octet {at} of {octets}");
            part(&mut changed)[at] ^= 1;
        }
        assert_eq!(judged(&changed, true), Ok(()));
    }
}

#[test]
fn the_product_that_it_says_it_is_counts_too() {
    let honest = &shown()["honest"];
    let other = Evidence { product: (0xFFF1, 0x8001), ..copy(honest) };
    assert_eq!(judged(&other, true), Err(Doubt::OtherProduct("product")));
    let other = Evidence { product: (0xFFF2, 0x8000), ..copy(honest) };
    assert_eq!(judged(&other, true), Err(Doubt::OtherProduct("maker")));
}

#[test]
fn only_who_has_proven_that_it_holds_its_key_is_asked_for_it_again() {
    // Elements of a request (11.18.4.2): the request itself, and the nonce.
    let elements = [[0x15, 0x30, 0x01, 0x02, 0xAA, 0xBB, 0x30, 0x02, 0x20].as_slice(), &[7; 32], &[0x18]].concat();
    let evidence = &shown()["signed by another key"];
    let request = |trust| certificate_request(&elements, &[0; 64], &[7; 32], evidence, trust, &crate::link::crypto());
    assert_eq!(request(Trust::Proven), Err(Doubt::Signature));
    assert_eq!(request(Trust::Given), Ok(vec![0xAA, 0xBB]));
}

fn copy(evidence: &Evidence) -> Evidence {
    Evidence {
        product: evidence.product,
        device: evidence.device.clone(),
        intermediate: evidence.intermediate.clone(),
        elements: evidence.elements.clone(),
        signature: evidence.signature.clone(),
        nonce: evidence.nonce,
        challenge: evidence.challenge,
    }
}
