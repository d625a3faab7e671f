//! JSON to template values and back.

use minijinja::value::{Value, ValueKind};
use serde_json::{Map, Number, Value as Json};

/// The template's view of a JSON value.
pub fn to_jinja(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(bool) => Value::from(*bool),
        Json::Number(number) => number_to_jinja(number),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(to_jinja).collect::<Vec<_>>().into(),
        Json::Object(map) => Value::from_pairs(map.iter().map(|(key, value)| (key.as_str(), to_jinja(value)))),
    }
}

fn number_to_jinja(number: &Number) -> Value {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => Value::from(whole),
        (None, Some(whole)) => Value::from(whole),
        (None, None) => Value::from(number.as_f64().unwrap_or(f64::NAN)),
    }
}

/// How deep a value that a template built may nest before it is cut, so that no template can exhaust the stack.
const DEEPEST: usize = 64;

/// The JSON form of a template value; what JSON cannot hold becomes null.
pub fn to_json(value: &Value) -> Json {
    to_json_at(value, 0)
}

fn to_json_at(value: &Value, depth: usize) -> Json {
    if depth > DEEPEST {
        return Json::Null;
    }
    match value.kind() {
        ValueKind::Bool => Json::Bool(value.is_true()),
        ValueKind::Number => number_to_json(value),
        ValueKind::String => Json::from(value.as_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => value
            .try_iter()
            .map_or(Json::Null, |items| Json::Array(items.map(|item| to_json_at(&item, depth + 1)).collect())),
        ValueKind::Map => value.try_iter().map_or(Json::Null, |keys| {
            let entry = |key: Value| {
                let item = value.get_item(&key).unwrap_or_default();
                (key.to_string(), to_json_at(&item, depth + 1))
            };
            Json::Object(keys.map(entry).collect::<Map<_, _>>())
        }),
        _ => Json::Null,
    }
}

fn number_to_json(value: &Value) -> Json {
    if let Some(whole) = value.as_i64().filter(|_| value.is_integer()) {
        return Json::from(whole);
    }
    f64::try_from(value.clone()).ok().and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}
