//! Matter: values of the protocol, setup codes, and certificates of makers.

use adapter_matter::{root, strangers};

/// A code that is read gives a manual code that is read as the same one; a certificate has the name that it gives itself.
pub(crate) fn read(bytes: &[u8]) {
    strangers::value(bytes);
    if let Ok(root) = root(bytes) {
        assert_eq!(root.key_id.len(), 40, "a key's id has 20 octets");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(manual) = strangers::setup_code(text)
    {
        assert_eq!(strangers::setup_code(&manual).as_ref(), Ok(&manual), "of {text}");
    }
}
