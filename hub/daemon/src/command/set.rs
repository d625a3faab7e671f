//! `hub set`.

use hub_model::{PathName, Property, capability::Kind, property::NoSuchName};
use serde_json::{Value, json};

use crate::{
    cli::{Ending, WrongUse},
    client::{Which, ask},
    output::Output,
};

/// Set a property: `hub set hall-lamp/brightness.level 30`. Exits 0 when the device did it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where: handle/property, or handle/endpoint/property.
    #[arg(value_name = "PATH")]
    path: PathName,
    /// What: true, false, a number, a word, or {"h":120,"s":100}.
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// More of the same endpoint, sent as one command: `color_temperature.kelvin=2700`.
    #[arg(long = "also", value_name = "PROPERTY=VALUE")]
    also: Vec<String>,
    /// Over how many seconds.
    #[arg(long, value_name = "SECONDS")]
    transition: Option<f64>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let PathName { handle, endpoint, property } = args.path;
    let mut set = vec![pair(property, &args.value)];
    for more in &args.also {
        let wrong = || WrongUse(format!("`{more}` is not PROPERTY=VALUE"));
        let (property, value) = more.split_once('=').ok_or_else(wrong)?;
        set.push(pair(property.parse().map_err(|error: NoSuchName| WrongUse(error.to_string()))?, value));
    }
    let client = args.which.client()?;
    let told = ask::control(&client, handle.as_str(), endpoint.as_str(), set, None, args.transition).await?;
    if args.output.json {
        println!("{}", json!({ "outcome": told.outcome, "reason": told.reason }));
    } else {
        println!("{}", told.words());
    }
    Ok(Ending::of(ask::is_good(&told.outcome)))
}

fn pair(property: Property, text: &str) -> (String, Value) {
    (property.to_string(), value(property.known().map(|row| row.kind), text))
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
}
