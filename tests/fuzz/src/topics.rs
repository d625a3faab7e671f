//! MQTT topics.

use adapter_mqtt::topic::{DiscoveryTopic, TasmotaTopic, is_topic};

/// A topic that is read is one that could be put together again from what was read.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(topic) = std::str::from_utf8(bytes) else { return };
    if let Some(DiscoveryTopic { component, node, object }) = DiscoveryTopic::parse("homeassistant", topic) {
        let node = node.map(|node| format!("{node}/")).unwrap_or_default();
        assert_eq!(format!("homeassistant/{component}/{node}{object}/config"), topic);
        assert!(is_topic(topic) || topic.len() > adapter_mqtt::topic::LONGEST, "{topic} can't be published to");
    }
    if let Some(TasmotaTopic { mac, sensors }) = TasmotaTopic::parse(topic) {
        let what = if sensors { "sensors" } else { "config" };
        assert_eq!(format!("tasmota/discovery/{mac}/{what}"), topic);
    }
    if is_topic(topic) {
        assert!(!topic.contains(['+', '#']), "{topic} is more than one topic");
    }
}
