//! The master key, and what is sealed with it: XChaCha20-Poly1305 with a random nonce before each text.

use std::{
    fmt, fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    Key, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

use crate::OpenError;

const NONCE: usize = 24;

/// 32 bytes that open all secrets. They never print.
#[derive(Clone)]
pub(crate) struct MasterKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl MasterKey {
    /// What `key_mark` holds, sealed.
    const MARK: &'static [u8] = b"hearth";

    /// The key out of systemd's credentials (`hub-key`), else out of `DIR/key`, which is made if it is not there. Where
    /// both are there, the one that opens `mark` is right, so that a restored folder brings its own key along.
    pub(crate) fn find(folder: &Path, mark: Option<&[u8]>) -> Result<Self, OpenError> {
        Self::find_beside(credential(), folder, mark)
    }

    fn find_beside(credential: Option<PathBuf>, folder: &Path, mark: Option<&[u8]>) -> Result<Self, OpenError> {
        let opens = |key: &Self| mark.is_none_or(|mark| key.unseal("key_mark", mark).as_deref() == Some(Self::MARK));
        let mut first = None;
        for file in credential.into_iter().chain([folder.join("key")]) {
            match Self::read(&file)? {
                Some(key) if opens(&key) => return Ok(key),
                found => first = first.or(found),
            }
        }
        first.map_or_else(|| Self::make(&folder.join("key")), Ok)
    }

    /// What to keep so that the right key is known again.
    pub(crate) fn mark(&self) -> Vec<u8> {
        self.seal("key_mark", Self::MARK)
    }

    /// Whether this is the key that made the mark.
    pub(crate) fn made(&self, mark: &[u8]) -> bool {
        self.unseal("key_mark", mark).as_deref() == Some(Self::MARK)
    }

    /// Writes the key into a file of its own (0600).
    pub(crate) fn write(&self, file: &Path) -> std::io::Result<()> {
        let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(file)?;
        file.write_all(&*self.0)?;
        file.sync_all()
    }

    /// Seals a text; `name` must be the same when it is unsealed, so that texts can't be swapped.
    pub(crate) fn seal(&self, name: &str, text: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).expect("the operating system gives random numbers");
        let payload = Payload { msg: text, aad: name.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("a text in memory is short enough");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The text, if this key sealed it under this name.
    pub(crate) fn unseal(&self, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: name.as_bytes() }).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }

    fn read(file: &Path) -> Result<Option<Self>, OpenError> {
        match fs::read(file).map(Zeroizing::new) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
                Ok(bytes) => Ok(Some(Self(Zeroizing::new(bytes)))),
                Err(_) => Err(OpenError::Key { file: file.to_owned() }),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(OpenError::io(file, &error)),
        }
    }

    fn make(file: &Path) -> Result<Self, OpenError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).expect("the operating system gives random numbers");
        let key = Self(bytes);
        // Under another name first, so that a stop in the middle leaves no half a key.
        let half = file.with_extension("new");
        let _ = fs::remove_file(&half);
        let made = key.write(&half).and_then(|()| fs::rename(&half, file));
        made.map(|()| key).map_err(|error| OpenError::io(file, &error))
    }
}

fn credential() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(|folder| PathBuf::from(folder).join("hub-key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_name_open_what_was_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let key = MasterKey::find(folder.path(), None).unwrap();
        let sealed = key.seal("mqtt", b"hunter2");
        assert!(!sealed.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(key.unseal("mqtt", &sealed).as_deref(), Some(b"hunter2".as_slice()));
        assert_eq!(key.unseal("wifi", &sealed), None);
        let again = MasterKey::find(folder.path(), None).unwrap();
        assert!(again.unseal("mqtt", &sealed).is_some(), "the key stays");
        let other = MasterKey::find(tempfile::tempdir().unwrap().path(), None).unwrap();
        assert_eq!(other.unseal("mqtt", &sealed), None);
        assert_eq!(format!("{key:?}"), "***");
    }

    #[test]
    fn a_credential_goes_first_unless_only_the_folder_s_own_key_is_right() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let credential = || Some(other.path().join("key"));
        let given = MasterKey::find_beside(None, other.path(), None).unwrap();
        let found = MasterKey::find_beside(credential(), folder.path(), None).unwrap();
        assert!(found.made(&given.mark()));
        assert!(!folder.path().join("key").exists(), "no second key is made");
        let own = MasterKey::find_beside(None, folder.path(), None).unwrap();
        let found = MasterKey::find_beside(credential(), folder.path(), Some(&own.mark())).unwrap();
        assert!(found.made(&own.mark()));
        let found = MasterKey::find_beside(credential(), folder.path(), Some(&given.mark())).unwrap();
        assert!(found.made(&given.mark()));
    }

    #[test]
    fn a_key_of_another_length_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), b"short").unwrap();
        assert!(matches!(MasterKey::find(folder.path(), None), Err(OpenError::Key { .. })));
        assert_eq!(fs::read(folder.path().join("key")).unwrap(), b"short");
    }
}
