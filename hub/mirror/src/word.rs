//! Values as words of messages, and back.

use hub_model::{PropertyOffer, Shape, Value};

/// What a value is called in a message; `None` while nobody knows it.
pub(crate) fn spoken(value: &Value) -> Option<String> {
    match value {
        Value::Unknown => None,
        Value::Color(color) => Some(format!("{},{}", color.hue, color.saturation)),
        other => Some(other.to_string()),
    }
}

/// The value that a word means for a property; `None` where it means none.
pub(crate) fn meant(offer: &PropertyOffer, word: &str) -> Option<Value> {
    let word = word.trim();
    match &offer.shape {
        Shape::Bool => match word.to_ascii_lowercase().as_str() {
            "true" | "on" | "1" => Some(Value::Bool(true)),
            "false" | "off" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Shape::Number(_) => word.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Number),
        Shape::Choice(_) | Shape::Text(_) => Some(Value::text(word)),
        Shape::Color => {
            let (hue, saturation) = word.split_once(',')?;
            let color = hub_model::Color { hue: hue.trim().parse().ok()?, saturation: saturation.trim().parse().ok()? };
            color.is_sound().then_some(Value::Color(color))
        }
    }
}

#[cfg(test)]
mod tests {
    use hub_model::capability::{brightness, color, covering, on_off, thermostat};

    use super::*;

    #[test]
    fn values_go_out_as_words_and_come_back() {
        for (spec, value, word) in [
            (&on_off::ON, Value::Bool(true), "true"),
            (&brightness::LEVEL, Value::Number(30.5), "30.5"),
            (&covering::POSITION, Value::Number(40.0), "40"),
            (&thermostat::MODE, Value::text("heat"), "heat"),
            (&color::VALUE, Value::Color(hub_model::Color::new(210.0, 75.0)), "210,75"),
        ] {
            assert_eq!(spoken(&value).as_deref(), Some(word));
            assert_eq!(meant(&PropertyOffer::new(spec), word), Some(value), "{word}");
        }
        assert_eq!(spoken(&Value::Unknown), None);
        assert_eq!(meant(&PropertyOffer::new(&brightness::LEVEL), "NaN"), None);
        assert_eq!(meant(&PropertyOffer::new(&on_off::ON), "maybe"), None);
    }
}
