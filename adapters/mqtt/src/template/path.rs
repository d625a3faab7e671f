//! The templates that only pick a value: `{{ value_json.power }}`, `{{ value_json["a"]["b"] }}`, `{{ value }}`.

use serde_json::Value as Json;

use super::{Answer, value::to_jinja};
use crate::payload::Payload;

/// The keys to follow from `value_json`; none at all stands for `value` itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyPath(Vec<Box<str>>);

impl KeyPath {
    /// Recognises a template of this form.
    pub(super) fn parse(source: &str) -> Option<Self> {
        let inner = source.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
        if inner == "value" {
            return Some(Self(Vec::new()));
        }
        let mut rest = inner.strip_prefix("value_json")?;
        let mut keys = Vec::new();
        while !rest.is_empty() {
            let (key, after) = next_key(rest)?;
            keys.push(key.into());
            rest = after;
        }
        (!keys.is_empty()).then_some(Self(keys))
    }

    pub(super) fn read<'a>(&self, payload: &'a Payload<'_>) -> Answer<'a> {
        let Some((last, parents)) = self.0.split_last() else {
            return payload.text().map_or(Answer::Nothing, |text| Answer::Text(text.into()));
        };
        let mut at = payload.json();
        for key in parents {
            at = at.and_then(|json| json.get(&**key));
        }
        // A key of something undefined is an error of the template; an undefined key of anything else is an empty text.
        let Some(object) = at else { return Answer::Nothing };
        match object.get(&**last) {
            None => Answer::Text("".into()),
            Some(Json::Null) => Answer::Null,
            Some(Json::Bool(bool)) => Answer::Bool(*bool),
            Some(Json::String(text)) => Answer::Text(text.trim().into()),
            Some(Json::Number(number)) => Answer::Number(number),
            Some(other) => Answer::Text(to_jinja(other).to_string().into()),
        }
    }
}

/// One step, `.key` or `["key"]`, and what stands behind it.
fn next_key(rest: &str) -> Option<(&str, &str)> {
    if let Some(after) = rest.strip_prefix('.') {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let (key, after) = after.split_at(end);
        // A dictionary's methods are called, not looked up; a number would be an index.
        let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !after.starts_with('(');
        return plain.then_some((key, after));
    }
    let after = rest.strip_prefix('[')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let after = &after[1..];
    let end = after.find(quote)?;
    let (key, after) = after.split_at(end);
    let after = after[1..].trim_start().strip_prefix(']')?;
    (!key.contains('\\')).then_some((key, after))
}
