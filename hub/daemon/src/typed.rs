//! What a person types for a value, as the kind that its property takes. Pure.

use hub_model::{PathName, Property, capability::Kind};
use serde_json::Value;

use crate::cli::WrongUse;

/// A text that is not `PATH=VALUE`.
#[derive(Debug, thiserror::Error)]
enum NotASetting {
    /// There is no `=` in it.
    #[error("`{0}` is not PATH=VALUE, such as hall-lamp/brightness.level=30")]
    Form(String),
    /// What stands before it is no path.
    #[error(transparent)]
    Path(#[from] hub_model::path::NotAPath),
}

/// A property's name with its value.
pub(crate) fn pair(property: Property, text: &str) -> (String, Value) {
    (property.to_string(), value(property.known().map(|row| row.kind), text))
}

/// Settings that were typed as arguments.
pub(crate) fn settings(texts: &[String]) -> Result<Vec<(PathName, Value)>, WrongUse> {
    texts.iter().map(|text| setting(text).map_err(|error| WrongUse(error.to_string()))).collect()
}

/// `hall-lamp/brightness.level=30`.
fn setting(text: &str) -> Result<(PathName, Value), NotASetting> {
    let (path, typed) = text.split_once('=').ok_or_else(|| NotASetting::Form(text.to_owned()))?;
    let path: PathName = path.parse()?;
    let value = value(path.property.known().map(|row| row.kind), typed);
    Ok((path, value))
}

/// What a person typed, as the kind that the property takes; of an unknown kind, as what it looks like.
fn value(kind: Option<Kind>, text: &str) -> Value {
    match (kind, text) {
        (Some(Kind::Choice(_) | Kind::Text(_)), _) => return text.into(),
        (Some(Kind::Bool), "on" | "yes") => return true.into(),
        (Some(Kind::Bool), "off" | "no") => return false.into(),
        _ => {}
    }
    match serde_json::from_str(text) {
        Ok(Value::Null | Value::Array(_)) | Err(_) => text.into(),
        Ok(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_typed_value_is_taken_as_the_property_takes_it() {
        let pair = |property: &str, text: &str| pair(property.parse().unwrap(), text).1;
        assert_eq!(pair("brightness.level", "30"), json!(30));
        assert_eq!(pair("thermostat.heating_setpoint", "-2.5"), json!(-2.5));
        assert_eq!(pair("on_off.on", "off"), json!(false));
        assert_eq!(pair("on_off.on", "true"), json!(true));
        assert_eq!(pair("thermostat.mode", "off"), json!("off"));
        assert_eq!(pair("color.value", r#"{"h":120,"s":100}"#), json!({"h": 120, "s": 100}));
        assert_eq!(pair("x.ikea.effect", "blink"), json!("blink"));
        assert_eq!(pair("brightness.level", "bright"), json!("bright"));
    }

    #[test]
    fn a_setting_is_a_path_and_a_value() {
        let (path, value) = setting("wall-switch/2/on_off.on=off").unwrap();
        assert_eq!((path.to_string().as_str(), value), ("wall-switch/2/on_off.on", json!(false)));
        assert!(setting("hall-lamp/on_off.on").is_err());
        assert!(setting("hall-lamp/on_of.on=off").unwrap_err().to_string().contains("did you mean"));
    }
}
