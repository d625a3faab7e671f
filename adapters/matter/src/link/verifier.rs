//! What a device is told of a passcode so that it can check it without knowing it (3.10.3).

use rs_matter::{
    crypto::{Crypto, CryptoSensitive, CryptoSensitiveRef, EcPoint as _, EcScalar as _, PbKdf as _},
    error::Error,
};

const SCALAR: usize = 32;
const POINT: usize = 65;
/// A scalar before it is brought below the order of the curve.
const WIDE: usize = 40;

/// The verifier of a passcode: the scalar `w0` and the point `L`.
pub(crate) fn verifier(passcode: u32, salt: &[u8], iterations: u32) -> Result<Vec<u8>, String> {
    derive(passcode, salt, iterations).map_err(|error| format!("no code can be made: {error}"))
}

fn derive(passcode: u32, salt: &[u8], iterations: u32) -> Result<Vec<u8>, Error> {
    let crypto = super::crypto();
    let passcode = passcode.to_le_bytes();
    let mut wide = CryptoSensitive::<{ 2 * WIDE }>::new();
    crypto.pbkdf()?.derive(CryptoSensitiveRef::new(&passcode), iterations as usize, salt, &mut wide)?;
    let (first, second) = wide.reference().split::<WIDE, WIDE>();
    let (mut scalar, mut point) = (CryptoSensitive::<SCALAR>::new(), CryptoSensitive::<POINT>::new());
    crypto.ec_scalar_mod_p(first)?.write_canon(&mut scalar)?;
    let second = crypto.ec_scalar_mod_p(second)?;
    crypto.ec_generator_point()?.mul(&second)?.write_canon(&mut point)?;
    Ok([&scalar.access()[..], &point.access()[..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair that the Matter SDK's tools print for passcode 20202021, salt "SPAKE2P Key Salt" and 1000 iterations.
    #[test]
    fn the_verifier_is_the_one_of_the_sample_code() {
        let verifier = verifier(20_202_021, b"SPAKE2P Key Salt", 1000).unwrap();
        assert_eq!(verifier.len(), SCALAR + POINT);
        assert_eq!(verifier[..8], [0xb9, 0x61, 0x70, 0xaa, 0xe8, 0x03, 0x34, 0x68]);
        assert_eq!(verifier[SCALAR], 4, "an uncompressed point");
    }
}
