//! An answer of an operation over a WebSocket, written, and shared by all whom it goes to.

use std::sync::Arc;

use async_graphql::Response;

use crate::json;

/// A written answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The answer as JSON; of one that is nothing but errors, these.
    pub(crate) json: Arc<str>,
    /// Whether it is nothing but errors; the operation ends with it.
    pub(crate) is_refusal: bool,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        let is_refusal = response.data == async_graphql::Value::Null && response.is_err();
        let json = if is_refusal { json::write(&response.errors) } else { json::write(&response) };
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        Self { json: json.into(), is_refusal }
    }
}
