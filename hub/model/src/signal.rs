//! What rules are told that no device tells: phrases, calls of their addresses, answers, messages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::{RuleId, TopicFilter};

/// Something that somebody says to the rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// A phrase was spoken or typed.
    Phrase {
        /// The words, without capitals and punctuation.
        words: SmolStr,
        /// In which language (`de`).
        language: SmolStr,
    },
    /// A rule's own address was called.
    Webhook {
        /// Whose.
        rule: RuleId,
        /// The number of its trigger.
        trigger: usize,
        /// What it was told, where that is JSON.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Json>,
    },
    /// Somebody chose an answer beneath a message.
    Answer(SmolStr),
    /// A message came that rules wait for.
    Message {
        /// Which of their filters wanted it.
        filter: TopicFilter,
        /// What it says. In text, what is no text (UTF-8) is replaced by U+FFFD.
        #[serde(with = "text")]
        payload: Arc<[u8]>,
    },
    /// The hub has started, and the rules are here.
    Started,
    /// Somebody runs this rule by hand.
    ByHand(RuleId),
}

mod text {
    use std::{borrow::Cow, sync::Arc};

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &Arc<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
        Ok(Cow::<str>::deserialize(deserializer)?.as_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signal_is_kept_as_json_and_read_again() {
        let phrase = Signal::Phrase { words: "good night".into(), language: "en".into() };
        let body = Some(json!({ "state": "on" }));
        let call = Signal::Webhook { rule: RuleId("doorbell".into()), trigger: 1, body };
        let message = |payload: &[u8]| Signal::Message { filter: "a/+".parse().unwrap(), payload: payload.into() };
        for (signal, kept) in [
            (phrase, json!({ "phrase": { "words": "good night", "language": "en" } })),
            (call, json!({ "webhook": { "rule": "doorbell", "trigger": 1, "body": { "state": "on" } } })),
            (Signal::Answer("open".into()), json!({ "answer": "open" })),
            (message(b"{\"x\":1}"), json!({ "message": { "filter": "a/+", "payload": "{\"x\":1}" } })),
            (Signal::Started, json!("started")),
            (Signal::ByHand(RuleId("tidy-up".into())), json!({ "by_hand": "tidy-up" })),
        ] {
            assert_eq!(serde_json::to_value(&signal).unwrap(), kept);
            assert_eq!(serde_json::from_value::<Signal>(kept).unwrap(), signal);
        }
        assert_eq!(serde_json::to_value(message(b"\xff")).unwrap()["message"]["payload"], "\u{fffd}");
    }
}
