//! One message's payload, looked at in several ways but parsed at most once in each, however many entities share it.

use std::cell::OnceCell;

use serde_json::Value as Json;

use crate::template::value::to_jinja;

/// A payload as it came from the broker.
#[derive(Debug)]
pub struct Payload<'a> {
    bytes: &'a [u8],
    text: OnceCell<Option<&'a str>>,
    json: OnceCell<Option<Json>>,
    jinja: OnceCell<Option<minijinja::Value>>,
}

impl<'a> Payload<'a> {
    /// A payload that nobody has looked at yet.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, text: OnceCell::new(), json: OnceCell::new(), jinja: OnceCell::new() }
    }

    /// The bytes themselves.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The payload as text; `None` if it is not UTF-8, which is the only encoding that discovery devices use in fact.
    pub fn text(&self) -> Option<&'a str> {
        *self.text.get_or_init(|| std::str::from_utf8(self.bytes).ok())
    }

    /// The payload as JSON; `None` if it is none. Nesting is bounded to 128 levels by the parser.
    pub fn json(&self) -> Option<&Json> {
        self.json.get_or_init(|| serde_json::from_slice(self.bytes).ok()).as_ref()
    }

    /// The same JSON as templates see it (`value_json`).
    pub fn jinja(&self) -> Option<&minijinja::Value> {
        self.jinja.get_or_init(|| self.json().map(to_jinja)).as_ref()
    }
}
