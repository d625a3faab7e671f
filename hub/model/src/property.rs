//! Names of properties, actions and occurrences: a row of the table, or a vendor's own.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use smol_str::SmolStr;

use crate::{
    capability::{self, ActionSpec, OccurrenceSpec, PropertySpec},
    suggest::did_you_mean,
};

/// A row of one kind in the capability table.
pub trait Row: 'static {
    /// What such a row is called in messages.
    const WHAT: &'static str;
    /// The whole name, `capability.word`.
    fn name(&self) -> &'static str;
    /// Every row of this kind.
    fn all() -> Box<dyn Iterator<Item = &'static Self>>;
}

impl Row for PropertySpec {
    const WHAT: &'static str = "property";
    fn name(&self) -> &'static str {
        self.name
    }
    fn all() -> Box<dyn Iterator<Item = &'static Self>> {
        Box::new(capability::properties())
    }
}
impl Row for ActionSpec {
    const WHAT: &'static str = "action";
    fn name(&self) -> &'static str {
        self.name
    }
    fn all() -> Box<dyn Iterator<Item = &'static Self>> {
        Box::new(capability::actions())
    }
}
impl Row for OccurrenceSpec {
    const WHAT: &'static str = "occurrence";
    fn name(&self) -> &'static str {
        self.name
    }
    fn all() -> Box<dyn Iterator<Item = &'static Self>> {
        Box::new(capability::occurrences())
    }
}

/// The name of a row, or of something that only its vendor knows (`x.<vendor>.<name>`). Cheap to clone.
pub enum Name<R: Row> {
    /// A row of the capability table.
    Known(&'static R),
    /// A vendor's own; the text begins with `x.` and is sound.
    Vendor(VendorName),
}

/// Which property.
pub type Property = Name<PropertySpec>;
/// Which action.
pub type Action = Name<ActionSpec>;
/// Which occurrence.
pub type Occurrence = Name<OccurrenceSpec>;

/// `x.<vendor>.<name>`, each part of a-z, 0-9, `_` and `-`; at most 96 bytes. The name may have parts of its own, put
/// together by dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorName(SmolStr);

/// A text that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{name}`{hint}")]
pub struct NoSuchName {
    /// Property, action or occurrence.
    pub what: &'static str,
    /// What was found.
    pub name: String,
    /// The nearest right word, as the end of a sentence.
    pub hint: String,
}

impl<R: Row> Name<R> {
    /// A vendor's own name, from words that are brought into shape.
    pub fn vendor(vendor: &str, name: &str) -> Self {
        Self::Vendor(VendorName::from_words(vendor, name))
    }

    /// A vendor's own name of two parts, `x.<vendor>.<group>.<name>`: for protocols that group what they carry.
    pub fn vendor_of(vendor: &str, group: &str, name: &str) -> Self {
        Self::Vendor(VendorName::from_grouped(vendor, group, name))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(row) => row.name(),
            Self::Vendor(name) => &name.0,
        }
    }

    /// The row of the table, unless it is a vendor's own.
    pub const fn known(&self) -> Option<&'static R> {
        if let Self::Known(row) = self { Some(row) } else { None }
    }
}

impl VendorName {
    const LONGEST: usize = 96;

    /// The nearest sound name to a vendor's words.
    pub fn from_words(vendor: &str, name: &str) -> Self {
        let vendor: String = part(vendor).chars().take(40).collect();
        Self(smol_str::format_smolstr!("x.{vendor}.{}", part(name)))
    }

    /// The nearest sound name to a vendor's words for a group and something in it.
    pub fn from_grouped(vendor: &str, group: &str, name: &str) -> Self {
        let [vendor, group] =
            [(vendor, 12), (group, 32)].map(|(words, most)| part(words).chars().take(most).collect::<String>());
        Self(smol_str::format_smolstr!("x.{vendor}.{group}.{}", part(name)))
    }

    fn parse(text: &str) -> Option<Self> {
        let (vendor, name) = text.strip_prefix("x.")?.split_once('.')?;
        let sound = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        };
        (text.len() <= Self::LONGEST && sound(vendor) && name.split('.').all(sound)).then(|| Self(text.into()))
    }
}

/// One part of a vendor's name, from any words.
fn part(words: &str) -> String {
    let slug = crate::handle::slug(words).replace('-', "_");
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}

impl<R: Row> FromStr for Name<R> {
    type Err = NoSuchName;
    fn from_str(text: &str) -> Result<Self, NoSuchName> {
        if let Some(row) = R::all().find(|row| row.name() == text) {
            return Ok(Self::Known(row));
        }
        VendorName::parse(text).map(Self::Vendor).ok_or_else(|| NoSuchName {
            what: R::WHAT,
            name: text.chars().take(100).collect(),
            hint: did_you_mean(text, R::all().map(R::name)),
        })
    }
}

impl<R: Row> From<&'static R> for Name<R> {
    fn from(row: &'static R) -> Self {
        Self::Known(row)
    }
}
impl<R: Row> Clone for Name<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Known(row) => Self::Known(row),
            Self::Vendor(name) => Self::Vendor(name.clone()),
        }
    }
}
impl<R: Row> PartialEq for Name<R> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // A name stands in the table once, so that the address decides.
            (Self::Known(a), Self::Known(b)) => std::ptr::eq(*a, *b),
            (Self::Vendor(a), Self::Vendor(b)) => a == b,
            _ => false,
        }
    }
}
impl<R: Row> Eq for Name<R> {}
impl<R: Row> PartialOrd for Name<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<R: Row> Ord for Name<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}
impl<R: Row> Hash for Name<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
impl<R: Row> fmt::Display for Name<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<R: Row> fmt::Debug for Name<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<R: Row> Serialize for Name<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de, R: Row> Deserialize<'de> for Name<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::on_off;

    #[test]
    fn names_are_rows_or_vendors_own() {
        assert_eq!("on_off.on".parse(), Ok(Property::from(&on_off::ON)));
        assert_eq!("x.ikea.power_on_behavior".parse(), Ok(Property::vendor("IKEA", "Power-on behavior")));
        let grouped = Property::vendor_of("matter", "energy_evse", "State");
        assert_eq!("x.matter.energy_evse.state".parse(), Ok(grouped));
        let error = "on_of.on".parse::<Property>().unwrap_err();
        assert_eq!(error.to_string(), "there is no property `on_of.on`, did you mean `on_off.on`?");
        for bad in ["x.ikea", "x..a", "x.a.", "x.a.b.", "x.a..b", "x.A.b", ""] {
            assert!(bad.parse::<Property>().is_err(), "{bad}");
        }
    }
}
