//! The root certificates (PAA) of device makers that are trusted: those of a folder, and the test roots where the owner
//! wants them.

use std::{collections::HashMap, fs, io, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::link::attestation;

/// The roots of the Matter SDK's test certificates, with which prototypes and software devices are made.
pub(crate) const TESTS: [&[u8]; 2] =
    [include_bytes!("roots/test-fff1.der"), include_bytes!("roots/test-no-vendor.der")];

/// A root certificate's file is not larger; the specification has 600 octets for the certificate itself.
const LARGEST: u64 = 64 * 1024;

/// Roots by the ids of their keys.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    known: HashMap<Vec<u8>, Vec<u8>>,
    trusts_tests: bool,
}

/// A sound root certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The id of its key, in hex.
    pub key_id: String,
    /// The certificate, in DER.
    pub der: Vec<u8>,
}

/// Why something is no root certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RootError {
    /// It looks like PEM and is broken.
    #[error("it is not readable as PEM")]
    Pem,
    /// It is something else.
    #[error("it is not the root certificate (PAA) of a maker of Matter devices")]
    NoRoot,
}

/// Reads a root certificate, in DER or PEM; of a PEM file the first.
///
/// # Errors
/// If it is none, or not signed by itself.
pub fn root(bytes: &[u8]) -> Result<Root, RootError> {
    let der = match std::str::from_utf8(bytes).ok().and_then(|text| text.split_once("-----BEGIN CERTIFICATE-----")) {
        Some((_, behind)) => from_pem(behind).ok_or(RootError::Pem)?,
        None => bytes.to_vec(),
    };
    let key_id = attestation::key_id(&der).filter(|_| attestation::is_root(&der)).ok_or(RootError::NoRoot)?;
    Ok(Root { key_id: hex(&key_id), der })
}

impl Roots {
    /// Those of a folder; a file that is none is told in the log and left out.
    pub(crate) fn load(folder: Option<&Path>, trusts_tests: bool) -> Self {
        let mut known = HashMap::new();
        if let Some(folder) = folder
            && let Err(error) = read(folder, &mut known)
        {
            tracing::warn!(folder = %folder.display(), %error, "the folder of Matter root certificates can't be read");
        }
        let tests = TESTS.iter().filter(|_| trusts_tests);
        known.extend(tests.filter_map(|der| Some((attestation::key_id(der)?, der.to_vec()))));
        Self { known, trusts_tests }
    }

    /// The root of that key.
    pub(crate) fn find(&self, key_id: &[u8]) -> Option<&[u8]> {
        self.known.get(key_id).map(Vec::as_slice)
    }

    /// Whether devices with test certificates are trusted.
    pub(crate) const fn trusts_tests(&self) -> bool {
        self.trusts_tests
    }
}

/// Octets as people see key ids.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

fn read(folder: &Path, known: &mut HashMap<Vec<u8>, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_small = fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
        if !is_small {
            continue;
        }
        match root(&fs::read(&path)?).map(|root| attestation::key_id(&root.der).map(|id| (id, root.der))) {
            Ok(Some((key_id, der))) => drop(known.insert(key_id, der)),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "a file among the Matter root certificates is left out")
            }
        }
    }
    Ok(())
}

fn from_pem(behind: &str) -> Option<Vec<u8>> {
    let (body, _) = behind.split_once("-----END CERTIFICATE-----")?;
    STANDARD.decode(body.split_whitespace().collect::<String>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_roots_is_read_in_both_forms_and_what_is_none_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = TESTS;
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(first));
        fs::write(folder.path().join("first.pem"), pem).unwrap();
        fs::write(folder.path().join("second.der"), second).unwrap();
        fs::write(folder.path().join("notes.txt"), "bought in May").unwrap();
        let roots = Roots::load(Some(folder.path()), false);
        assert_eq!(roots.known.len(), 2);
        assert_eq!(roots.find(&attestation::key_id(first).unwrap()), Some(first));
        assert!(!roots.trusts_tests());
        assert_eq!(Roots::load(None, false).known.len(), 0);
    }
}
