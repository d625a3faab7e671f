//! Device bundles: one message that configures all entities of a device
//! (Home Assistant documentation, "MQTT", section "Device discovery payload").
//!
//! A bundle is taken apart into the configurations that its entities would have alone. What the retained message holds
//! is the whole truth: an entity that a later bundle names by its platform only, or leaves out, is gone.

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::{
    ConfigError,
    abbreviations::{Table, expand_keys},
};

/// How many entities one bundle may have; the largest known devices have below 200.
const MOST: usize = 512;

/// What the entities of a bundle have in common unless they say otherwise.
const SHARED: &[&str] = &[
    "availability",
    "availability_mode",
    "availability_template",
    "availability_topic",
    "command_topic",
    "device",
    "encoding",
    "origin",
    "payload_available",
    "payload_not_available",
    "qos",
    "state_topic",
    "~",
];

/// One entity of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its name within the bundle.
    pub key: SmolStr,
    /// What kind it is (`light`).
    pub component: SmolStr,
    /// Its configuration.
    pub config: Map<String, Json>,
    /// Further topics that tell the same.
    pub echoes: Vec<Echo>,
}

/// A topic that tells what another one tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// The other one.
    pub of: SmolStr,
    /// The topic.
    pub topic: SmolStr,
    /// The key of its JSON object that the message stands below.
    pub inside: Option<&'static str>,
}

/// Takes a bundle apart.
///
/// # Errors
/// If it has no components, too many, or one that names no platform.
pub fn split(mut bundle: Map<String, Json>) -> Result<Vec<Member>, ConfigError> {
    expand_keys(&mut bundle, Table::Entity);
    let Some(Json::Object(components)) = bundle.remove("components") else {
        return Err(ConfigError::Missing("components"));
    };
    if components.len() > MOST {
        return Err(ConfigError::WrongKind { field: "components".into(), wanted: "at most 512 entities" });
    }
    let shared = SHARED.iter().filter_map(|field| Some((*field, bundle.get(*field)?)));
    let shared: Vec<(&str, &Json)> = shared.collect();
    components.into_iter().filter_map(|(key, config)| member(key, config, &shared).transpose()).collect()
}

fn member(key: String, config: Json, shared: &[(&str, &Json)]) -> Result<Option<Member>, ConfigError> {
    let Json::Object(mut config) = config else {
        return Err(ConfigError::WrongKind { field: format!("components.{key}"), wanted: "an object" });
    };
    expand_keys(&mut config, Table::Entity);
    let Some(Json::String(component)) = config.remove("platform") else {
        return Err(ConfigError::WrongKind { field: format!("components.{key}.platform"), wanted: "a text" });
    };
    if config.is_empty() {
        return Ok(None);
    }
    for (field, value) in shared {
        config.entry(*field).or_insert_with(|| (*value).clone());
    }
    Ok(Some(Member { key: key.into(), component: component.into(), config, echoes: Vec::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(bundle: Json) -> Result<Vec<Member>, ConfigError> {
        let Json::Object(bundle) = bundle else { panic!("an object is meant") };
        split(bundle)
    }

    #[test]
    fn entities_share_what_stands_beside_them() {
        let members = members(serde_json::json!({
            "dev": {"ids": "a"}, "o": {"name": "x"}, "~": "base", "qos": 2, "stat_t": "~/s", "icon": "no",
            "cmps": {
                "t": {"p": "sensor", "unit_of_meas": "°C"},
                "s": {"platform": "switch", "cmd_t": "c", "qos": 0},
                "old": {"p": "light"},
            }
        }))
        .unwrap();
        assert_eq!(members.len(), 2, "one that has only a platform is taken away");
        let json = |member: &Member| serde_json::to_value(&member.config).unwrap();
        assert_eq!((members[0].key.as_str(), members[0].component.as_str()), ("t", "sensor"));
        let shared = |own: Json| {
            let mut all = serde_json::json!({
                "device": {"ids": "a"}, "origin": {"name": "x"}, "~": "base", "qos": 2, "state_topic": "~/s",
            });
            all.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
            all
        };
        assert_eq!(json(&members[0]), shared(serde_json::json!({"unit_of_measurement": "°C"})));
        assert_eq!(json(&members[1]), shared(serde_json::json!({"command_topic": "c", "qos": 0})));
    }

    #[test]
    fn what_is_no_bundle_is_named() {
        for (bundle, words) in [
            (serde_json::json!({"device": {}}), "`components` is missing"),
            (serde_json::json!({"cmps": []}), "`components` is missing"),
            (serde_json::json!({"cmps": {"a": 1}}), "`components.a` should be an object"),
            (serde_json::json!({"cmps": {"a": {}}}), "`components.a.platform` should be a text"),
        ] {
            let error = members(bundle).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
