//! Messages by topic, as brokers of MQTT carry them: what rules hear of and publish.

use std::{borrow::Cow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

/// The longest topic or filter, in bytes. The protocol's own limit is 65,535 (MQTT 5, section 1.5.4); nobody's is near.
const LONGEST: usize = 1024;

/// A topic that one message is published to: `kitchen/lamp`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(SmolStr);

/// The topics that somebody wants to hear: `kitchen/+/state`, `kitchen/#`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicFilter(SmolStr);

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it is published.
    pub topic: Topic,
    /// What it says; usually a text.
    pub payload: Arc<[u8]>,
    /// Whether the broker shall keep it for whoever comes later. An empty one makes it forget.
    pub retain: bool,
    /// How surely it shall arrive.
    pub qos: Qos,
}

/// How surely a message arrives (MQTT 5, section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Qos {
    /// It may be lost with the connection.
    #[default]
    AtMostOnce,
    /// It arrives, and perhaps more than once.
    AtLeastOnce,
    /// It arrives once.
    ExactlyOnce,
}

/// Why a text is no topic, or no filter of topics.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}: {why}")]
pub struct TopicError {
    text: String,
    what: &'static str,
    why: &'static str,
}

impl Topic {
    /// The topic as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TopicFilter {
    /// The filter as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a topic is among those that are meant (MQTT 5, section 4.7).
    pub fn matches(&self, topic: &str) -> bool {
        // What a broker says of itself is meant only where it is named.
        if topic.starts_with('$') && self.0.starts_with(['+', '#']) {
            return false;
        }
        let (mut wanted, mut levels) = (self.0.split('/'), topic.split('/'));
        loop {
            match (wanted.next(), levels.next()) {
                (Some("#"), _) | (None, None) => return true,
                (Some("+"), Some(_)) => {}
                (Some(want), Some(level)) if want == level => {}
                _ => return false,
            }
        }
    }
}

impl FromStr for Topic {
    type Err = TopicError;

    fn from_str(text: &str) -> Result<Self, TopicError> {
        let why = if text.contains(['+', '#']) { Some("`+` and `#` stand in filters only") } else { unsound(text) };
        match why {
            Some(why) => Err(TopicError::new(text, "topic", why)),
            None => Ok(Self(text.into())),
        }
    }
}

impl FromStr for TopicFilter {
    type Err = TopicError;

    fn from_str(text: &str) -> Result<Self, TopicError> {
        let mixed = text.split('/').any(|level| level.len() > 1 && level.contains(['+', '#']));
        let early = text.split('/').rev().skip(1).any(|level| level == "#");
        let why = match (mixed, early) {
            (true, _) => Some("`+` and `#` stand alone between slashes"),
            (_, true) => Some("`#` stands at the end"),
            _ => unsound(text),
        };
        match why {
            Some(why) => Err(TopicError::new(text, "filter of topics", why)),
            None => Ok(Self(text.into())),
        }
    }
}

impl Serialize for TopicFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TopicFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn unsound(text: &str) -> Option<&'static str> {
    match text {
        "" => Some("it is empty"),
        _ if text.len() > LONGEST => Some("it is longer than 1024 bytes"),
        _ if text.contains('\0') => Some("there is a null in it"),
        _ => None,
    }
}

impl TopicError {
    fn new(text: &str, what: &'static str, why: &'static str) -> Self {
        Self { text: text.chars().take(60).collect(), what, why }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TopicFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of MQTT 5, section 4.7, and the edges around them.
    #[test]
    fn a_filter_matches_as_the_specification_says() {
        let matches = |filter: &str, topic: &str| filter.parse::<TopicFilter>().unwrap().matches(topic);
        for (filter, topic) in [
            ("sport/tennis/player1/#", "sport/tennis/player1"),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"),
            ("sport/#", "sport"),
            ("#", "a/b"),
            ("+", "finance"),
            ("+/+", "/finance"),
            ("/+", "/finance"),
            ("sport/+", "sport/"),
            ("+/tennis/#", "a/tennis"),
            ("$SYS/#", "$SYS/broker"),
            ("a", "a"),
        ] {
            assert!(matches(filter, topic), "{filter} {topic}");
        }
        for (filter, topic) in [
            ("sport/+", "sport"),
            ("+", "/finance"),
            ("sport/tennis/+", "sport/tennis/player1/ranking"),
            ("#", "$SYS/broker"),
            ("+/monitor", "$SYS/monitor"),
            ("a", "a/b"),
            ("a/b", "a"),
            ("a", "A"),
        ] {
            assert!(!matches(filter, topic), "{filter} {topic}");
        }
    }

    #[test]
    fn what_is_no_topic_says_why() {
        let topic = |text: &str| text.parse::<Topic>().unwrap_err().to_string();
        assert_eq!(topic("a/+"), "`a/+` is no topic: `+` and `#` stand in filters only");
        assert_eq!(topic(""), "`` is no topic: it is empty");
        assert!(topic(&"a".repeat(1025)).ends_with("longer than 1024 bytes"));
        let filter = |text: &str| text.parse::<TopicFilter>().unwrap_err().to_string();
        assert_eq!(filter("a/b+"), "`a/b+` is no filter of topics: `+` and `#` stand alone between slashes");
        assert_eq!(filter("#/a"), "`#/a` is no filter of topics: `#` stands at the end");
    }
}
