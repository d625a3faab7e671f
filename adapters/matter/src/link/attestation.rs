//! Whether a device is what it says it is (Matter core specification, 6.2). Pure: certificates and answers go in, a reason
//! to doubt comes out, or none.

mod der;
mod names;

use rs_matter::{
    attest::cd::{CertificationElements, DeviceInfoForAttestation},
    cert::x509::cert::{DacCert, PaaCert, PaiCert},
    crypto::{CanonPkcPublicKeyRef, CanonPkcSignatureRef, Crypto, PublicKey as _},
    error::{Error, ErrorCode},
    tlv::TLVElement,
};

use crate::roots::Roots;

/// Fields of the signed answers (11.18.4.1, 11.18.4.2).
const DECLARATION: u8 = 1;
const ATTESTATION_NONCE: u8 = 2;
const CERTIFICATE_REQUEST: u8 = 1;
const CERTIFICATE_REQUEST_NONCE: u8 = 2;

/// What a device shows for itself.
pub(super) struct Evidence {
    /// Vendor and product by its own description.
    pub(super) product: (u16, u16),
    /// The device's own certificate (DAC), in DER.
    pub(super) device: Vec<u8>,
    /// The one that issued it (PAI), in DER.
    pub(super) intermediate: Vec<u8>,
    /// What it signed: its declaration, and what it was asked.
    pub(super) elements: Vec<u8>,
    /// The signature over that and the session's challenge.
    pub(super) signature: Vec<u8>,
    /// What it was asked with.
    pub(super) nonce: [u8; 32],
    /// The session's challenge.
    pub(super) challenge: [u8; 16],
}

