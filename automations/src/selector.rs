//! How rules say which devices they mean: `hall-lamp`, `room:kitchen`, `kind:light in group:downstairs`.

use std::{fmt, str::FromStr};

use hub_model::{EndpointId, EndpointKind, Handle, Property, suggest::did_you_mean};
use smol_str::SmolStr;

/// Devices: those of which every term holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(Vec<Term>);

/// One part of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The device of that handle.
    Handle(Handle),
    /// Devices in the room whose name has that slug.
    Room(SmolStr),
    /// Devices of that kind.
    Kind(EndpointKind),
    /// Members of the group whose name has that slug.
    Group(SmolStr),
    /// Every device; written `*`.
    Any,
}

/// Devices, and one endpoint of each where one is named: `hall-lamp`, `wall-switch/2`, `room:kitchen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// Which devices.
    pub selector: Selector,
    /// Which endpoint.
    pub endpoint: Option<EndpointId>,
}

/// A property of devices: `hall-lamp/brightness.level`, `wall-switch/2/on_off.on`, `kind:window/contact.open`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    /// Of which.
    pub place: Whereabouts,
    /// Which property.
    pub property: Property,
}

/// Why a text names no devices; its text says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotASelector(String);

impl Selector {
    /// Its terms; there is at least one.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// Every device.
    pub fn any() -> Self {
        Self(vec![Term::Any])
    }

    /// One device, by its handle.
    pub fn of(handle: Handle) -> Self {
        Self(vec![Term::Handle(handle)])
    }

    /// The handle, where it means one device by its handle alone.
    pub fn handle(&self) -> Option<&Handle> {
        match &self.0[..] {
            [Term::Handle(handle)] => Some(handle),
            _ => None,
        }
    }
}

impl FromStr for Selector {
    type Err = NotASelector;
    fn from_str(text: &str) -> Result<Self, NotASelector> {
        text.split(" in ").map(|term| term.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Term {
    type Err = NotASelector;
    fn from_str(text: &str) -> Result<Self, NotASelector> {
        const PREFIXES: [&str; 3] = ["room", "kind", "group"];
        if text == "*" {
            return Ok(Self::Any);
        }
        let Some((prefix, word)) = text.split_once(':') else {
            return text.parse().map(Self::Handle).map_err(|error| NotASelector(error.to_string()));
        };
        match prefix {
            _ if word.is_empty() => Err(NotASelector(format!("`{text}` names nothing behind its `:`"))),
            "room" => Ok(Self::Room(word.into())),
            "group" => Ok(Self::Group(word.into())),
            "kind" => EndpointKind::from_word(word).map(Self::Kind).ok_or_else(|| {
                let hint = did_you_mean(word, EndpointKind::ALL.map(EndpointKind::word));
                NotASelector(format!("there is no kind `{}`{hint}", short(word)))
            }),
            _ => {
                let hint = did_you_mean(prefix, PREFIXES);
                let prefix = short(prefix);
                Err(NotASelector(format!("devices are chosen by `room:`, `kind:` or `group:`, not `{prefix}:`{hint}")))
            }
        }
    }
}

impl FromStr for Whereabouts {
    type Err = NotASelector;
    fn from_str(text: &str) -> Result<Self, NotASelector> {
        let Some((selector, endpoint)) = text.split_once('/') else {
            return Ok(Self { selector: text.parse()?, endpoint: None });
        };
        let endpoint = endpoint.parse().map_err(|_| {
            let example = "a device and, where it has several, its endpoint, such as wall-switch/2";
            NotASelector(format!("`{}` is not {example}", short(text)))
        })?;
        Ok(Self { selector: selector.parse()?, endpoint: Some(endpoint) })
    }
}

impl FromStr for Of {
    type Err = NotASelector;
    fn from_str(text: &str) -> Result<Self, NotASelector> {
        let Some((place, property)) = text.rsplit_once('/') else {
            let example = "a device and its property, such as hall-lamp/brightness.level";
            return Err(NotASelector(format!("`{}` is not {example}", short(text))));
        };
        let property =
            property.parse().map_err(|error: hub_model::property::NoSuchName| NotASelector(error.to_string()));
        Ok(Self { place: place.parse()?, property: property? })
    }
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handle(handle) => handle.fmt(f),
            Self::Room(room) => write!(f, "room:{room}"),
            Self::Kind(kind) => write!(f, "kind:{}", kind.word()),
            Self::Group(group) => write!(f, "group:{group}"),
            Self::Any => f.write_str("*"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms: Vec<_> = self.0.iter().map(Term::to_string).collect();
        f.write_str(&terms.join(" in "))
    }
}

impl fmt::Display for Whereabouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.endpoint {
            Some(endpoint) => write!(f, "{}/{endpoint}", self.selector),
            None => self.selector.fmt(f),
        }
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.place, self.property)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        for text in ["hall-lamp", "wall-switch/2", "room:kitchen", "kind:light in room:kitchen", "group:downstairs/1"] {
            assert_eq!(text.parse::<Whereabouts>().unwrap().to_string(), text);
        }
        for text in ["hall-lamp/on_off.on", "wall-switch/2/on_off.on", "kind:window in room:kitchen/contact.open"] {
            assert_eq!(text.parse::<Of>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_names_nothing_says_what_would_be_right() {
        let error = |text: &str| text.parse::<Of>().unwrap_err().to_string();
        assert_eq!(error("kind:ligth/on_off.on"), "there is no kind `ligth`, did you mean `light`?");
        assert_eq!(
            error("rooms:kitchen/on_off.on"),
            "devices are chosen by `room:`, `kind:` or `group:`, not `rooms:`, did you mean `room`?"
        );
        assert_eq!(
            error("hall-lamp"),
            "`hall-lamp` is not a device and its property, such as hall-lamp/brightness.level"
        );
        assert_eq!(error("lamp/on_of.on"), "there is no property `on_of.on`, did you mean `on_off.on`?");
        assert_eq!(error("room:/on_off.on"), "`room:` names nothing behind its `:`");
    }
}
