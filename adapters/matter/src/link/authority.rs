//! The hub's fabric: the keys and certificates by which its devices know each other. Made once, kept as one note.

use std::num::NonZeroU8;

use rs_matter::{
    Matter,
    cert::{MAX_CERT_TLV_AND_ASN1_LEN, r#gen::VALID_FOREVER},
    crypto::{
        CanonAeadKeyRef, CanonPkcSecretKey, CanonPkcSecretKeyRef, Crypto, Rng as _, SecretKey as _,
        SigningSecretKey as _,
    },
    error::Error,
    onboard::{
        cac::{IcacGenerator, RcacGenerator},
        noc::NocGenerator,
    },
};
use serde::{Deserialize, Serialize};

/// The vendor id by which controllers without one of their own call themselves ("test vendor 1").
pub(super) const VENDOR: u16 = 0xFFF1;

/// The ids that operational nodes may have (2.5.5.1).
const OPERATIONAL: std::ops::RangeInclusive<u64> = 1..=0xFFFF_FFEF_FFFF_FFFF;

/// The hub's node id: far from those of its devices, which are counted from 1.
const CONTROLLER: u64 = 0x4845_4152_5448_0001;

/// Everything that makes the fabric. Whoever has it controls every device; it is kept encrypted, and never printed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Authority {
    root_key: Vec<u8>,
    root_certificate: Vec<u8>,
    intermediate_key: Vec<u8>,
    intermediate_certificate: Vec<u8>,
    identity_protection_key: Vec<u8>,
    controller_key: Vec<u8>,
    controller_certificate: Vec<u8>,
}

impl Authority {
    /// A new fabric, like no other.
    pub(crate) fn fresh() -> Result<Self, String> {
        Self::generate(&super::crypto()).map_err(|error| format!("the keys of a new fabric can't be made: {error}"))
    }

    /// Puts the fabric into a stack that has none.
    pub(super) fn install(&self, matter: &Matter<'_>, crypto: &impl Crypto) -> Result<NonZeroU8, Error> {
        let key = secret_key(&self.controller_key)?;
        let identity_protection_key = CanonAeadKeyRef::try_new(&self.identity_protection_key)?;
        matter.with_state(|state| {
            let fabric = state.fabrics.add(
                crypto,
                key,
                &self.root_certificate,
                &self.controller_certificate,
                &self.intermediate_certificate,
                Some(identity_protection_key),
                VENDOR,
                CONTROLLER,
            )?;
            Ok(fabric.fab_idx())
        })
    }

    /// A certificate for a device that asks for one.
    pub(super) fn certify(&self, crypto: &impl Crypto, request: &[u8], node: u64) -> Result<Vec<u8>, Error> {
        let mut buffer = [0; MAX_CERT_TLV_AND_ASN1_LEN];
        let key = secret_key(&self.intermediate_key)?;
        let mut generator =
            NocGenerator::create(key, &self.root_certificate, &self.intermediate_certificate, &mut buffer)?;
        Ok(generator.generate(crypto, request, node, &[], VALID_FOREVER)?.to_vec())
    }

    pub(super) fn root_certificate(&self) -> &[u8] {
        &self.root_certificate
    }

    pub(super) fn intermediate_certificate(&self) -> &[u8] {
        &self.intermediate_certificate
    }

    pub(super) fn identity_protection_key(&self) -> &[u8] {
        &self.identity_protection_key
    }

    /// Who may administer the devices: the hub.
    pub(super) const fn administrator(&self) -> u64 {
        CONTROLLER
    }

    fn generate(crypto: &impl Crypto) -> Result<Self, Error> {
        let mut random = crypto.rand()?;
        let fabric = loop {
            let id = random.next_u64();
            if OPERATIONAL.contains(&id) {
                break id;
            }
        };
        let mut identity_protection_key = vec![0; 16];
        random.fill_bytes(&mut identity_protection_key);

        let (mut root, mut intermediate) = ([0; MAX_CERT_TLV_AND_ASN1_LEN], [0; MAX_CERT_TLV_AND_ASN1_LEN]);
        let (mut root, mut intermediate) = (RcacGenerator::new(&mut root), IcacGenerator::new(&mut intermediate));
        let (root_key, root) = root.generate(crypto, fabric, VALID_FOREVER)?;
        let (intermediate_key, intermediate) =
            intermediate.generate(crypto, root_key.reference(), root, VALID_FOREVER)?;
        let controller = crypto.generate_secret_key()?;
        let mut controller_key = CanonPkcSecretKey::new();
        controller.write_canon(&mut controller_key)?;
        let mut request = [0; 512];
        let request = controller.csr(&mut request)?;
        let mut authority = Self {
            root_key: root_key.access().to_vec(),
            root_certificate: root.to_vec(),
            intermediate_key: intermediate_key.access().to_vec(),
            intermediate_certificate: intermediate.to_vec(),
            identity_protection_key,
            controller_key: controller_key.access().to_vec(),
            controller_certificate: Vec::new(),
        };
        authority.controller_certificate = authority.certify(crypto, request, CONTROLLER)?;
        Ok(authority)
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority(***)")
    }
}

fn secret_key(bytes: &[u8]) -> Result<CanonPkcSecretKeyRef<'_>, Error> {
    CanonPkcSecretKeyRef::try_new(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fabric_is_the_same_after_it_was_kept() {
        let authority = Authority::fresh().unwrap();
        let kept = serde_json::to_vec(&authority).unwrap();
        assert!(kept.len() < 16 * 1024, "a note holds 64 KiB");
        let again: Authority = serde_json::from_slice(&kept).unwrap();
        assert_eq!(again.controller_certificate, authority.controller_certificate);
        assert!(!format!("{again:?}").contains("key"));
    }
}
