//! Where a property is: by id within the hub, by handle in what people write.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{DeviceId, EndpointId, Handle, Property, handle::NotAHandle, property::NoSuchName};

/// One property of one endpoint of one device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    /// The device.
    pub device: DeviceId,
    /// Its endpoint.
    pub endpoint: EndpointId,
    /// The endpoint's property.
    pub property: Property,
}

/// A path as people write it: `hall-lamp/brightness.level`, or `wall-switch/2/on_off.on`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathName {
    /// The device's handle.
    pub handle: Handle,
    /// The endpoint; the first where none is written.
    pub endpoint: EndpointId,
    /// The property.
    pub property: Property,
}

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPath {
    /// It has too few or too many parts.
    #[error("`{0}` is not a path such as hall-lamp/brightness.level or wall-switch/2/on_off.on")]
    Form(String),
    /// A part can't be a handle or an endpoint.
    #[error(transparent)]
    Handle(#[from] NotAHandle),
    /// The last part is no property.
    #[error(transparent)]
    Property(#[from] NoSuchName),
}

impl FromStr for PathName {
    type Err = NotAPath;
    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let parts: Vec<&str> = text.split('/').collect();
        let (handle, endpoint, property) = match parts[..] {
            [handle, property] => (handle, EndpointId::first(), property),
            [handle, endpoint, property] => (handle, endpoint.parse()?, property),
            _ => return Err(NotAPath::Form(text.chars().take(100).collect())),
        };
        Ok(Self { handle: handle.parse()?, endpoint, property: property.parse()? })
    }
}

impl fmt::Display for PathName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.endpoint == EndpointId::first() {
            write!(f, "{}/{}", self.handle, self.property)
        } else {
            write!(f, "{}/{}/{}", self.handle, self.endpoint, self.property)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_and_written_alike() {
        for text in ["hall-lamp/brightness.level", "wall-switch/2/on_off.on", "plug/x.ikea.effect"] {
            assert_eq!(text.parse::<PathName>().unwrap().to_string(), text);
        }
        assert!(matches!("hall-lamp".parse::<PathName>(), Err(NotAPath::Form(_))));
        assert!(matches!("hall-lamp/brightness.levle".parse::<PathName>(), Err(NotAPath::Property(_))));
    }
}
