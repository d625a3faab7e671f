//! What the hub answers to a GraphQL request or any other.

use std::fmt;

use serde_json::Value;

/// An HTTP answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The `errors` of a GraphQL answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems(pub Value);

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `data` of a GraphQL answer.
    ///
    /// # Errors
    /// The answer has errors, or is none of GraphQL.
    pub fn data(&self) -> Result<Value, Problems> {
        let mut answer = self.json();
        if answer["errors"].is_null() && answer["data"].is_object() {
            return Ok(answer["data"].take());
        }
        let errors = answer["errors"].take();
        Err(Problems(if errors.is_null() { Value::from(format!("{}: {}", self.status, self.text())) } else { errors }))
    }
}

impl Problems {
    /// The first message.
    pub fn message(&self) -> &str {
        self.0[0]["message"].as_str().or(self.0.as_str()).unwrap_or_default()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}
