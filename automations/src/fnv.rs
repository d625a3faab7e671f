//! A hash that is the same for ever, which the standard library's hasher does not promise.

use std::fmt::{self, Write as _};

/// FNV-1a with 64 bits over some words, which are not put together for it.
pub(crate) fn fnv(words: fmt::Arguments<'_>) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // Nothing that is only counted can't be written.
    let _ = hash.write_fmt(words);
    hash.0
}

struct Fnv(u64);

impl fmt::Write for Fnv {
    fn write_str(&mut self, words: &str) -> fmt::Result {
        self.0 = words.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Ok(())
    }
}