/// A reason not to trust a device. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Doubt {
    /// Its maker's root is not known here.
    #[error(
        "its maker's root certificate {0} is not trusted here (`hub matter roots` brings in those of certified makers)"
    )]
    UnknownRoot(String),
    /// A certificate can't be read, or may not be used for this.
    #[error("its {0} certificate is not one of a Matter device")]
    Certificate(&'static str),
    /// A certificate was not signed by who should have.
    #[error("its {0} certificate was not signed by the one above it")]
    Chain(&'static str),
    /// The certificates speak of different makers or products.
    #[error("its certificates belong to different makers or products")]
    Mixed,
    /// It does not hold the key of its certificate.
    #[error("it can't sign with the key of its certificate")]
    Signature,
    /// It answers with something that was recorded earlier.
    #[error("its answer is not to what it was asked")]
    Replayed,
    /// What it says can't be read.
    #[error("what it says of itself can't be read")]
    Unreadable,
    /// Its declaration was not signed by the certification body.
    #[error("its certification declaration is not signed by the Connectivity Standards Alliance")]
    Declaration,
    /// Its declaration is for something else.
    #[error("its certification declaration is for another {0}")]
    OtherProduct(&'static str),
}

/// Checks the chain, the signature, the nonce and the declaration.
pub(super) fn verify(evidence: &Evidence, roots: &Roots, crypto: &impl Crypto) -> Result<(), Doubt> {
    let readable = (names::spelled_out(&evidence.device), names::spelled_out(&evidence.intermediate));
    let device = DacCert::new(&readable.0).map_err(|_| Doubt::Certificate("device"))?;
    let intermediate = PaiCert::new(&readable.1).map_err(|_| Doubt::Certificate("intermediate"))?;
    let issuer = intermediate.authority_key_id().map_err(|_| Doubt::Certificate("intermediate"))?;
    let root = roots.find(issuer).ok_or_else(|| Doubt::UnknownRoot(crate::roots::hex(issuer)))?;
    let root = (PaaCert::new(root).map_err(|_| Doubt::Certificate("root"))?, root);

    let root_key = root.0.public_key().map_err(|_| Doubt::Certificate("root"))?;
    let intermediate_key = intermediate.public_key().map_err(|_| Doubt::Certificate("intermediate"))?;
    let device_key = device.public_key().map_err(|_| Doubt::Certificate("device"))?;
    is_signed(&evidence.intermediate, root_key, crypto).ok_or(Doubt::Chain("intermediate"))?;
    is_signed(&evidence.device, intermediate_key, crypto).ok_or(Doubt::Chain("device"))?;
    if device.authority_key_id().ok() != intermediate.subject_key_id().ok() {
        return Err(Doubt::Chain("device"));
    }
    // A hub's clock may be wrong; what counts is that each was good when the next was made (6.2.2.3).
    let made = device.not_before_unix().map_err(|_| Doubt::Certificate("device"))?;
    if !intermediate.is_valid_at(made).unwrap_or(false) || !root.0.is_valid_at(made).unwrap_or(false) {
        return Err(Doubt::Chain("device"));
    }
    let identity = identity(evidence, &device, &intermediate, &root.0)?;

    is_signed_by(&evidence.elements, &evidence.challenge, &evidence.signature, device_key, crypto)?;
    let said = |field| octets(&evidence.elements, field);
    if said(ATTESTATION_NONCE)? != evidence.nonce {
        return Err(Doubt::Replayed);
    }
    let declaration = CertificationElements::verify(crypto, said(DECLARATION)?, roots.trusts_tests());
    let declaration = declaration.map_err(|_| Doubt::Declaration)?;
    declaration.validate(&identity).map_err(|error| declared_for(&error))
}

/// How a device came to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// By what it showed for itself.
    Proven,
    /// By the word of whoever adds it: it may not hold the key of its certificate.
    Given,
}

/// The device's request for a certificate, if it is the answer to this nonce; signed with the device's own key, where it
/// has proven that it holds that.
pub(super) fn certificate_request(
    elements: &[u8],
    signature: &[u8],
    nonce: &[u8; 32],
    evidence: &Evidence,
    trust: Trust,
    crypto: &impl Crypto,
) -> Result<Vec<u8>, Doubt> {
    if trust == Trust::Proven {
        let readable = names::spelled_out(&evidence.device);
        let device = DacCert::new(&readable).map_err(|_| Doubt::Certificate("device"))?;
        let key = device.public_key().map_err(|_| Doubt::Certificate("device"))?;
        is_signed_by(elements, &evidence.challenge, signature, key, crypto)?;
    }
    if octets(elements, CERTIFICATE_REQUEST_NONCE)? != nonce {
        return Err(Doubt::Replayed);
    }
    octets(elements, CERTIFICATE_REQUEST).map(<[u8]>::to_vec)
}

/// Whether a root certificate is signed by itself.
pub(crate) fn is_root(der: &[u8]) -> bool {
    let key = PaaCert::new(der).and_then(|root| root.public_key());
    key.is_ok_and(|key| is_signed(der, key, &super::crypto()).is_some())
}

/// The id of a root certificate's key.
pub(crate) fn key_id(der: &[u8]) -> Option<Vec<u8>> {
    PaaCert::new(der).ok()?.subject_key_id().ok().map(<[u8]>::to_vec)
}

fn identity(
    evidence: &Evidence,
    device: &DacCert<'_>,
    intermediate: &PaiCert<'_>,
    root: &PaaCert<'_>,
) -> Result<DeviceInfoForAttestation, Doubt> {
    let (vendor_id, product_id) = evidence.product;
    let dac_vendor_id = device.vendor_id().map_err(|_| Doubt::Certificate("device"))?;
    let dac_product_id = device.product_id().map_err(|_| Doubt::Certificate("device"))?;
    let pai_vendor_id = intermediate.vendor_id().map_err(|_| Doubt::Certificate("intermediate"))?;
    let pai_product_id = intermediate.product_id().unwrap_or(0);
    let root_vendor = root.vendor_id().unwrap_or(dac_vendor_id);
    let paa_skid = root.subject_key_id().ok().and_then(|id| id.try_into().ok()).ok_or(Doubt::Certificate("root"))?;
    let one_product = pai_product_id == 0 || pai_product_id == dac_product_id;
    if dac_vendor_id != pai_vendor_id || root_vendor != dac_vendor_id || !one_product {
        return Err(Doubt::Mixed);
    }
    Ok(DeviceInfoForAttestation {
        vendor_id,
        product_id,
        dac_vendor_id,
        dac_product_id,
        pai_vendor_id,
        pai_product_id,
        paa_skid,
    })
}

fn declared_for(error: &Error) -> Doubt {
    Doubt::OtherProduct(match error.code() {
        ErrorCode::CdInvalidVendorId => "maker",
        ErrorCode::CdInvalidProductId => "product",
        ErrorCode::CdInvalidPaa => "root certificate",
        _ => "format",
    })
}

/// Whether a certificate's signature is that of a key.
fn is_signed(certificate: &[u8], key: &[u8], crypto: &impl Crypto) -> Option<()> {
    let (signed, signature) = der::signed(certificate)?;
    verified(signed, &signature, key, crypto).then_some(())
}

/// Whether an answer, together with the session's challenge, is signed by a key.
fn is_signed_by(
    elements: &[u8],
    challenge: &[u8; 16],
    signature: &[u8],
    key: &[u8],
    crypto: &impl Crypto,
) -> Result<(), Doubt> {
    let signed = [elements, challenge].concat();
    let signature = signature.try_into().map_err(|_| Doubt::Signature)?;
    if verified(&signed, signature, key, crypto) { Ok(()) } else { Err(Doubt::Signature) }
}

fn verified(signed: &[u8], signature: &[u8; 64], key: &[u8], crypto: &impl Crypto) -> bool {
    let key = CanonPkcPublicKeyRef::try_new(key).and_then(|key| crypto.pub_key(key));
    key.is_ok_and(|key| key.verify(signed, CanonPkcSignatureRef::new(signature)).unwrap_or(false))
}

/// A field of a structure.
fn octets(structure: &[u8], field: u8) -> Result<&[u8], Doubt> {
    let found = TLVElement::new(structure).structure().and_then(|fields| fields.find_ctx(field));
    found.and_then(|found| found.str()).map_err(|_| Doubt::Unreadable)
}

#[cfg(test)]
mod shown;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::roots::TESTS;

    fn evidence(device: Vec<u8>, elements: Vec<u8>) -> Evidence {
        Evidence {
            product: (0xFFF1, 0x8000),
            intermediate: device.clone(),
            device,
            elements,
            signature: vec![0; 64],
            nonce: [0; 32],
            challenge: [0; 16],
        }
    }

    #[test]
    fn roots_are_signed_by_themselves_and_a_changed_one_is_none() {
        for root in TESTS {
            assert!(is_root(root));
            let mut changed = root.to_vec();
            let last = changed.len() - 1;
            changed[last] ^= 1;
            assert!(!is_root(&changed));
        }
    }

    #[test]
    fn what_is_no_certificate_is_doubted() {
        let evidence = evidence(TESTS[0].to_vec(), Vec::new());
        let doubt = verify(&evidence, &Roots::load(None, true), &crate::link::crypto()).unwrap_err();
        assert_eq!(doubt, Doubt::Certificate("device"));
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(octets: Vec<u8>, cut in 0_usize..400, flip in 0_usize..400) {
            let mut certificate = TESTS[1].to_vec();
            certificate.truncate(cut);
            if let Some(octet) = certificate.get_mut(flip) {
                *octet ^= 0x55;
            }
            for some in [certificate, octets] {
                let _ = is_root(&some);
                let evidence = evidence(some.clone(), some.clone());
                prop_assert!(verify(&evidence, &Roots::load(None, true), &crate::link::crypto()).is_err());
                for trust in [Trust::Proven, Trust::Given] {
                    let _ = certificate_request(&some, &some, &[0; 32], &evidence, trust, &crate::link::crypto());
                }
            }
        }
    }
}
