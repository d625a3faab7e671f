//! Who may reach the hub: accounts, and the tokens of their phones and programs. Rights are judged elsewhere.

use std::{fmt, str::FromStr};

use hub_model::{AccountId, Grant, Role};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

/// Somebody's, or a program's, access to the hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Ours.
    pub id: AccountId,
    /// For people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it may do beside its role.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One phone's or program's way in. The token itself is known to its holder alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// What the hub keeps of it.
    pub hash: TokenHash,
    /// Whose it is.
    pub account: AccountId,
    /// Which phone or program has it.
    pub name: String,
    /// When it was given out.
    pub created_at: Timestamp,
}

/// The SHA-256 of a token. A token is 256 random bits, so that a fast hash is enough and costs nothing per request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A text that is no token hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a token hash is 64 hexadecimal digits")]
pub struct NotAHash;

/// A new token: 256 random bits as 64 hexadecimal digits, which are safe in a URL.
pub fn fresh_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The first digits only, as a log needs no more.
impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", hex(&self.0[..4]))
    }
}

impl FromStr for TokenHash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits: Option<Vec<u8>> = text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect();
        let bytes: Vec<u8> =
            digits.ok_or(NotAHash)?.chunks(2).map(|pair| pair.iter().fold(0, |all, d| all << 4 | d)).collect();
        if text.len() == 64 { bytes.try_into().map(Self).map_err(|_| NotAHash) } else { Err(NotAHash) }
    }
}

impl Serialize for TokenHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_their_hashes_are_sha_256() {
        assert_ne!(fresh_token(), fresh_token());
        assert_eq!(fresh_token().len(), 64);
        let hash = TokenHash::of("abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("ba78".parse::<TokenHash>(), Err(NotAHash));
        assert_eq!("é".repeat(32).parse::<TokenHash>(), Err(NotAHash));
    }
}
