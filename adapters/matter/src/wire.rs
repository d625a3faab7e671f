//! What crosses between the protocol's thread and the rest of the adapter. No type of the protocol library is in it.

use std::time::Duration;

use smol_str::SmolStr;

/// A value as Matter carries it (Core Specification, appendix A), without its tag.
#[derive(Debug, Clone, PartialEq)]
pub enum Tlv {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A signed integer of any width.
    Int(i64),
    /// An unsigned integer of any width; enumerations and bitmaps are such.
    Uint(u64),
    /// A floating point number of either width.
    Float(f64),
    /// A text.
    Text(SmolStr),
    /// Octets.
    Bytes(Vec<u8>),
    /// An array, or a list whose tags say nothing.
    Array(Vec<Tlv>),
    /// A structure: fields by their context tags, in the order in which they came.
    Struct(Vec<(u8, Tlv)>),
}

/// Which attribute of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath {
    /// The endpoint.
    pub endpoint: u16,
    /// The cluster's id.
    pub cluster: u32,
    /// The attribute's id.
    pub attribute: u32,
}

/// An attribute as the node reports it; a list comes whole, however many chunks it took.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeReport {
    /// Which one.
    pub path: AttributePath,
    /// The version of its cluster's data.
    pub data_version: u32,
    /// Its value.
    pub value: Tlv,
}

/// An event as the node reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct EventReport {
    /// The endpoint.
    pub endpoint: u16,
    /// The cluster's id.
    pub cluster: u32,
    /// The event's id.
    pub event: u32,
    /// Its number, which only grows within a node.
    pub number: u64,
    /// Its fields.
    pub value: Tlv,
}

/// Something to be sent to a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// A command.
    Invoke {
        /// The endpoint.
        endpoint: u16,
        /// The cluster's id.
        cluster: u32,
        /// The command's id.
        command: u32,
        /// Its fields, a [`Tlv::Struct`].
        fields: Tlv,
        /// Within how long it must follow its Timed Request; `None` where it needs none.
        timed: Option<Duration>,
    },
    /// A new value for an attribute.
    Write {
        /// Which one.
        path: AttributePath,
        /// The value.
        value: Tlv,
        /// Within how long it must follow its Timed Request; `None` where it needs none.
        timed: Option<Duration>,
    },
}

impl AttributePath {
    /// The attribute of that cluster on that endpoint.
    pub const fn new(endpoint: u16, cluster: u32, attribute: u32) -> Self {
        Self { endpoint, cluster, attribute }
    }
}

impl Tlv {
    /// A text.
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Self::Text(text.into())
    }

    /// Whether there is no value.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth, if this is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(bool) = self { Some(*bool) } else { None }
    }

    /// The integer, if this is one that isn't negative. Nodes differ in whether they write small numbers as signed.
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Uint(number) => Some(*number),
            Self::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Uint(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The number, if this is a finite one. Integers beyond 2^53 lose their last digits.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Uint(number) => Some(*number as f64),
            Self::Float(number) => number.is_finite().then_some(*number),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The octets, if this is a string of them.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The members of an array; none of anything else.
    pub fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// A structure's field of that tag.
    pub fn field(&self, tag: u8) -> Option<&Self> {
        let Self::Struct(fields) = self else { return None };
        fields.iter().find(|(found, _)| *found == tag).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_whichever_sign_they_were_written_with() {
        assert_eq!(Tlv::Int(5).as_uint(), Some(5));
        assert_eq!(Tlv::Uint(5).as_int(), Some(5));
        assert_eq!((Tlv::Int(-5).as_uint(), Tlv::Uint(u64::MAX).as_int()), (None, None));
        assert_eq!((Tlv::Float(f64::NAN).as_number(), Tlv::Null.as_number()), (None, None));
    }

    #[test]
    fn fields_are_found_by_their_tags() {
        let value = Tlv::Struct(vec![(3, Tlv::Bool(true)), (0, Tlv::text("x"))]);
        assert_eq!(value.field(0).and_then(Tlv::as_text), Some("x"));
        assert_eq!(value.field(1), None);
        assert_eq!(Tlv::Array(vec![]).field(0), None);
    }
}
