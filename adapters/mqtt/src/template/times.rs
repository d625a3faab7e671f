//! Times in templates. The hub's templates know no time zone of their own: all times are UTC.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, fmt::strtime, tz::TimeZone};
use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Kwargs, Object, ObjectRepr, from_args},
};

use super::numbers::number_of;

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("as_timestamp", as_timestamp);
    environment.add_filter("as_datetime", as_datetime);
    environment.add_filter("as_local", as_datetime);
    environment.add_filter("timestamp_utc", |value: &Value| iso_time(value));
    environment.add_filter("timestamp_local", |value: &Value| iso_time(value));
    environment.add_filter("timestamp_custom", timestamp_custom);
    environment.add_function("as_timestamp", as_timestamp);
    environment.add_function("as_datetime", as_datetime);
    environment.add_function("as_local", as_datetime);
    environment.add_function("strptime", strptime);
    // The clock is the one thing that a template sees beside its message.
    environment.add_function("now", || Value::from_object(Moment(Timestamp::now())));
    environment.add_function("utcnow", || Value::from_object(Moment(Timestamp::now())));
}

/// Python's `datetime`, as far as device templates look at it.
#[derive(Debug, Clone, Copy)]
struct Moment(Timestamp);

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let time = self.0.to_zoned_datetime(TimeZone::UTC);
        Some(match key.as_str()? {
            "year" => Value::from(time.year()),
            "month" => Value::from(time.month()),
            "day" => Value::from(time.day()),
            "hour" => Value::from(time.hour()),
            "minute" => Value::from(time.minute()),
            "second" => Value::from(time.second()),
            "microsecond" => Value::from(time.subsec_nanosecond() / 1000),
            _ => return None,
        })
    }

    fn call_method(self: &Arc<Self>, _state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "strftime" => {
                let (format,): (&str,) = from_args(args)?;
                written(self.0, format).map(Value::from)
            }
            "timestamp" => Ok(Value::from(seconds(self.0))),
            "isoformat" => Ok(Value::from(iso(self.0))),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&iso(self.0).replacen('T', " ", 1))
    }
}

fn not_a_time() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is not a time and no default is given")
}

fn seconds(time: Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}

fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn written(time: Timestamp, format: &str) -> Result<String, Error> {
    strtime::format(format, time).map_err(|_| not_a_time())
}

/// A moment, seconds since 1970, or a time as text.
fn time_of(value: &Value) -> Option<Timestamp> {
    if let Some(moment) = value.downcast_object_ref::<Moment>() {
        return Some(moment.0);
    }
    if let Some(seconds) = number_of(value) {
        return Timestamp::from_millisecond((seconds * 1000.0) as i64).ok();
    }
    let text = value.as_str()?.trim().replacen(' ', "T", 1);
    let zoned = text.parse::<Timestamp>().ok();
    zoned.or_else(|| {
        text.parse::<jiff::civil::DateTime>().ok()?.to_zoned_datetime(TimeZone::UTC).ok().map(|time| time.timestamp())
    })
}

fn as_timestamp(value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    time_of(value).map(|time| Value::from(seconds(time))).or(default).ok_or_else(not_a_time)
}

fn as_datetime(value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    time_of(value).map(|time| Value::from_object(Moment(time))).or(default).ok_or_else(not_a_time)
}

fn iso_time(value: &Value) -> Result<String, Error> {
    time_of(value).map(iso).ok_or_else(not_a_time)
}

fn timestamp_custom(
    value: &Value,
    format: Option<&str>,
    _local: Option<bool>,
    default: Option<Value>,
    options: Kwargs,
) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    let format = format.unwrap_or("%Y-%m-%d %H:%M:%S");
    let text = time_of(value).and_then(|time| written(time, format).ok());
    text.map(Value::from).or(default).ok_or_else(not_a_time)
}

fn strptime(text: &str, format: &str, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    let parsed = strtime::parse(format, text).ok().and_then(|parsed| {
        let zoned = parsed.to_timestamp().ok();
        zoned.or_else(|| parsed.to_datetime().ok()?.to_zoned_datetime(TimeZone::UTC).ok().map(|time| time.timestamp()))
    });
    parsed.map(|time| Value::from_object(Moment(time))).or(default).ok_or_else(not_a_time)
}
