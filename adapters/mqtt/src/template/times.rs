//! Times in templates: as in Home Assistant, `now()` and whatever says `local` are in the home's time zone, and so is a
//! time that names no zone of its own.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::{Timestamp, ZonedDateTime, fmt::strtime, tz::TimeZone};
use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Kwargs, Object, ObjectRepr, Rest, from_args},
};

use super::numbers::number_of;

/// The home's time zone, as all templates of one book share it. It is UTC until it is set.
#[derive(Debug, Clone)]
pub struct HomeZone(Arc<RwLock<TimeZone>>);

impl Default for HomeZone {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(TimeZone::UTC)))
    }
}

impl HomeZone {
    /// The variable by which a rendering knows it; no template can name it.
    pub(super) const VARIABLE: &'static str = "\u{0}zone";

    /// Moves the home.
    pub fn set(&self, zone: TimeZone) {
        let mut own = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if *own != zone {
            *own = zone;
        }
    }

    fn get(&self) -> TimeZone {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// For a rendering.
    pub(super) fn value(&self) -> Value {
        Value::from_object(self.clone())
    }

    fn of(state: &State<'_, '_>) -> TimeZone {
        let zone = state.lookup(Self::VARIABLE);
        zone.and_then(|zone| zone.downcast_object_ref::<Self>().map(Self::get)).unwrap_or(TimeZone::UTC)
    }
}

impl Object for HomeZone {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("as_timestamp", as_timestamp);
    environment.add_filter("as_datetime", as_datetime);
    environment.add_filter("as_local", as_local);
    environment.add_filter("timestamp_utc", |state: &mut State, value: &Value| iso_in(state, value, TimeZone::UTC));
    environment
        .add_filter("timestamp_local", |state: &mut State, value: &Value| iso_in(state, value, HomeZone::of(state)));
    environment.add_filter("timestamp_custom", timestamp_custom);
    environment.add_function("as_timestamp", as_timestamp);
    environment.add_function("as_datetime", as_datetime);
    environment.add_function("as_local", as_local);
    environment.add_function("strptime", strptime);
    // The clock is the one thing that a template sees beside its message.
    environment.add_function("now", |state: &mut State| {
        Value::from_object(Moment(Timestamp::now().to_zoned_datetime(HomeZone::of(state))))
    });
    environment
        .add_function("utcnow", || Value::from_object(Moment(Timestamp::now().to_zoned_datetime(TimeZone::UTC))));
}

/// Python's `datetime`, as far as device templates look at it.
#[derive(Debug, Clone)]
struct Moment(ZonedDateTime);

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let time = &self.0;
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
                written(&self.0, format).map(Value::from)
            }
            "timestamp" => Ok(Value::from(seconds(&self.0))),
            "isoformat" => Ok(Value::from(iso(&self.0))),
            "weekday" => Ok(Value::from(self.0.weekday().to_monday_zero_offset())),
            "isoweekday" => Ok(Value::from(self.0.weekday().to_monday_one_offset())),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&iso(&self.0).replacen('T', " ", 1))
    }
}

fn not_a_time() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is not a time and no default is given")
}

fn seconds(time: &ZonedDateTime) -> f64 {
    time.timestamp().as_millisecond() as f64 / 1000.0
}

fn iso(time: &ZonedDateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn written(time: &ZonedDateTime, format: &str) -> Result<String, Error> {
    strtime::format(format, time).map_err(|_| not_a_time())
}

/// A moment, seconds since 1970, or a time as text; one with an offset keeps it, one without is the home's.
fn time_of(state: &State<'_, '_>, value: &Value) -> Option<ZonedDateTime> {
    if let Some(moment) = value.downcast_object_ref::<Moment>() {
        return Some(moment.0.clone());
    }
    if let Some(seconds) = number_of(value) {
        return Some(Timestamp::from_millisecond((seconds * 1000.0) as i64).ok()?.to_zoned_datetime(TimeZone::UTC));
    }
    let text = value.as_str()?.trim().replacen(' ', "T", 1);
    if let Ok(pieces) = jiff::fmt::temporal::Pieces::parse(&text)
        && let (Some(offset), Ok(time)) = (pieces.to_numeric_offset(), text.parse::<Timestamp>())
    {
        return Some(time.to_zoned_datetime(TimeZone::fixed(offset)));
    }
    text.parse::<jiff::civil::DateTime>().ok()?.to_zoned_datetime(HomeZone::of(state)).ok()
}

fn as_timestamp(state: &mut State, value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    time_of(state, value).map(|time| Value::from(seconds(&time))).or(default).ok_or_else(not_a_time)
}

fn as_datetime(state: &mut State, value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    time_of(state, value).map(|time| Value::from_object(Moment(time))).or(default).ok_or_else(not_a_time)
}

fn as_local(state: &mut State, value: &Value) -> Result<Value, Error> {
    let time = time_of(state, value).ok_or_else(not_a_time)?;
    Ok(Value::from_object(Moment(time.with_time_zone(HomeZone::of(state)))))
}

fn iso_in(state: &State<'_, '_>, value: &Value, zone: TimeZone) -> Result<String, Error> {
    time_of(state, value).map(|time| iso(&time.with_time_zone(zone))).ok_or_else(not_a_time)
}

/// `timestamp_custom(format="%Y-%m-%d %H:%M:%S", local=True, default)`.
fn timestamp_custom(state: &mut State, value: &Value, given: Rest<Value>) -> Result<Value, Error> {
    let (format, local, default, options): (Option<&str>, Option<bool>, Option<Value>, Kwargs) = from_args(&given)?;
    let (default, local) = (default.or(options.get("default")?), local.or(options.get("local")?).unwrap_or(true));
    let zone = if local { HomeZone::of(state) } else { TimeZone::UTC };
    let format = format.unwrap_or("%Y-%m-%d %H:%M:%S");
    let text = time_of(state, value).and_then(|time| written(&time.with_time_zone(zone), format).ok());
    text.map(Value::from).or(default).ok_or_else(not_a_time)
}

fn strptime(
    state: &mut State,
    text: &str,
    format: &str,
    default: Option<Value>,
    options: Kwargs,
) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    let parsed = strtime::parse(format, text).ok().and_then(|parsed| {
        let zoned = parsed.to_zoned_datetime().ok();
        zoned.or_else(|| parsed.to_datetime().ok()?.to_zoned_datetime(HomeZone::of(state)).ok())
    });
    parsed.map(|time| Value::from_object(Moment(time))).or(default).ok_or_else(not_a_time)
}
