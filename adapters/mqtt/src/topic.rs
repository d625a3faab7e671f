//! MQTT topics: which are sound, and the shape of a discovery topic.
//!
//! Knows nothing of brokers and payloads.

/// The longest topic that this adapter subscribes or publishes to, in bytes. The protocol's own limit is 65,535
/// (MQTT 5, section 1.5.4); nobody's device comes near, and a configuration must not make the broker's work large.
pub const LONGEST: usize = 1024;

/// Whether `topic` names exactly one topic, so that it may be subscribed to and published to as it stands.
pub fn is_topic(topic: &str) -> bool {
    !topic.is_empty() && topic.len() <= LONGEST && !topic.contains(['+', '#', '\0'])
}

/// A topic under which a configuration stands: `<prefix>/<component>/[<node>/]<object>/config`
/// (Home Assistant documentation, "MQTT", section "Discovery topic").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscoveryTopic<'a> {
    /// What kind of entity it configures: `light`, `sensor`.
    pub component: &'a str,
    /// The owner of the entity, if the sender gives one.
    pub node: Option<&'a str>,
    /// The entity's name within component and node.
    pub object: &'a str,
}

impl<'a> DiscoveryTopic<'a> {
    /// Reads a topic below `prefix`; `None` for any other topic.
    pub fn parse(prefix: &str, topic: &'a str) -> Option<Self> {
        let rest = topic.strip_prefix(prefix)?.strip_prefix('/')?.strip_suffix("/config")?;
        let mut levels = rest.split('/');
        let (component, second, third) = (levels.next()?, levels.next()?, levels.next());
        if levels.next().is_some() {
            return None;
        }
        let (node, object) = third.map_or((None, second), |object| (Some(second), object));
        let sound = [Some(component), node, Some(object)].into_iter().flatten().all(is_word);
        sound.then_some(Self { component, node, object })
    }

    /// The filters that together match every discovery topic below `prefix`, and Tasmota's.
    pub fn filters(prefix: &str) -> [String; 4] {
        let tasmota = |what: &str| format!("{TASMOTA}+/{what}");
        [format!("{prefix}/+/+/config"), format!("{prefix}/+/+/+/config"), tasmota("config"), tasmota("sensors")]
    }
}

/// Where Tasmota devices announce themselves; no setting of theirs changes it.
const TASMOTA: &str = "tasmota/discovery/";

/// A topic under which a Tasmota device says what it is: `tasmota/discovery/<MAC>/config` or `/sensors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TasmotaTopic<'a> {
    /// The device's address, without colons.
    pub mac: &'a str,
    /// Whether it says what it measures.
    pub sensors: bool,
}

impl<'a> TasmotaTopic<'a> {
    /// Reads a topic; `None` for any other one.
    pub fn parse(topic: &'a str) -> Option<Self> {
        let (mac, what) = topic.strip_prefix(TASMOTA)?.split_once('/')?;
        let sensors = match what {
            "config" => false,
            "sensors" => true,
            _ => return None,
        };
        is_word(mac).then_some(Self { mac, sensors })
    }
}

/// Whether a level of a topic is made of letters, digits, `_` and `-`.
pub fn is_word(level: &str) -> bool {
    !level.is_empty() && level.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discovery_topic_may_name_a_node() {
        let with = DiscoveryTopic { component: "light", node: Some("0x1"), object: "light" };
        assert_eq!(DiscoveryTopic::parse("homeassistant", "homeassistant/light/0x1/light/config"), Some(with));
        let without = DiscoveryTopic { component: "sensor", node: None, object: "t-1" };
        assert_eq!(DiscoveryTopic::parse("a/b", "a/b/sensor/t-1/config"), Some(without));
    }

    #[test]
    fn other_topics_are_not_discovery() {
        for topic in [
            "homeassistant/status",
            "homeassistant/light/config",
            "homeassistant//x/config",
            "homeassistant/light/a/b/c/config",
            "homeassistant/light/ä/config",
            "other/light/x/config",
            "homeassistantlight/x/config",
            "",
        ] {
            assert_eq!(DiscoveryTopic::parse("homeassistant", topic), None, "{topic}");
        }
    }

    #[test]
    fn tasmota_has_topics_of_its_own() {
        let of = |topic| TasmotaTopic::parse(topic).map(|topic| (topic.mac, topic.sensors));
        assert_eq!(of("tasmota/discovery/DC4F220756C6/config"), Some(("DC4F220756C6", false)));
        assert_eq!(of("tasmota/discovery/DC4F220756C6/sensors"), Some(("DC4F220756C6", true)));
        for other in
            ["tasmota/discovery/a/b", "tasmota/discovery//config", "tasmota/x/config", "tasmota/discovery/a/b/config"]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(prefix: String, topic: String) {
            let _ = DiscoveryTopic::parse(&prefix, &topic);
            let _ = (is_topic(&topic), TasmotaTopic::parse(&topic));
        }
    }
}
