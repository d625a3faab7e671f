//! What can stand behind a key, and what it is read as.

use hub_model::{
    Color, Value as ModelValue,
    capability::{Access, properties},
    suggest::did_you_mean,
};
use jiff::civil::Time;
use serde_json::Value as Json;
use toml_edit::{ArrayOfTables, Item, Table, TableLike, Value};

use super::words;
use crate::days;

/// What stands behind a key.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    Value(&'a Value),
    Table(&'a Table),
    Tables(&'a ArrayOfTables),
}

impl<'a> Node<'a> {
    pub(super) fn of(item: &'a Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Value(value) => Some(Self::Value(value)),
            Item::Table(table) => Some(Self::Table(table)),
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
        }
    }

    pub(super) fn span(self) -> Option<std::ops::Range<usize>> {
        match self {
            Self::Value(value) => value.span(),
            Self::Table(table) => table.span(),
            Self::Tables(tables) => tables.span(),
        }
    }

    pub(super) fn text(self) -> Option<&'a str> {
        if let Self::Value(value) = self { value.as_str() } else { None }
    }

    pub(super) fn table(self) -> Option<&'a dyn TableLike> {
        match self {
            Self::Value(value) => value.as_inline_table().map(|table| table as &dyn TableLike),
            Self::Table(table) => Some(table),
            Self::Tables(_) => None,
        }
    }

    /// What was found, for messages.
    pub(super) fn found(self) -> String {
        match self {
            Self::Value(Value::Array(_)) | Self::Tables(_) => "a list".into(),
            Self::Value(Value::InlineTable(_)) | Self::Table(_) => "a table".into(),
            Self::Value(value) => value.to_string().trim().chars().take(60).collect(),
        }
    }
}

/// The value that a property can have; `None` for what no property is.
pub(super) fn value_of(node: Node<'_>) -> Option<ModelValue> {
    if let Some(table) = node.table() {
        let part = |name| table.get(name).and_then(Item::as_value).and_then(number_of);
        let color = Color { hue: part("h")?, saturation: part("s")? };
        return (table.len() == 2 && color.is_sound()).then_some(ModelValue::Color(color));
    }
    let Node::Value(value) = node else { return None };
    match value {
        Value::Boolean(flag) => Some(ModelValue::Bool(*flag.value())),
        Value::String(text) => Some(ModelValue::text(text.value().as_str())),
        _ => number_of(value).map(ModelValue::Number),
    }
}

/// What a message says: a text as it is, all else as JSON.
pub(super) fn payload_of(node: Node<'_>) -> Option<String> {
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let json = match node {
        Node::Value(value) => json_of(value)?,
        Node::Table(table) => json_of_table(table)?,
        Node::Tables(_) => return None,
    };
    Some(json.to_string())
}

/// TOML as JSON; `None` for times, which JSON has none of, and for numbers that are not finite.
fn json_of(value: &Value) -> Option<Json> {
    match value {
        Value::String(text) => Some(text.value().as_str().into()),
        Value::Integer(number) => Some((*number.value()).into()),
        Value::Float(number) => serde_json::Number::from_f64(*number.value()).map(Json::Number),
        Value::Boolean(flag) => Some((*flag.value()).into()),
        Value::Datetime(_) => None,
        Value::Array(list) => list.iter().map(json_of).collect::<Option<_>>().map(Json::Array),
        Value::InlineTable(table) => json_of_table(table),
    }
}

fn json_of_table(table: &dyn TableLike) -> Option<Json> {
    let value = |item: &Item| match Node::of(item)? {
        Node::Value(value) => json_of(value),
        Node::Table(table) => json_of_table(table),
        Node::Tables(_) => None,
    };
    table.iter().map(|(name, item)| Some((name.to_owned(), value(item)?))).collect::<Option<_>>().map(Json::Object)
}

/// A finite number; whole ones beyond 2^53 lose their last digits, and no property is that long.
fn number_of(value: &Value) -> Option<f64> {
    let number = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))?;
    number.is_finite().then_some(number)
}

/// The day that somebody may have meant by its whole name, or by a word with a letter wrong.
pub(super) fn day_meant(word: &str) -> String {
    let word = word.to_lowercase();
    let whole = days::WORDS.iter().find(|day| word.starts_with(**day));
    whole.map_or_else(|| did_you_mean(&word, days::WORDS), |day| format!(", did you mean `{day}`?"))
}

/// A time of day, as a text or as TOML's own local time.
pub(super) fn clock_of(value: &Value) -> Option<Time> {
    if let Some(text) = value.as_str() {
        return words::clock(text);
    }
    let datetime = value.as_datetime().filter(|datetime| datetime.date.is_none() && datetime.offset.is_none())?;
    words::clock(&datetime.time?.to_string())
}

/// The settable property that somebody may have meant by a word without its capability (`level`).
pub(super) fn property_by_short_name(word: &str) -> Option<&'static str> {
    let mut matching = properties().filter(|spec| spec.access == Access::ReadWrite && spec.short_name() == word);
    let found = matching.next()?;
    matching.next().is_none().then_some(found.name)
}
