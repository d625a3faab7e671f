//! The protocol `graphql-transport-ws`, as a conversation: what was heard goes in, what to do comes out. Pure.
//!
//! It follows the specification of graphql-ws (`PROTOCOL.md`), whose close codes are used.

use std::collections::HashSet;

use async_graphql::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{answer::Answer, router::bearer_of};

/// How many operations may be under way on one socket. One more is answered with an error of its own.
pub(crate) const OPEN: usize = 32;
/// The longest id of an operation, in bytes.
const LONGEST_ID: usize = 128;

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Heard {
    ConnectionInit {
        #[serde(default)]
        payload: Value,
    },
    Ping {
        #[serde(default)]
        payload: Option<Value>,
    },
    Pong {},
    Subscribe {
        id: String,
        payload: Box<Request>,
    },
    Complete {
        id: String,
    },
}

/// What is to be done about it.
#[derive(Debug)]
pub(crate) enum Do {
    /// Nothing.
    Nothing,
    /// Say this.
    Say(String),
    /// Find out who it is, by the token if one was shown; then [`Conversation::admit`].
    Authenticate(Option<String>),
    /// Begin an operation.
    Begin(String, Box<Request>),
    /// End an operation.
    End(String),
    /// Hang up.
    Close(Close),
}

/// Why a socket is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Close {
    /// The close code.
    pub(crate) code: u16,
    /// For whoever debugs the client.
    pub(crate) reason: &'static str,
}

impl Close {
    /// The token is missing, wrong or was revoked; or an operation came before the token.
    pub(crate) const UNAUTHORIZED: Self = Self { code: 4401, reason: "Unauthorized" };
    /// Nobody said who they are.
    pub(crate) const INIT_TIMEOUT: Self = Self { code: 4408, reason: "Connection initialisation timeout" };
    /// A message that is none.
    pub(crate) const BAD_MESSAGE: Self = Self { code: 4400, reason: "Not a message of graphql-transport-ws" };
    /// The same operation twice.
    pub(crate) const SAME_ID: Self = Self { code: 4409, reason: "Subscriber for this id already exists" };
    /// A second `connection_init`.
    pub(crate) const INIT_AGAIN: Self = Self { code: 4429, reason: "Too many initialisation requests" };
    /// The client gives no sign of life.
    pub(crate) const SILENT: Self = Self { code: 1001, reason: "No sign of life" };
}

/// How far a conversation has come.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    asked_who: bool,
    admitted: bool,
    open: HashSet<String>,
}

impl Conversation {
    /// Whether it is known who speaks.
    pub(crate) const fn is_admitted(&self) -> bool {
        self.admitted
    }

    /// It is known who speaks: what to say.
    pub(crate) fn admit(&mut self) -> String {
        self.admitted = true;
        json!({ "type": "connection_ack" }).to_string()
    }

    /// What to do about a message.
    pub(crate) fn hear(&mut self, text: &str) -> Do {
        let Ok(heard) = serde_json::from_str(text) else { return Do::Close(Close::BAD_MESSAGE) };
        match heard {
            Heard::ConnectionInit { .. } if self.asked_who => Do::Close(Close::INIT_AGAIN),
            Heard::ConnectionInit { payload } => {
                self.asked_who = true;
                Do::Authenticate(token(&payload))
            }
            Heard::Ping { payload } => Do::Say(pong(payload)),
            Heard::Pong {} => Do::Nothing,
            Heard::Subscribe { .. } if !self.admitted => Do::Close(Close::UNAUTHORIZED),
            Heard::Subscribe { id, .. } if id.is_empty() || id.len() > LONGEST_ID => Do::Close(Close::BAD_MESSAGE),
            Heard::Subscribe { id, .. } if self.open.contains(&id) => Do::Close(Close::SAME_ID),
            Heard::Subscribe { id, .. } if self.open.len() == OPEN => Do::Say(too_many(&id)),
            Heard::Subscribe { id, payload } => {
                self.open.insert(id.clone());
                Do::Begin(id, payload)
            }
            Heard::Complete { id } => {
                if self.open.remove(&id) {
                    Do::End(id)
                } else {
                    Do::Nothing
                }
            }
        }
    }

