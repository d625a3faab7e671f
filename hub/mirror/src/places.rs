//! The topics of everything that is shown.

use hub_model::{DeviceId, EndpointId, Handle};

/// Where things are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Below which topic others look for announcements; usually `homeassistant`.
    pub discovery: String,
    /// Below which topic states and commands are; one word.
    pub base: String,
}

/// What a topic of commands is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking<'a> {
    /// The device.
    pub handle: &'a str,
    /// Its endpoint.
    pub endpoint: &'a str,
    /// What is to be set; `None` for an action.
    pub slot: Option<&'a str>,
}

impl Places {
    /// Where the hub itself says whether it is there; the broker says it, too, when the hub is lost.
    pub fn hub(&self) -> String {
        format!("{}/status", self.base)
    }

    /// Where it says whether a device can be reached.
    pub fn device(&self, handle: &Handle) -> String {
        format!("{}/{handle}/status", self.base)
    }

    /// Where a value of an endpoint is.
    pub fn state(&self, handle: &Handle, endpoint: &EndpointId, slot: &str) -> String {
        format!("{}/{handle}/{endpoint}/{slot}", self.base)
    }

    /// Where a value of an endpoint is set.
    pub fn set(&self, handle: &Handle, endpoint: &EndpointId, slot: &str) -> String {
        format!("{}/{handle}/{endpoint}/{slot}/set", self.base)
    }

    /// Where an endpoint is told to do something.
    pub fn act(&self, handle: &Handle, endpoint: &EndpointId) -> String {
        format!("{}/{handle}/{endpoint}/do", self.base)
    }

    /// Where an entity announces itself. Its device is named by its id, so that a new handle makes no new entity.
    pub fn announcement(&self, component: &str, device: DeviceId, endpoint: &EndpointId, name: &str) -> String {
        format!("{}/{component}/{}/{device}_{endpoint}_{}/config", self.discovery, self.base, name.replace('.', "_"))
    }

    /// The filters of all commands.
    pub fn commands(&self) -> [String; 2] {
        [format!("{}/+/+/+/set", self.base), format!("{}/+/+/do", self.base)]
    }

    /// The filters of all that is published and kept.
    pub fn kept(&self) -> [String; 3] {
        let Self { discovery, base } = self;
        [format!("{discovery}/+/{base}/+/config"), format!("{base}/+/status"), format!("{base}/+/+/+")]
    }

    /// Reads a topic of commands.
    pub fn asking<'a>(&self, topic: &'a str) -> Option<Asking<'a>> {
        let mut levels = topic.strip_prefix(&self.base)?.strip_prefix('/')?.split('/');
        let (handle, endpoint, slot) = (levels.next()?, levels.next()?, levels.next()?);
        let slot = match (slot, levels.next(), levels.next()) {
            ("do", None, _) => None,
            (slot, Some("set"), None) => Some(slot),
            _ => return None,
        };
        Some(Asking { handle, endpoint, slot })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_from_its_topic() {
        let places = Places { discovery: "homeassistant".into(), base: "hearth".into() };
        let slot = |topic| places.asking(topic).map(|asking| asking.slot);
        assert_eq!(slot("hearth/hall-lamp/1/on_off.on/set"), Some(Some("on_off.on")));
        assert_eq!(slot("hearth/hall-lamp/1/do"), Some(None));
        for other in ["hearth/hall-lamp/1/on_off.on", "hearthy/a/1/do", "hearth/a/1/x/set/y", "hearth/a/1/x/get", ""] {
            assert_eq!(slot(other), None, "{other}");
        }
    }
}
