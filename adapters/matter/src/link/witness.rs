//! The attestation challenge of a PASE session.
//!
//! A device signs its attestation over a secret that both ends derive while they set up the session (6.2.3.1). The
//! library derives it, keeps it, and shows it to nobody. Its cryptography can be replaced piece by piece, though: this
//! one passes everything on, and remembers what was derived.

use std::cell::Cell;

use rs_matter::{
    crypto::{
        CanonEcPointRef, CanonEcScalarRef, CanonPkcPublicKeyRef, CanonPkcSecretKeyRef, CanonUint320Ref, Crypto,
        CryptoSensitive, CryptoSensitiveRef, Kdf,
    },
    error::Error,
};

/// What the keys of a PASE session are derived with; those of a CASE session have a salt (4.14.2.6.1).
const SESSION_KEYS: &[u8] = b"SessionKeys";

/// One key for each direction, and the challenge.
const SESSION_KEYS_LENGTH: usize = 3 * CHALLENGE;
const CHALLENGE: usize = 16;

/// A cryptography that remembers the challenge of the last PASE session.
pub(super) struct Witness<C> {
    inner: C,
    challenge: Cell<Option<[u8; CHALLENGE]>>,
    has_hashed: Cell<bool>,
}

/// Its derivation of keys.
pub(super) struct Watched<'a, K> {
    inner: K,
    challenge: &'a Cell<Option<[u8; CHALLENGE]>>,
}

impl<C> Witness<C> {
    pub(super) const fn new(inner: C) -> Self {
        Self { inner, challenge: Cell::new(None), has_hashed: Cell::new(false) }
    }

    /// The challenge of the last session.
    pub(super) fn challenge(&self) -> Option<[u8; CHALLENGE]> {
        self.challenge.get()
    }

    /// Whether the passcode was put to use, which it is as soon as a device says how often to hash it (3.10).
    pub(super) const fn has_hashed(&self) -> bool {
        self.has_hashed.get()
    }
}

impl<K: Kdf> Kdf for Watched<'_, K> {
    fn expand<const IKM_LEN: usize, const KEY_LEN: usize>(
        self,
        salt: &[u8],
        ikm: CryptoSensitiveRef<'_, IKM_LEN>,
        info: &[u8],
        key: &mut CryptoSensitive<KEY_LEN>,
    ) -> Result<(), Error> {
        self.inner.expand(salt, ikm, info, key)?;
        if salt.is_empty() && info == SESSION_KEYS && KEY_LEN == SESSION_KEYS_LENGTH {
            self.challenge.set(key.access()[2 * CHALLENGE..].try_into().ok());
        }
        Ok(())
    }
}

impl<C: Crypto> Crypto for Witness<C> {
    type Rand<'a>
        = C::Rand<'a>
    where
        Self: 'a;
    type WeakRand<'a>
        = C::WeakRand<'a>
    where
        Self: 'a;
    type Hash<'a>
        = C::Hash<'a>
    where
        Self: 'a;
    type Hash1<'a>
        = C::Hash1<'a>
    where
        Self: 'a;
    type Hmac<'a>
        = C::Hmac<'a>
    where
        Self: 'a;
    type Kdf<'a>
        = Watched<'a, C::Kdf<'a>>
    where
        Self: 'a;
    type PbKdf<'a>
        = C::PbKdf<'a>
    where
        Self: 'a;
    type Aead<'a>
        = C::Aead<'a>
    where
        Self: 'a;
    type PublicKey<'a>
        = C::PublicKey<'a>
    where
        Self: 'a;
    type SigningSecretKey<'a>
        = C::SigningSecretKey<'a>
    where
        Self: 'a;
    type SecretKey<'a>
        = C::SecretKey<'a>
    where
        Self: 'a;
    type EcScalar<'a>
        = C::EcScalar<'a>
    where
        Self: 'a;
    type EcPoint<'a>
        = C::EcPoint<'a>
    where
        Self: 'a;

    fn rand(&self) -> Result<Self::Rand<'_>, Error> {
        self.inner.rand()
    }
    fn weak_rand(&self) -> Result<Self::WeakRand<'_>, Error> {
        self.inner.weak_rand()
    }
    fn hash(&self) -> Result<Self::Hash<'_>, Error> {
        self.inner.hash()
    }
    fn hash1(&self) -> Result<Self::Hash1<'_>, Error> {
        self.inner.hash1()
    }
    fn hmac<const KEY_LEN: usize>(&self, key: CryptoSensitiveRef<'_, KEY_LEN>) -> Result<Self::Hmac<'_>, Error> {
        self.inner.hmac(key)
    }
    fn kdf(&self) -> Result<Self::Kdf<'_>, Error> {
        Ok(Watched { inner: self.inner.kdf()?, challenge: &self.challenge })
    }
    fn pbkdf(&self) -> Result<Self::PbKdf<'_>, Error> {
        self.has_hashed.set(true);
        self.inner.pbkdf()
    }
    fn aead(&self) -> Result<Self::Aead<'_>, Error> {
        self.inner.aead()
    }
    fn pub_key(&self, key: CanonPkcPublicKeyRef<'_>) -> Result<Self::PublicKey<'_>, Error> {
        self.inner.pub_key(key)
    }
    fn secret_key(&self, key: CanonPkcSecretKeyRef<'_>) -> Result<Self::SecretKey<'_>, Error> {
        self.inner.secret_key(key)
    }
    fn generate_secret_key(&self) -> Result<Self::SecretKey<'_>, Error> {
        self.inner.generate_secret_key()
    }
    fn singleton_singing_secret_key(&self) -> Result<Self::SigningSecretKey<'_>, Error> {
        self.inner.singleton_singing_secret_key()
    }
    fn ec_scalar(&self, scalar: CanonEcScalarRef<'_>) -> Result<Self::EcScalar<'_>, Error> {
        self.inner.ec_scalar(scalar)
    }
    fn ec_scalar_mod_p(&self, uint: CanonUint320Ref<'_>) -> Result<Self::EcScalar<'_>, Error> {
        self.inner.ec_scalar_mod_p(uint)
    }
    fn generate_ec_scalar(&self) -> Result<Self::EcScalar<'_>, Error> {
        self.inner.generate_ec_scalar()
    }
    fn ec_point(&self, point: CanonEcPointRef<'_>) -> Result<Self::EcPoint<'_>, Error> {
        self.inner.ec_point(point)
    }
    fn ec_generator_point(&self) -> Result<Self::EcPoint<'_>, Error> {
        self.inner.ec_generator_point()
    }
}