    /// What to say of an answer; the second part tells whether the operation ends with it.
    pub(crate) fn answer(&mut self, id: &str, answer: &Answer) -> (String, bool) {
        if answer.is_refusal {
            self.open.remove(id);
        }
        let (id, kind) = (Value::from(id), if answer.is_refusal { "error" } else { "next" });
        // Put together by hand, as the answer is written already and goes to many.
        (format!(r#"{{"id":{id},"type":"{kind}","payload":{}}}"#, answer.json), answer.is_refusal)
    }

    /// What to say when an operation has come to its end.
    pub(crate) fn complete(&mut self, id: &str) -> String {
        self.open.remove(id);
        json!({ "id": id, "type": "complete" }).to_string()
    }
}

fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

fn too_many(id: &str) -> String {
    let message = format!("{OPEN} operations are open on this WebSocket: complete one first");
    json!({ "id": id, "type": "error", "payload": [{ "message": message }] }).to_string()
}

/// The token of a `connection_init`: `{"token": ...}` or `{"Authorization": "Bearer ..."}`.
fn token(payload: &Value) -> Option<String> {
    let text = |key: &str| payload.get(key).and_then(Value::as_str);
    let header = text("Authorization").or_else(|| text("authorization")).and_then(bearer_of);
    text("token").or(header).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INIT: &str = r#"{"type":"connection_init","payload":{"token":"abc"}}"#;

    fn subscribe(id: &str) -> String {
        json!({ "type": "subscribe", "id": id, "payload": { "query": "{ home { name } }" } }).to_string()
    }

    fn admitted() -> Conversation {
        let mut talk = Conversation::default();
        assert!(matches!(talk.hear(INIT), Do::Authenticate(Some(token)) if token == "abc"));
        talk.admit();
        talk
    }

    #[test]
    fn a_token_is_shown_in_either_form() {
        let shown = |payload: Value| token(&payload);
        assert_eq!(shown(json!({ "Authorization": "Bearer abc" })), Some("abc".into()));
        assert_eq!(shown(json!({ "authorization": "bearer abc" })), Some("abc".into()));
        assert_eq!(shown(json!({ "token": 1 })), None);
        assert_eq!(shown(Value::Null), None);
    }

    #[test]
    fn nothing_is_carried_out_before_it_is_known_who_speaks() {
        assert!(matches!(Conversation::default().hear(&subscribe("1")), Do::Close(Close::UNAUTHORIZED)));
        assert!(matches!(admitted().hear(INIT), Do::Close(Close::INIT_AGAIN)));
        let ping = r#"{"type":"ping","payload":{"n":1}}"#;
        assert!(
            matches!(Conversation::default().hear(ping), Do::Say(said) if said == r#"{"type":"pong","payload":{"n":1}}"#)
        );
    }

    #[test]
    fn operations_are_counted_and_their_ids_come_free_again() {
        let mut talk = admitted();
        for number in 0..OPEN {
            assert!(matches!(talk.hear(&subscribe(&number.to_string())), Do::Begin(..)));
        }
        assert!(matches!(talk.hear(&subscribe("x")), Do::Say(said) if said.contains("complete one first")));
        assert!(matches!(talk.hear(&subscribe("0")), Do::Close(Close::SAME_ID)));
        assert!(matches!(talk.hear(r#"{"type":"complete","id":"0"}"#), Do::End(id) if id == "0"));
        assert!(matches!(talk.hear(r#"{"type":"complete","id":"0"}"#), Do::Nothing));
        assert!(matches!(talk.hear(&subscribe("x")), Do::Begin(..)));
        talk.complete("x");
        assert!(matches!(talk.hear(&subscribe("x")), Do::Begin(..)));
    }

    #[test]
    fn an_answer_of_nothing_but_errors_ends_its_operation() {
        let mut talk = admitted();
        talk.hear(&subscribe("1"));
        let wrong = async_graphql::Response::from_errors(vec![async_graphql::ServerError::new("no", None)]);
        let (said, ends) = talk.answer("1", &wrong.into());
        assert!(ends && said.contains(r#""type":"error""#));
        assert!(matches!(talk.hear(&subscribe("1")), Do::Begin(..)));
    }

    proptest::proptest! {
        #[test]
        fn any_message_is_heard_without_panic(text in ".{0,200}", kind in "[a-z_]{0,12}", id in ".{0,150}") {
            let mut talk = admitted();
            talk.hear(&text);
            talk.hear(&json!({ "type": kind, "id": id, "payload": text }).to_string());
            talk.hear(&json!({ "type": "subscribe", "id": id, "payload": { "query": text } }).to_string());
        }
    }
}
