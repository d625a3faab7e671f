//! Values as SQLite keeps them, in as few bytes as they need.
//!
//! | value            | column                                                                        | bytes   |
//! | ---------------- | ----------------------------------------------------------------------------- | ------- |
//! | unknown          | NULL                                                                          | 0       |
//! | a number         | INTEGER, in thousandths, where that is exact (21.57 is 21570); else REAL      | 0 to 8  |
//! | a text or choice | TEXT                                                                          | its own |
//! | false, true      | BLOB of no bytes, BLOB of the byte 1                                          | 0, 1    |
//! | a colour         | BLOB of hue and saturation in hundredths (u16 each) where exact, else two f64 | 4 or 16 |
//!
//! Thousandths, because sensors speak in decimals, which as REAL would take eight bytes each. A truth value is no
//! INTEGER, so that it can't be mistaken for a number.

use hub_model::{Color, Value};
use rusqlite::types::{Null, ToSqlOutput, Value as Owned, ValueRef};

const PER_UNIT: f64 = 1000.0;
const PER_DEGREE: f64 = 100.0;
/// Beyond this, thousandths would not be exact integers of an f64.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The column for a value.
pub(crate) fn encode(value: &Value) -> ToSqlOutput<'_> {
    match value {
        Value::Unknown => ToSqlOutput::from(Null),
        Value::Bool(false) => ToSqlOutput::Borrowed(ValueRef::Blob(&[])),
        Value::Bool(true) => ToSqlOutput::Borrowed(ValueRef::Blob(&[1])),
        Value::Number(number) => ToSqlOutput::Owned(encode_number(*number)),
        Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Color(color) => ToSqlOutput::Owned(Owned::Blob(encode_color(*color))),
    }
}

/// The value in a column; `None` where it holds nothing that [`encode`] writes.
pub(crate) fn decode(column: ValueRef<'_>) -> Option<Value> {
    Some(match column {
        ValueRef::Null => Value::Unknown,
        ValueRef::Integer(thousandths) => Value::Number(thousandths as f64 / PER_UNIT),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => Value::text(std::str::from_utf8(text).ok()?),
        ValueRef::Blob([]) => Value::Bool(false),
        ValueRef::Blob([1]) => Value::Bool(true),
        ValueRef::Blob(bytes) => Value::Color(decode_color(bytes)?),
    })
}

fn encode_number(number: f64) -> Owned {
    if !number.is_finite() {
        return Owned::Null;
    }
    let thousandths = (number * PER_UNIT).round();
    // Compared bit by bit, as minus zero equals zero and is not the same.
    let exact = thousandths.abs() <= EXACT && (thousandths as i64 as f64 / PER_UNIT).to_bits() == number.to_bits();
    if exact { Owned::Integer(thousandths as i64) } else { Owned::Real(number) }
}

fn encode_color(color: Color) -> Vec<u8> {
    let hundredths = |part: f64| {
        let rounded = (part * PER_DEGREE).round();
        let short = (0.0..=f64::from(u16::MAX)).contains(&rounded).then_some(rounded as u16)?;
        ((f64::from(short) / PER_DEGREE).to_bits() == part.to_bits()).then_some(short)
    };
    match (hundredths(color.hue), hundredths(color.saturation)) {
        (Some(hue), Some(saturation)) => [hue.to_le_bytes(), saturation.to_le_bytes()].concat(),
        _ => [color.hue.to_le_bytes(), color.saturation.to_le_bytes()].concat(),
    }
}

fn decode_color(bytes: &[u8]) -> Option<Color> {
    let (hue, saturation) = match bytes.len() {
        4 => {
            let (hue, saturation) = bytes.split_first_chunk()?;
            let short = |part: &[u8; 2]| f64::from(u16::from_le_bytes(*part)) / PER_DEGREE;
            (short(hue), short(saturation.first_chunk()?))
        }
        16 => {
            let (hue, saturation) = bytes.split_first_chunk()?;
            (f64::from_le_bytes(*hue), f64::from_le_bytes(*saturation.first_chunk()?))
        }
        _ => return None,
    };
    Some(Color { hue, saturation })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through(value: &Value) -> Option<Value> {
        match encode(value) {
            ToSqlOutput::Owned(owned) => decode(ValueRef::from(&owned)),
            ToSqlOutput::Borrowed(borrowed) => decode(borrowed),
            _ => None,
        }
    }

    #[test]
    fn what_sensors_say_takes_few_bytes() {
        for (number, column) in [(21.57, 21570), (0.0, 0), (1.0, 1000), (-12.5, -12_500), (1013.25, 1_013_250)] {
            assert_eq!(encode_number(number), Owned::Integer(column));
        }
        assert_eq!(encode_number(0.1 + 0.2), Owned::Real(0.1 + 0.2));
        assert_eq!(encode_color(Color::new(210.0, 75.5)).len(), 4);
    }

    #[test]
    fn a_column_of_another_kind_is_no_value() {
        assert_eq!(decode(ValueRef::Blob(&[2])), None);
        assert_eq!(decode(ValueRef::Text(&[0xff])), None);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Unknown),
            any::<bool>().prop_map(Value::Bool),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Number),
            (-2_000_000i64..2_000_000).prop_map(|cents| Value::Number(cents as f64 / 100.0)),
            any::<String>().prop_map(Value::text),
            (0.0..=360.0, 0.0..=100.0).prop_map(|(hue, saturation)| Value::Color(Color { hue, saturation })),
            (0u16..=36000, 0u16..=10000).prop_map(|(hue, saturation)| {
                Value::Color(Color { hue: f64::from(hue) / 100.0, saturation: f64::from(saturation) / 100.0 })
            }),
        ]
    }

    proptest! {
        #[test]
        fn any_value_comes_back_as_it_was(value in any_value()) {
            prop_assert_eq!(through(&value), Some(value));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>()) {
            let _ = decode(ValueRef::Blob(&bytes));
            let _ = decode(ValueRef::Text(&bytes));
        }
    }
}
