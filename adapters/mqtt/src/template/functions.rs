//! The filters and functions of Home Assistant that Jinja itself lacks.

use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Kwargs, ValueKind},
};

use super::value::{to_jinja, to_json};

/// Adds them to an environment.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("round", round);
    environment.add_filter("truncate", truncate);
    environment.add_filter("is_defined", is_defined);
    environment.add_filter("is_number", |value: &Value| number_of(value).is_some());
    environment.add_filter("iif", iif);
    environment.add_filter("from_json", from_json);
    environment.add_filter("to_json", |value: &Value| to_json(value).to_string());
    environment.add_filter("multiply", |value: &Value, by: f64| with_number(value, |number| number * by));
    environment.add_filter("add", |value: &Value, more: f64| with_number(value, |number| number + more));
    environment.add_filter("sqrt", |value: &Value| with_number(value, f64::sqrt));
    environment.add_filter("bitwise_and", |value: i64, mask: i64| value & mask);
    environment.add_filter("bitwise_or", |value: i64, mask: i64| value | mask);
    environment.add_filter("ord", |text: &str| text.chars().next().map_or(0, u32::from));
    environment.add_filter("as_timestamp", as_timestamp);
    environment.add_filter("timestamp_utc", |value: &Value| iso_time(value));
    environment.add_filter("timestamp_local", |value: &Value| iso_time(value));
    environment.add_filter("timestamp_custom", timestamp_custom);
    environment.add_function("float", |value: &Value, default: Option<Value>| {
        number_of(value).map(Value::from).or(default).ok_or_else(not_a_number)
    });
    environment.add_function("int", |value: &Value, default: Option<Value>| {
        number_of(value).map(|number| Value::from(number.trunc() as i64)).or(default).ok_or_else(not_a_number)
    });
    environment.add_function("bool", |value: &Value| truth_of(value));
    environment.add_function("iif", iif);
    environment.add_function("is_number", |value: &Value| number_of(value).is_some());
    environment.add_function("as_timestamp", as_timestamp);
    environment.add_function("min", |state: &mut State, values: Value| state.apply_filter("min", &[values]));
    environment.add_function("max", |state: &mut State, values: Value| state.apply_filter("max", &[values]));
}

fn not_a_number() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is not a number and no default is given")
}

fn number_of(value: &Value) -> Option<f64> {
    let number = match value.kind() {
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::String => value.as_str().and_then(|text| text.trim().parse().ok()),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn with_number(value: &Value, change: impl Fn(f64) -> f64) -> Result<f64, Error> {
    number_of(value).map(change).ok_or_else(not_a_number)
}

fn truth_of(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => ["1", "true", "yes", "on", "enable"].iter().any(|word| text.eq_ignore_ascii_case(word)),
        None => value.is_true(),
    }
}

/// Home Assistant's `round` takes texts too, and gives a whole number where no decimals are asked for.
fn round(value: &Value, decimals: Option<i32>, method: Option<&str>, options: Kwargs) -> Result<Value, Error> {
    let decimals = match decimals {
        Some(decimals) => decimals,
        None => options.get::<Option<i32>>("precision")?.unwrap_or(0),
    };
    let default = options.get::<Option<Value>>("default")?;
    options.assert_all_used()?;
    let Some(number) = number_of(value) else { return default.ok_or_else(not_a_number) };
    let scale = 10_f64.powi(decimals.clamp(-15, 15));
    let scaled = number * scale;
    let rounded = match method.unwrap_or("common") {
        "floor" => scaled.floor(),
        "ceil" => scaled.ceil(),
        "half" => (scaled * 2.0).round() / 2.0,
        _ => scaled.round_ties_even(),
    } / scale;
    let whole = decimals <= 0 && rounded.fract() == 0.0 && rounded.abs() < 9e15;
    Ok(if whole { Value::from(rounded as i64) } else { Value::from(rounded) })
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

fn from_json(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
        .map(|json| to_jinja(&json))
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

fn as_timestamp(value: &Value, default: Option<Value>) -> Result<Value, Error> {
    if let Some(seconds) = number_of(value) {
        return Ok(Value::from(seconds));
    }
    let time = value.as_str().and_then(|text| text.trim().replacen(' ', "T", 1).parse::<jiff::Timestamp>().ok());
    time.map(|time| Value::from(time.as_millisecond() as f64 / 1000.0)).or(default).ok_or_else(not_a_time)
}

fn not_a_time() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is not a time")
}

fn time_of(value: &Value) -> Result<jiff::Timestamp, Error> {
    let seconds = number_of(value).ok_or_else(not_a_time)?;
    jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64).map_err(|_| not_a_time())
}

/// The hub's templates know no time zone of their own: all times are UTC.
fn iso_time(value: &Value) -> Result<String, Error> {
    time_of(value).map(|time| time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
}

fn timestamp_custom(value: &Value, format: Option<&str>, _local: Option<bool>) -> Result<String, Error> {
    let format = format.unwrap_or("%Y-%m-%d %H:%M:%S");
    jiff::fmt::strtime::format(format, time_of(value)?).map_err(|_| not_a_time())
}
