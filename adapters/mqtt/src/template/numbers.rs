//! Numbers in templates: Home Assistant takes texts for numbers wherever it can.

use minijinja::{
    Environment, Error, ErrorKind, Value,
    value::{Kwargs, Rest, ValueKind},
};

type Change = fn(f64) -> f64;

static UNARY: &[(&str, Change)] = &[
    ("sqrt", f64::sqrt),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("asin", f64::asin),
    ("acos", f64::acos),
    ("atan", f64::atan),
];

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("round", round);
    environment.add_filter("is_number", |value: &Value| number_of(value).is_some());
    environment.add_function("is_number", |value: &Value| number_of(value).is_some());
    environment.add_test("is_number", |value: &Value| number_of(value).is_some());
    environment.add_function("float", float);
    environment.add_function("int", int);
    environment.add_filter("multiply", |value: &Value, by: &Value, default: Option<Value>, options: Kwargs| {
        let by = number_of(by).ok_or_else(not_a_number)?;
        changed(value, default.or(options.get("default")?), |number| number * by)
    });
    environment.add_filter("add", |value: &Value, more: &Value, default: Option<Value>, options: Kwargs| {
        let more = number_of(more).ok_or_else(not_a_number)?;
        changed(value, default.or(options.get("default")?), |number| number + more)
    });
    environment.add_filter("log", log);
    environment.add_function("log", log);
    for (name, change) in UNARY {
        let apply = move |value: &Value, default: Option<Value>| changed(value, default, *change);
        environment.add_filter(*name, apply);
        environment.add_function(*name, apply);
    }
    environment.add_filter("bitwise_and", |value: i64, mask: i64| value & mask);
    environment.add_filter("bitwise_or", |value: i64, mask: i64| value | mask);
    environment.add_filter("bitwise_xor", |value: i64, mask: i64| value ^ mask);
    environment.add_filter("average", average);
    environment.add_function("average", average);
    environment.add_filter("median", median);
    environment.add_function("median", median);
    for (name, number) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
    ] {
        environment.add_global(name, number);
    }
}

pub(super) fn not_a_number() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is not a number and no default is given")
}

/// The finite number that a value is or spells.
pub(super) fn number_of(value: &Value) -> Option<f64> {
    let number = match value.kind() {
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::String => value.as_str().and_then(|text| text.trim().parse().ok()),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn changed(value: &Value, default: Option<Value>, change: impl Fn(f64) -> f64) -> Result<Value, Error> {
    let number = number_of(value).map(change).filter(|number| number.is_finite());
    number.map(Value::from).or(default).ok_or_else(not_a_number)
}

fn float(value: &Value, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    number_of(value).map(Value::from).or(default).ok_or_else(not_a_number)
}

fn int(value: &Value, default: Option<Value>, base: Option<u32>, options: Kwargs) -> Result<Value, Error> {
    let default = default.or(options.get("default")?);
    let base = base.or(options.get("base")?).filter(|base| (2..=36).contains(base)).unwrap_or(10);
    let whole = match value.as_str() {
        Some(text) if base != 10 => {
            let digits = text.trim().trim_start_matches("0x").trim_start_matches("0b");
            i64::from_str_radix(digits, base).ok()
        }
        _ => number_of(value).map(|number| number.trunc() as i64),
    };
    whole.map(Value::from).or(default).ok_or_else(not_a_number)
}

fn log(value: &Value, base: Option<&Value>, default: Option<Value>) -> Result<Value, Error> {
    let base = base.map_or(Some(std::f64::consts::E), number_of).ok_or_else(not_a_number)?;
    changed(value, default, |number| number.log(base))
}

/// The numbers of a list, or of the arguments themselves.
fn numbers(values: &[Value]) -> Result<Vec<f64>, Error> {
    let number = |value: &Value| number_of(value).ok_or_else(not_a_number);
    let found = match values {
        [list] if matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) => {
            list.try_iter()?.map(|value| number(&value)).collect::<Result<Vec<_>, _>>()?
        }
        many => many.iter().map(number).collect::<Result<Vec<_>, _>>()?,
    };
    if found.is_empty() { Err(not_a_number()) } else { Ok(found) }
}

fn average(values: Rest<Value>) -> Result<f64, Error> {
    let numbers = numbers(&values)?;
    Ok(numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn median(values: Rest<Value>) -> Result<f64, Error> {
    let mut numbers = numbers(&values)?;
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    Ok(if numbers.len() % 2 == 1 { numbers[middle] } else { f64::midpoint(numbers[middle - 1], numbers[middle]) })
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
