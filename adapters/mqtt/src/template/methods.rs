//! The methods of Python's strings, lists and dictionaries that device templates call.

use minijinja::{
    Error, ErrorKind, State, Value,
    value::{ValueKind, from_args},
};

/// Calls `method` of `value`; the template engine asks here when it knows none itself.
pub(super) fn call(state: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::String => text(state, value.as_str().unwrap_or_default(), method, args),
        ValueKind::Map => dictionary(value, method, args),
        ValueKind::Seq => list(value, method, args),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn text(state: &mut State, text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
    // Each call may look at the whole text.
    state.consume_fuel(text.len() as u64 / 64)?;
    let given = |at: usize| args.get(at).and_then(Value::as_str);
    let strip = given(0);
    let stripped = move |c: char| strip.map_or(c.is_whitespace(), |set| set.contains(c));
    Ok(match method {
        "lower" => text.to_lowercase().into(),
        "upper" => text.to_uppercase().into(),
        "strip" => text.trim_matches(stripped).into(),
        "lstrip" => text.trim_start_matches(stripped).into(),
        "rstrip" => text.trim_end_matches(stripped).into(),
        "startswith" => text.starts_with(given(0).unwrap_or_default()).into(),
        "endswith" => text.ends_with(given(0).unwrap_or_default()).into(),
        "isdigit" | "isnumeric" | "isdecimal" => (!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())).into(),
        "find" => text.find(given(0).unwrap_or_default()).map_or(Value::from(-1), Value::from),
        "isalpha" => (!text.is_empty() && text.chars().all(char::is_alphabetic)).into(),
        "isalnum" => (!text.is_empty() && text.chars().all(char::is_alphanumeric)).into(),
        "removeprefix" => text.strip_prefix(given(0).unwrap_or_default()).unwrap_or(text).into(),
        "removesuffix" => text.strip_suffix(given(0).unwrap_or_default()).unwrap_or(text).into(),
        "count" => given(0).filter(|part| !part.is_empty()).map_or(0, |part| text.matches(part).count()).into(),
        "zfill" => zero_filled(text, args)?.into(),
        "rsplit" => split_from_right(text, args)?,
        "join" => {
            let mut all = args.to_vec();
            all.push(Value::from(text));
            return state.apply_filter("join", &all);
        }
        "title" | "capitalize" | "replace" | "split" => {
            let mut all = vec![Value::from(text)];
            all.extend_from_slice(args);
            return state.apply_filter(method, &all);
        }
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    })
}

/// The widest that a number is filled up to.
const WIDEST: usize = 256;

fn zero_filled(text: &str, args: &[Value]) -> Result<String, Error> {
    let (width,): (usize,) = from_args(args)?;
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let missing = width.min(WIDEST).saturating_sub(text.chars().count());
    Ok(format!("{sign}{}{digits}", "0".repeat(missing)))
}

fn split_from_right(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (by, most): (Option<&str>, Option<usize>) = from_args(args)?;
    let by = by.filter(|by| !by.is_empty()).unwrap_or(" ");
    let mut parts: Vec<&str> = text.rsplitn(most.unwrap_or(usize::MAX - 1).saturating_add(1), by).collect();
    parts.reverse();
    Ok(parts.into_iter().map(Value::from).collect())
}

fn dictionary(map: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    match method {
        "get" => {
            let (key, default): (Value, Option<Value>) = from_args(args)?;
            let found = map.get_item(&key)?;
            Ok(if found.is_undefined() { default.unwrap_or_else(|| Value::from(())) } else { found })
        }
        "keys" => Ok(map.try_iter()?.collect()),
        "values" => map.try_iter()?.map(|key| map.get_item(&key)).collect::<Result<Vec<_>, _>>().map(Value::from),
        "items" => {
            let pair = |key: Value| map.get_item(&key).map(|value| Value::from(vec![key, value]));
            map.try_iter()?.map(pair).collect::<Result<Vec<_>, _>>().map(Value::from)
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn list(list: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    let (wanted,): (Value,) = from_args(args)?;
    match method {
        "count" => Ok(list.try_iter()?.filter(|item| *item == wanted).count().into()),
        "index" => list
            .try_iter()?
            .position(|item| item == wanted)
            .map(Value::from)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the list does not contain it")),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}
