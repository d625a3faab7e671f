//! Short ASCII names that rules and scripts use: a device's handle and an endpoint's id.

use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// The longest handle and endpoint id, in characters.
pub const LONGEST: usize = 48;

/// A device's name in rule files and scripts (`hall-lamp`): unique, stable, changed only by the owner.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "SmolStr")]
pub struct Handle(SmolStr);

/// An endpoint's name within its device: `1` for the only or first one, else a number or a word (`left`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "SmolStr")]
pub struct EndpointId(SmolStr);

/// A text that can be neither a handle nor an endpoint id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a handle: 1 to 48 of a-z, 0-9, `-` and `_`, beginning with a letter or digit")]
pub struct NotAHandle(pub String);

fn check(text: &str) -> Result<(), NotAHandle> {
    let first = text.bytes().next();
    let sound = first.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_');
    if sound { Ok(()) } else { Err(NotAHandle(text.chars().take(80).collect())) }
}

/// The nearest sound handle to any text: lower case, runs of other characters become one `-`. Empty if nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len().min(LONGEST));
    for character in text.chars() {
        if slug.len() == LONGEST {
            break;
        }
        match character.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' && !slug.is_empty() => slug.push(c),
            // "Children's room" is childrens-room, as people would write it.
            '\'' | '’' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

impl Handle {
    /// A handle from people's words, not yet known to be unique; `fallback` where the words have no ASCII letter or digit.
    pub fn from_words(words: &str, fallback: &str) -> Self {
        let slug = [words, fallback, "device"].into_iter().map(slug).find(|slug| !slug.is_empty()).unwrap_or_default();
        Self(slug.into())
    }

    /// This handle with a number behind it (`lamp-2`), shortened so that it stays within the longest.
    pub fn numbered(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let stem: String = self.0.chars().take(LONGEST - suffix.len()).collect();
        Self(format!("{}{suffix}", stem.trim_end_matches('-')).into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl EndpointId {
    /// The id of a device's only or first endpoint.
    pub fn first() -> Self {
        Self(SmolStr::new_static("1"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u16> for EndpointId {
    fn from(number: u16) -> Self {
        Self(smol_str::format_smolstr!("{number}"))
    }
}

impl FromStr for Handle {
    type Err = NotAHandle;
    fn from_str(text: &str) -> Result<Self, NotAHandle> {
        check(text).map(|()| Self(text.into()))
    }
}
impl TryFrom<SmolStr> for Handle {
    type Error = NotAHandle;
    fn try_from(text: SmolStr) -> Result<Self, NotAHandle> {
        check(&text).map(|()| Self(text))
    }
}
impl From<Handle> for SmolStr {
    fn from(handle: Handle) -> Self {
        handle.0
    }
}
impl Borrow<str> for Handle {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EndpointId {
    type Err = NotAHandle;
    fn from_str(text: &str) -> Result<Self, NotAHandle> {
        check(text).map(|()| Self(text.into()))
    }
}
impl TryFrom<SmolStr> for EndpointId {
    type Error = NotAHandle;
    fn try_from(text: SmolStr) -> Result<Self, NotAHandle> {
        check(&text).map(|()| Self(text))
    }
}
impl From<EndpointId> for SmolStr {
    fn from(id: EndpointId) -> Self {
        id.0
    }
}
impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_come_from_the_names_people_give() {
        assert_eq!(Handle::from_words("Hall  lamp (left)", "x").as_str(), "hall-lamp-left");
        assert_eq!(Handle::from_words("Children's lamp", "x").as_str(), "childrens-lamp");
        assert_eq!(Handle::from_words("客厅灯", "0x00158d0001a2").as_str(), "0x00158d0001a2");
        assert_eq!(Handle::from_words("", "").as_str(), "device");
        assert_eq!(Handle::from_words(&"a".repeat(99), "").numbered(12).as_str().len(), LONGEST);
    }

    #[test]
    fn a_handle_is_lower_case_ascii() {
        for bad in ["", "Hall", "-x", "a b", "ä", &"x".repeat(49)] {
            assert!(bad.parse::<Handle>().is_err(), "{bad}");
        }
        assert!("l1_left-2".parse::<EndpointId>().is_ok());
    }
}
