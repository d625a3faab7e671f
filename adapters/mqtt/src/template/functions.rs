//! The filters and functions of Home Assistant that Jinja itself lacks. Numbers, times and regular expressions have
//! files of their own.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Kwargs, Object, Rest, ValueKind, from_args},
};

use super::{
    numbers, patterns, times,
    value::{to_jinja, to_json},
};

/// Adds them to an environment.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    numbers::add_to(environment);
    patterns::add_to(environment);
    times::add_to(environment);
    environment.add_filter("truncate", truncate);
    environment.add_filter("is_defined", is_defined);
    environment.add_filter("iif", iif);
    environment.add_function("iif", iif);
    environment.add_filter("from_json", from_json);
    environment.add_filter("to_json", |value: &Value, _options: Kwargs| to_json(value).to_string());
    environment.add_filter("ord", |text: &str| text.chars().next().map_or(0, u32::from));
    environment.add_filter("slugify", |text: &str| hub_model::handle::slug(text).replace('-', "_"));
    environment.add_filter("base64_decode", base64_decode);
    environment.add_filter("base64_encode", |text: &str| BASE64.encode(text));
    environment.add_filter("contains", contains);
    environment.add_test("contains", contains);
    environment.add_filter("typeof", |value: &Value| value.kind().to_string());
    environment.add_function("bool", boolean);
    environment.add_filter("bool", boolean);
    environment.add_function("min", |state: &mut State, values: Rest<Value>| extreme(state, "min", &values));
    environment.add_function("max", |state: &mut State, values: Rest<Value>| extreme(state, "max", &values));
    environment.add_function("zip", |state: &mut State, lists: Rest<Value>| state.apply_filter("zip", &lists));
    environment.add_global("dict", Value::from_object(Dictionary));
}

fn extreme(state: &mut State, which: &str, values: &[Value]) -> Result<Value, Error> {
    match values {
        [list] => state.apply_filter(which, std::slice::from_ref(list)),
        many => state.apply_filter(which, &[Value::from(many.to_vec())]),
    }
}

fn boolean(value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    let is =
        |words: [&str; 5]| value.as_str().is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)));
    if value.as_str().is_none() {
        return Ok(Value::from(value.is_true()));
    }
    match (is(["1", "true", "yes", "on", "enable"]), is(["0", "false", "no", "off", "disable"])) {
        (true, _) => Ok(Value::from(true)),
        (_, true) => Ok(Value::from(false)),
        _ => default
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the value is no truth and no default is given")),
    }
}

/// Python's `dict`, with the constructor that Home Assistant adds.
#[derive(Debug)]
struct Dictionary;

impl Object for Dictionary {
    /// `dict(a=1)`, `dict(other, b=2)`, `dict([("a", 1)])`.
    fn call(self: &Arc<Self>, _state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (base, more): (Option<Value>, Kwargs) = from_args(args)?;
        let mut all = base.map_or(Ok(Vec::new()), |base| entries(&base))?;
        for name in more.args() {
            all.push((Value::from(name), more.get(name)?));
        }
        Ok(Value::from_pairs(all))
    }

    fn call_method(self: &Arc<Self>, _state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        if method != "from_keys" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (pairs,): (Value,) = from_args(args)?;
        Ok(Value::from_pairs(entries(&pairs)?))
    }
}

/// The entries of a dictionary, or of a list of pairs.
fn entries(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    let is_map = value.kind() == ValueKind::Map;
    let entry = |item: Value| match is_map {
        true => Ok((item.clone(), value.get_item(&item)?)),
        false => Ok((item.get_item(&Value::from(0))?, item.get_item(&Value::from(1))?)),
    };
    value.try_iter()?.map(entry).collect()
}

fn contains(list: &Value, wanted: &Value) -> Result<bool, Error> {
    if let (Some(text), Some(wanted)) = (list.as_str(), wanted.as_str()) {
        return Ok(text.contains(wanted));
    }
    Ok(list.try_iter()?.any(|item| item == *wanted))
}

/// Bytes that are no text stay bytes.
fn base64_decode(text: &str) -> Result<Value, Error> {
    let bytes =
        BASE64.decode(text.trim()).map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
    Ok(String::from_utf8(bytes).map_or_else(|error| Value::from_bytes(error.into_bytes()), Value::from))
}

/// Jinja's `truncate(length=255, killwords=False, end='...', leeway=5)`.
fn truncate(
    text: &str,
    length: Option<usize>,
    mid_word: Option<bool>,
    end: Option<&str>,
    leeway: Option<usize>,
) -> String {
    let (length, end, leeway) = (length.unwrap_or(255), end.unwrap_or("..."), leeway.unwrap_or(5));
    if text.chars().count() <= length.saturating_add(leeway) {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length.saturating_sub(end.chars().count())).collect();
    let at_word = kept.rsplit_once(' ').map_or(kept.as_str(), |(head, _)| head);
    format!("{}{end}", if mid_word.unwrap_or(false) { &kept } else { at_word })
}

/// Fails on an undefined value, so that the entity keeps its state.
fn is_defined(value: Value) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "the value is undefined"));
    }
    Ok(value)
}

fn iif(value: &Value, yes: Option<Value>, no: Option<Value>, none: Option<Value>) -> Value {
    let no = no.unwrap_or_else(|| Value::from(false));
    match value.is_none() {
        true => none.unwrap_or(no),
        false if value.is_true() => yes.unwrap_or_else(|| Value::from(true)),
        false => no,
    }
}

fn from_json(text: &str, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    match (serde_json::from_str(text), default) {
        (Ok(json), _) => Ok(to_jinja(&json)),
        (Err(_), Some(default)) => Ok(default),
        (Err(error), None) => Err(Error::new(ErrorKind::InvalidOperation, error.to_string())),
    }
}
